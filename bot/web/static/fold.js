// Owns folding away the buttons that leave no room for the words above them. Knows no message.

import { element } from "./text.js";
import { say } from "./words.js";

/** So many are always seen. */
const LEAST = 3;

/** Of a message that is higher than the screen, fold buttons away from the last; one more button brings them back. */
export function fold(row, room) {
  const list = row.querySelector(".choices");
  const buttons = [...(list?.children ?? [])];
  if (buttons.length < LEAST + 2 || row.offsetHeight <= room) return;
  const each = list.offsetHeight / buttons.length;
  // The button that brings them back takes the place of one.
  const tooMany = Math.ceil((row.offsetHeight - room) / each) + 1;
  const folded = buttons.slice(Math.max(LEAST, buttons.length - tooMany));
  for (const button of folded) button.hidden = true;
  const unfold = () => {
    for (const button of folded) button.hidden = false;
    folded[0].focus();
    more.remove();
  };
  const more = element("button", { type: "button", class: "control unfold", "aria-expanded": "false", click: unfold });
  more.append(say("more_choices", { n: folded.length }));
  list.append(more);
}
