// Owns the way of messages between this browser and the server: in order, each until it is taken, none twice.

import * as wire from "./wire.js";
import { facts, say } from "./words.js";

const LONGEST_WAIT_SECONDS = 30;
const WRITING_SECONDS = 15;
/** A message on which the server fails so often is given up, so that those after it can go. */
const BROKEN_AT_MOST = 6;
/** A page that nobody looks at stops asking after this, to spare the battery and the data plan. */
const UNSEEN_SECONDS = 300;

export class Postman extends EventTarget {
  constructor(keeper) {
    super();
    this.keeper = keeper;
    /** Files of messages that are not sent yet, by message. They do not outlive the page. */
    this.files = new Map();
    this.isSending = false;
    this.isAsking = false;
    this.failures = 0;
    this.timer = null;
    this.leaving = null;
    this.wait = 0;
    this.trouble = null;
    this.isWriting = false;
  }

  start() {
    if (navigator.onLine === false) this.#trouble("offline");
    window.addEventListener("online", () => this.retry());
    window.addEventListener("offline", () => this.#trouble("offline"));
    document.addEventListener("visibilitychange", () => this.#watch());
    this.retry();
  }

  /** Send a message: `body` goes to the server, `shown` is what its author sees of it; files: {name, blob} each. */
  say(body, shown, files = []) {
    const id = newId();
    const entry = {
      id, from: "me", at: Date.now(), state: this.timer ? "failed" : "sending", files: files.length, ...shown,
      body: { ...body, id, language: facts.language },
    };
    if (files.length) this.files.set(id, files);
    this.keeper.update((state) => state.entries.push(entry));
    this.#flush();
  }

  /** Try now what could not be sent, and ask for mail. */
  retry() {
    clearTimeout(this.timer);
    this.timer = null;
    this.failures = 0;
    this.#flush();
    this.ask();
  }

  /** Delete the chat here and on the server. False if the server could not be reached. */
  async forget() {
    const { token } = this.keeper.read();
    this.#stop();
    let isForgotten = true;
    try {
      if (token) await wire.forget(token);
    } catch {
      isForgotten = false;
    }
    this.files.clear();
    this.keeper.clear();
    // The next chat asks with its own token, not after this one's question has run out.
    this.leaving?.abort();
    return isForgotten;
  }

  /** Ask for mail as long as the page is looked at. */
  async ask() {
    if (this.isAsking) return;
    this.isAsking = true;
    let failures = 0;
    for (;;) {
      const { token, after } = this.keeper.read();
      if (!token || this.isUnseen) break;
      this.leaving = new AbortController();
      try {
        this.#take(token, await wire.mail(token, after, this.leaving.signal));
        failures = 0;
        if (!this.failures) this.#trouble(null);
      } catch (error) {
        if (error.kind === "stranger") this.#renew(token);
        if (error.kind === "refused") break;
        failures += 1;
        // One lost call is common on a telephone and worth no alarm.
        if (failures > 1 && error.kind !== "wait" && error.kind !== "stranger" && !this.leaving.signal.aborted) this.#trouble(error.kind);
        if (!this.leaving.signal.aborted) await sleep(error.seconds ?? backoff(failures));
      }
    }
    this.isAsking = false;
  }

  async #flush() {
    if (this.isSending || this.timer) return;
    this.isSending = true;
    let next;
    while ((next = this.keeper.read().entries.find((entry) => entry.from === "me" && entry.body))) {
      if (!(await this.#deliver(next))) break;
    }
    this.isSending = false;
  }

  /** Whether the next message may go. */
  async #deliver(entry) {
    let at;
    try {
      const token = await this.#token();
      ({ at } = await wire.send(token, await this.#withFiles(entry, token)));
    } catch (error) {
      return this.#fail(entry, error);
    }
    this.files.delete(entry.id);
    // A telephone's clock may be wrong: the conversation shows the counter's time on both sides.
    this.keeper.mark(entry.id, { state: "sent", body: undefined, at: Date.parse(at) || entry.at });
    this.failures = 0;
    this.#trouble(null);
    this.#expect();
    this.ask();
    return true;
  }

  #fail(entry, error) {
    this.failures += 1;
    const isRefused = error.kind === "refused";
    const isHopeless = isRefused || !(error instanceof wire.WireError);
    if (isHopeless || (error.kind === "broken" && this.failures >= BROKEN_AT_MOST)) {
      this.keeper.mark(entry.id, { state: "refused", isOurs: !isRefused, body: undefined });
      this.files.delete(entry.id);
      this.failures = 0;
      return true;
    }
    if (error.kind === "stranger" && this.failures < BROKEN_AT_MOST) {
      this.#renew(this.keeper.read().token);
      return true;
    }
    const seconds = error.seconds ?? backoff(this.failures);
    this.keeper.mark(entry.id, { state: error.kind === "wait" ? "wait" : "failed", seconds });
    if (error.kind !== "wait") this.#stuck(error.kind);
    this.timer = setTimeout(() => {
      this.timer = null;
      this.#flush();
    }, seconds * 1000);
    return false;
  }

  /** What waits behind a message that does not go is not on its way either. */
  #stuck(trouble) {
    this.keeper.update((state) => {
      for (const each of state.entries) if (each.from === "me" && each.body) each.state = "failed";
    });
    this.#trouble(trouble);
  }

  /** The server does not know this chat (its database is another one): go on with a new one; what was said stays to be read. */
  #renew(token) {
    if (!token || this.keeper.read().token !== token) return;
    this.keeper.update((state) => {
      for (const entry of state.entries.filter((each) => each.from === "them")) {
        Object.assign(entry, { id: `past ${token.slice(0, 6)} ${entry.id}`, isLocal: true, choices: [], controls: [], wantsPlace: false });
      }
      const at = Date.now();
      state.entries.push({ id: `renewed ${at}`, from: "note", at, text: say("renewed") });
      Object.assign(state, { token: null, after: 0 });
    });
    this.dispatchEvent(new Event("renewed"));
  }

  async #token() {
    const { token } = this.keeper.read();
    if (token) return token;
    const made = await wire.open();
    this.keeper.update((state) => (state.token ??= made));
    return this.keeper.read().token;
  }

  async #withFiles(entry, token) {
    if (!entry.files) return entry.body;
    const uploads = entry.body.attachments ?? [];
    const unsent = entry.unsent ?? [];
    const files = this.files.get(entry.id);
    // The page was closed meanwhile: the words go all the same.
    if (!files && uploads.length + unsent.length < entry.files) unsent.push(say("refused_photo"));
    for (const { name, blob } of (files ?? []).slice(uploads.length + unsent.length)) {
      try {
        uploads.push(await wire.upload(token, blob));
      } catch (error) {
        if (error.kind !== "refused") throw error;
        // One that is not taken keeps no other from going.
        unsent.push(error.status === 413 ? say("unsent_large", { name }) : say("unsent_kind", { name }));
      }
      // What is uploaded is not uploaded again when the next step fails.
      this.keeper.mark(entry.id, { body: { ...entry.body, attachments: uploads }, unsent });
    }
    if (unsent.length) this.keeper.mark(entry.id, { unsent, files: uploads.length + unsent.length });
    if (!uploads.length && !entry.body.text) throw new wire.WireError("refused");
    return { ...entry.body, attachments: uploads };
  }

  #take(token, mail) {
    if (!mail.length) return;
    this.#quiet();
    this.keeper.update((state) => {
      // The chat was deleted, or another tab took this mail, while it was on its way.
      if (state.token !== token) return;
      for (const each of mail.filter((one) => one.id > state.after)) {
        state.entries.push({
          id: each.reply_id, from: "them", at: Date.parse(each.created_at), text: each.text, choices: each.choices,
          controls: each.controls, wantsPlace: each.wants_place, media: each.media,
        });
      }
      state.after = Math.max(state.after, ...mail.map((each) => each.id));
    });
    this.dispatchEvent(new Event("mail"));
  }

  #expect() {
    clearTimeout(this.writing);
    this.isWriting = true;
    this.writing = setTimeout(() => this.#quiet(), WRITING_SECONDS * 1000);
    this.dispatchEvent(new Event("writing"));
  }

  #quiet() {
    clearTimeout(this.writing);
    this.isWriting = false;
    this.dispatchEvent(new Event("writing"));
  }

  #stop() {
    clearTimeout(this.timer);
    this.timer = null;
    this.failures = 0;
    this.leaving?.abort();
    this.#quiet();
  }

  #watch() {
    clearTimeout(this.unseen);
    if (document.hidden) {
      this.unseen = setTimeout(() => {
        this.isUnseen = true;
        this.leaving?.abort();
      }, UNSEEN_SECONDS * 1000);
      return;
    }
    this.isUnseen = false;
    this.retry();
  }

  #trouble(trouble) {
    if (trouble === this.trouble) return;
    this.trouble = trouble;
    this.dispatchEvent(new Event("trouble"));
  }
}

/** A UUID, also where the page is not on https and the browser makes none. */
function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

const backoff = (failures) => Math.min(LONGEST_WAIT_SECONDS, 2 ** (failures - 1)) * (0.75 + Math.random() / 2);

const sleep = (seconds) =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, seconds * 1000);
    window.addEventListener("online", () => (clearTimeout(timer), resolve()), { once: true });
  });
