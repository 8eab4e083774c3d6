// Owns writing a message: the field, the photos beside it, the message that it answers, and sharing a place.

import { shrink, thumb } from "./photos.js";
import { whenStill } from "./still.js";
import { element, icon } from "./text.js";
import { say } from "./words.js";

const FILES_AT_MOST = 5;
const MEGABYTE = 1024 * 1024;
const BYTES_AT_MOST = 10 * MEGABYTE;
/** Pictures are made smaller first. */
const PICTURE_BYTES_AT_MOST = 40 * MEGABYTE;
const LETTERS_AT_MOST = 4000;

export class Composer {
  /** send(body, shown, files) is called with each message. */
  constructor(part, button, role, send) {
    Object.assign(this, { part, button, send, draftKey: `ventanilla.${role}.draft`, files: [], answered: null });
    part("composer").addEventListener("submit", (event) => (event.preventDefault(), this.submit()));
    part("field").addEventListener("keydown", (event) => this.#key(event));
    part("field").addEventListener("input", () => this.#grow());
    part("composer").addEventListener("keydown", (event) => event.key === "Escape" && this.#escape());
    button("more").addEventListener("click", () => this.#more(part("more").hidden));
    button("unreply").addEventListener("click", () => (this.answer(null), this.focus()));
    button("place").addEventListener("click", () => (this.#more(false), this.sharePlace(null)));
    for (const kind of ["camera", "file"]) {
      button(kind).addEventListener("click", () => part(kind).click());
      part(kind).addEventListener("change", () => this.#pick(part(kind)));
    }
    part("field").value = kept(this.draftKey);
    this.#grow();
  }

  focus() {
    this.part("field").focus();
  }

  /** Answer one message, or (null) none. */
  answer(entry) {
    this.answered = entry;
    this.part("reply").hidden = !entry;
    this.part("reply-words").textContent = entry ? `${say("answering")}: ${short(entry.text)}` : "";
    if (entry) this.focus();
  }

  submit() {
    const field = this.part("field");
    const text = field.value.trim();
    if (!text && !this.files.length) return this.focus();
    const body = {};
    if (text) body.text = text;
    if (this.answered) body.reply_to = this.answered.id;
    const thumbs = this.files.map((each) => each.thumb).filter(Boolean);
    const shown = { text: text || this.#nameOfFiles(thumbs), thumbs, quote: this.answered ? short(this.answered.text) : null };
    const files = this.files.map(({ name, blob }) => ({ name, blob }));
    field.value = "";
    this.hint("");
    this.files = [];
    this.#showTray();
    this.answer(null);
    this.#more(false);
    this.#grow();
    this.send(body, shown, files);
  }

  /** Send where the telephone is, or say how else to tell it. */
  sharePlace(button) {
    const done = () => button && (button.disabled = false);
    const refused = () => (done(), this.hint(say("place_refused")), this.focus());
    if (!window.isSecureContext || !navigator.geolocation) return refused();
    if (button) button.disabled = true;
    this.hint(say("place_looking"));
    navigator.geolocation.getCurrentPosition(
      ({ coords: { latitude, longitude } }) => {
        done();
        this.hint("");
        this.send({ latitude, longitude }, { text: say("place_sent") }, []);
      },
      refused,
      { enableHighAccuracy: true, timeout: 15000, maximumAge: 60000 },
    );
  }

  hint(text, isProblem = false) {
    whenStill(() => {
      this.part("hint").textContent = text;
      this.part("hint").classList.toggle("problem", isProblem);
    });
  }

  #key(event) {
    // While an accent or a word is being composed, Enter belongs to the keyboard.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.submit();
  }

  #grow() {
    const field = this.part("field");
    keep(this.draftKey, field.value);
    const left = LETTERS_AT_MOST - field.value.length;
    if (left < 200 || this.isCounting) this.hint(left < 200 ? say("too_long", { n: left }) : "");
    this.isCounting = left < 200;
    field.style.height = "auto";
    field.style.height = `${field.scrollHeight + field.offsetHeight - field.clientHeight}px`;
  }

  #more(isOpen) {
    this.part("more").hidden = !isOpen;
    this.button("more").setAttribute("aria-expanded", String(isOpen));
    if (isOpen) [...this.part("more").children].find((each) => each.offsetParent)?.focus();
  }

  #escape() {
    if (!this.part("more").hidden) {
      this.#more(false);
      this.button("more").focus();
    } else if (this.answered) {
      this.answer(null);
      this.focus();
    }
  }

  async #pick(input) {
    const files = [...input.files];
    input.value = "";
    this.#more(false);
    this.hint(say("preparing"));
    const problems = [];
    for (const file of files) {
      const problem = await this.#add(file);
      if (problem && !problems.includes(problem)) problems.push(problem);
    }
    this.hint(problems.join(" "), problems.length > 0);
    this.focus();
  }

  /** Put a file into the tray as it will be sent; or say why it cannot be. */
  async #add(file) {
    const { name } = file;
    const isPicture = file.type.startsWith("image/");
    if (this.files.length >= FILES_AT_MOST) return say("too_many", { n: FILES_AT_MOST });
    if (!isPicture && !file.type.startsWith("audio/") && file.type !== "application/pdf") return say("wrong_kind", { name });
    const blob = file.size > PICTURE_BYTES_AT_MOST ? file : await shrink(file);
    const size = Math.ceil(blob.size / MEGABYTE);
    if (blob.size > BYTES_AT_MOST) return isPicture ? say("too_large_photo", { name, size }) : say("too_large", { name, size });
    this.files.push({ name, blob, thumb: await thumb(blob) });
    this.#showTray();
    return null;
  }

  #showTray() {
    whenStill(() => {
      const tray = this.part("tray");
      tray.hidden = !this.files.length;
      tray.replaceChildren(...this.files.map((each) => this.#inTray(each)));
    });
  }

  #inTray(each) {
    const { name, thumb: url } = each;
    const remove = () => {
      this.files = this.files.filter((other) => other !== each);
      this.#showTray();
      this.focus();
    };
    const button = element("button", { type: "button", class: "round", "aria-label": say("remove", { name }), click: remove });
    button.append(icon("cross"));
    const picture = url ? element("img", { src: url, alt: name }) : element("span", { class: "name" }, name);
    return element("li", {}, picture, button);
  }

  #nameOfFiles(thumbs) {
    if (!this.files.length) return "";
    if (thumbs.length === this.files.length) return say("photo_sent");
    return `${say("file_sent")} ${this.files.map((each) => each.name).join(", ")}`;
  }
}

const short = (text) => (text.length > 90 ? `${text.slice(0, 90)}…` : text).replaceAll("**", "");

function keep(key, text) {
  try {
    if (text) sessionStorage.setItem(key, text);
    else sessionStorage.removeItem(key);
  } catch {
    // A draft that is not kept is no loss worth a word.
  }
}

function kept(key) {
  try {
    return sessionStorage.getItem(key) ?? "";
  } catch {
    return "";
  }
}
