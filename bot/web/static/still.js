// Owns the moment of a press: what would move the page waits until it is over, so that a press hits what it was aimed at.

/** From a finger's leaving to the click that comes of it, in milliseconds: a slow telephone takes its time. */
const CLICK_MS = 400;
/** However long a press takes, what waits for it is shown then: no press holds up the conversation. */
const LONGEST_MS = 5000;

const waiting = new Set();
/** Runs as long as something is pressed. */
let timer = null;

/** Do this now, or after the press; of one and the same function, once. */
export function whenStill(move) {
  if (timer === null) move();
  else waiting.add(move);
}

function over() {
  clearTimeout(timer);
  timer = null;
  const moves = [...waiting];
  waiting.clear();
  for (const move of moves) move();
}

function overIn(milliseconds) {
  clearTimeout(timer);
  timer = setTimeout(over, milliseconds);
}

window.addEventListener("pointerdown", (event) => event.target.closest("a, audio, button, summary") && overIn(LONGEST_MS));
window.addEventListener("pointerup", () => timer !== null && overIn(CLICK_MS));
window.addEventListener("pointercancel", over);
// The last to hear of a click: what it does is done.
window.addEventListener("click", over);
