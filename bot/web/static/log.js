// Owns the conversation on screen: its order, its days, and where it is scrolled to.

import { bubble, lookOf, refresh } from "./bubbles.js";
import { fold } from "./fold.js";
import { whenStill } from "./still.js";
import { element } from "./text.js";
import { dateOf, dayOf, say } from "./words.js";

/** As near to the end as counts as being there, in pixels. */
const NEAR = 32;
/** What comes so soon after each other is one answer, in however many bubbles. */
const ANSWER_MS = 3000;
/** Left free above the first line of an answer and below its last, in pixels. */
const ABOVE = 8;
const BELOW = 12;
/** Less than this below the edge of the screen is seen to go on, and needs no button that says so. */
const A_LITTLE = 80;

export class Log {
  constructor(place, newest, act) {
    this.place = place;
    this.newest = newest;
    this.act = act;
    this.rows = new Map();
    this.isFilled = false;
    /** Whether the end stays in view, whatever comes or changes its height. */
    this.follows = true;
    /** Where we scrolled to ourselves; null once its reader has moved. */
    this.put = 0;
    this.writing = element("p", { class: "writing", "aria-hidden": "true", hidden: true }, say("writing"));
    newest.addEventListener("click", () => this.toEnd());
    place.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    // The keyboard of a telephone takes half of the screen: what was in view stays in view.
    const keepUp = () => this.follows && this.toEnd();
    new ResizeObserver(() => whenStill(keepUp)).observe(place);
  }

  show(entries, isWriting) {
    const fresh = this.#arrange(entries);
    this.writing.hidden = !isWriting;
    this.#fade(entries);
    for (const row of fresh) fold(row, this.place.clientHeight - ABOVE - BELOW);
    if (!this.isFilled) this.#begin(entries);
    else if (fresh.length) this.#reveal(entries);
    else if (this.follows) this.toEnd();
  }

  toEnd() {
    this.#offer(false);
    this.follows = true;
    this.#scroll(this.place.scrollHeight);
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
        wanted.push(this.#day(today, entry.at, wanted.length, used));
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
  #day(day, at, place, used) {
    const key = `day ${day} ${place}`;
    const row = this.rows.get(key)?.row ?? element("p", { class: "day", "data-date": dateOf(at) }, day);
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
  #begin(entries) {
    this.isFilled = true;
    this.#showAnswer(entries);
    setTimeout(() => this.place.setAttribute("aria-live", "polite"), 200);
  }

  #reveal(entries) {
    const isElsewhere = !this.follows && this.put === null;
    if (isElsewhere && entries[entries.length - 1].from !== "me") this.#offer(true);
    else this.#showAnswer(entries);
  }

  /** All of the last answer, or its beginning where there is no room for all: what matters most is said first. */
  #showAnswer(entries) {
    const { row } = this.rows.get(beginning(entries).id);
    this.#offer(false);
    const below = this.place.scrollHeight - row.offsetTop + ABOVE - this.place.clientHeight;
    if (below <= 0 || entries[entries.length - 1].from === "me") {
      this.toEnd();
      return;
    }
    this.#offer(below >= A_LITTLE);
    this.follows = false;
    this.#scroll(row.offsetTop - ABOVE);
  }

  #scroll(top) {
    this.place.scrollTop = top;
    this.put = this.place.scrollTop;
  }

  #scrolled() {
    if (this.put !== null && Math.abs(this.place.scrollTop - this.put) < 2) return;
    this.put = null;
    this.follows = this.place.scrollHeight - this.place.scrollTop - this.place.clientHeight < NEAR;
    // There it leads no further. Its room stays: the last buttons would jump away just as they come into reach.
    if (this.follows) this.newest.classList.add("spent");
  }

  /** The button that leads to the end, or neither it nor its room. */
  #offer(isOffered) {
    this.newest.hidden = !isOffered;
    this.newest.classList.remove("spent");
  }
}

/** The first entry of the last answer. */
function beginning(entries) {
  let at = entries.length - 1;
  while (at > 0 && entries[at - 1].from !== "me" && entries[at].at - entries[at - 1].at < ANSWER_MS) at -= 1;
  return entries[at];
}
