// Owns the conversation on screen: its order, its days, and where it is scrolled to.

import { bubble, lookOf, refresh } from "./bubbles.js";
import { element } from "./text.js";
import { dayOf, say } from "./words.js";

/** As near to the end as counts as being there, in pixels. */
const NEAR = 90;

export class Log {
  constructor(place, newest, act) {
    this.place = place;
    this.newest = newest;
    this.act = act;
    this.rows = new Map();
    this.isFilled = false;
    this.writing = element("p", { class: "writing", "aria-hidden": "true", hidden: true }, say("writing"));
    newest.addEventListener("click", () => this.toEnd());
    place.addEventListener("scroll", () => (newest.hidden = newest.hidden || this.#isAtEnd()), { passive: true });
    // The keyboard of a telephone takes half of the screen: what was in view stays in view.
    new ResizeObserver(() => this.wasAtEnd && this.toEnd()).observe(place);
    place.addEventListener("scroll", () => (this.wasAtEnd = this.#isAtEnd()), { passive: true });
  }

  show(entries, isWriting) {
    const wasAtEnd = this.#isAtEnd();
    const fresh = this.#arrange(entries);
    this.writing.hidden = !isWriting;
    this.#fade(entries);
    if (!this.isFilled) this.#begin();
    else if (fresh.length) this.#reveal(fresh, wasAtEnd, entries[entries.length - 1]);
    else if (wasAtEnd) this.toEnd();
  }

  toEnd() {
    this.place.scrollTop = this.place.scrollHeight;
    this.newest.hidden = true;
    this.wasAtEnd = true;
  }

  /** Put the rows in order, making only what is new or looks different; returns the new ones. */
  #arrange(entries) {
    const fresh = [];
    const wanted = [];
    const used = new Map();
    let day = "";
    for (const entry of entries) {
      const today = dayOf(entry.at);
      if (today !== day && entry.from !== "note") {
        day = today;
        wanted.push(this.#day(today, wanted.length, used));
      }
      const known = this.rows.get(entry.id);
      const row = known?.row ?? bubble(entry, this.act);
      if (known && known.look !== lookOf(entry)) refresh(row, entry, this.act);
      used.set(entry.id, { row, look: lookOf(entry) });
      wanted.push(row);
      if (!known) fresh.push(row);
    }
    for (const [key, { row }] of this.rows) if (!used.has(key)) row.remove();
    this.rows = used;
    [...wanted, this.writing].forEach((row, at) => {
      if (this.place.children[at] !== row) this.place.insertBefore(row, this.place.children[at] ?? null);
    });
    return fresh;
  }

  /** A clock that was set may bring a day twice: each stands at its own place. */
  #day(day, place, used) {
    const key = `day ${day} ${place}`;
    const row = this.rows.get(key)?.row ?? element("p", { class: "day" }, day);
    used.set(key, { row });
    return row;
  }

  /** Old buttons stay, but no longer call for attention. */
  #fade(entries) {
    const asks = (entry) => entry.choices?.length || entry.controls?.length || entry.wantsPlace;
    const current = [...entries].reverse().find(asks)?.id;
    for (const [key, { row }] of this.rows) row.classList.toggle("old", key !== current);
  }

  /** The history is not read aloud: only what comes from now on. */
  #begin() {
    this.isFilled = true;
    this.toEnd();
    setTimeout(() => this.place.setAttribute("aria-live", "polite"), 200);
  }

  #reveal(fresh, wasAtEnd, last) {
    if (last.from === "me") return this.toEnd();
    if (!wasAtEnd) return void (this.newest.hidden = false);
    const height = this.place.scrollHeight - fresh[0].offsetTop;
    if (height <= this.place.clientHeight) return this.toEnd();
    // Longer than the screen: begin at its first line, not at its last.
    this.place.scrollTop = fresh[0].offsetTop - 8;
    this.newest.hidden = false;
  }

  #isAtEnd() {
    return this.place.scrollHeight - this.place.scrollTop - this.place.clientHeight < NEAR;
  }
}
