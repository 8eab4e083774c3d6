// Owns one phone of the page: puts its parts together. Knows where each element is.

import { Composer } from "./composer.js";
import { Keeper } from "./keeper.js";
import { Log } from "./log.js";
import { Postman } from "./postman.js";
import { whenStill } from "./still.js";
import { demoInvitation } from "./wire.js";
import { facts, say } from "./words.js";

const BACK_SECONDS = 4;

export class Phone {
  constructor(root) {
    this.root = root;
    this.role = root.dataset.role;
    this.part = (name) => root.querySelector(`[data-part="${name}"]`);
    this.button = (name) => root.querySelector(`[data-do="${name}"]`);
    this.keeper = new Keeper(this.role);
    this.postman = new Postman(this.keeper);
    const send = (...message) => this.postman.say(...message);
    this.composer = new Composer(this.part, this.button, this.role, send);
    this.log = new Log(this.part("log"), this.part("newest"), {
      choose: (choice) => send({ choice: choice.id }, { text: choice.label }),
      place: (button) => this.composer.sharePlace(button),
      reply: (entry) => this.composer.answer(entry),
      retry: () => this.postman.retry(),
    });
    this.notes = [];
    this.#listen();
  }

  start() {
    const show = () => this.#show();
    const banner = () => this.#banner();
    this.keeper.addEventListener("change", () => whenStill(show));
    this.postman.addEventListener("writing", () => whenStill(show));
    this.postman.addEventListener("trouble", () => whenStill(banner));
    this.postman.addEventListener("renewed", () => this.#enterDemo());
    if (!this.keeper.isKept) this.#note(say("not_kept"));
    this.#show();
    this.postman.start();
    this.#enter();
  }

  /** An official comes in with the code of an invitation: from the address, or from the demo. */
  async #enter() {
    if (this.role !== "official") return;
    const query = new URLSearchParams(location.search);
    const code = query.get("invite");
    if (code) {
      query.delete("invite");
      query.set("role", "official");
      // The code is worth a role: it does not stay in the address or the history.
      history.replaceState(null, "", `${location.pathname}?${query}`);
      this.#present(code);
    } else if (!this.keeper.read().entries.length) {
      await this.#enterDemo();
    }
  }

  async #enterDemo() {
    if (this.role !== "official" || !facts.isDemo) return;
    try {
      this.#present(await demoInvitation());
    } catch {
      this.#note(say("demo_failed"));
    }
  }

  #present(code) {
    this.postman.say({ text: `/start inv_${code}` }, { text: say("used_invitation") });
  }

  #show() {
    const { entries } = this.keeper.read();
    const shown = entries.length ? [...entries] : [this.#welcome()];
    shown.push(...this.notes);
    this.log.show(shown, this.postman.isWriting);
  }

  #welcome() {
    this.welcomedAt ??= Date.now();
    const text = say(`welcome_${this.role}`);
    return { id: "welcome", from: "them", isLocal: true, at: this.welcomedAt, text, choices: [{ id: "/start", label: say("start") }] };
  }

  #note(text) {
    this.notes = [{ id: `note ${text}`, from: "note", at: Date.now(), text }];
    whenStill(() => this.#show());
  }

  #banner() {
    const banner = this.part("banner");
    const { trouble } = this.postman;
    clearTimeout(this.back);
    banner.classList.toggle("good", !trouble);
    banner.textContent = say(trouble === "broken" ? "away" : (trouble ?? "back"));
    const clear = () => !this.postman.trouble && (banner.textContent = "");
    if (!trouble) this.back = setTimeout(() => whenStill(clear), BACK_SECONDS * 1000);
  }

  #listen() {
    const options = this.root.querySelector("details.options");
    const close = () => (options.open = false);
    this.button("restart").addEventListener("click", () => {
      close();
      this.postman.say({ choice: "/menu" }, { text: this.button("restart").textContent });
    });
    this.button("forget").addEventListener("click", () => (close(), this.#askToForget()));
    document.addEventListener("click", (event) => options.contains(event.target) || close());
    this.root.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !options.open) return;
      close();
      options.querySelector("summary").focus();
    });
  }

  #askToForget() {
    const dialog = this.part("dialog");
    if (!dialog.showModal) {
      if (confirm(dialog.textContent.trim())) this.#forget();
      return;
    }
    dialog.returnValue = "no";
    dialog.addEventListener("close", () => dialog.returnValue === "yes" && this.#forget(), { once: true });
    dialog.showModal();
  }

  async #forget() {
    this.notes = [];
    const isForgotten = await this.postman.forget();
    this.#note(say(isForgotten ? "forgotten" : "forget_failed"));
    this.composer.focus();
    this.#enter();
  }
}
