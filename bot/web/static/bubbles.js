// Owns how one message looks. Knows nothing of where it comes from; what a tap does is given to it.

import { whenStill } from "./still.js";
import { element, icon, rich } from "./text.js";
import { say, timeOf } from "./words.js";

/** act: choose(choice), place(button), reply(entry), retry(). */
export function bubble(entry, act) {
  if (entry.from === "note") return element("div", { class: "row note" }, element("p", {}, entry.text));
  const isMine = entry.from === "me";
  const run = (command) => act.choose({ id: command, label: command });
  const row = element("div", { class: `row ${isMine ? "me" : "them"}`, "data-id": entry.id });
  row.append(
    element(
      "div",
      { class: "bubble" },
      element("span", { class: "hidden" }, `${say(isMine ? "said_by_me" : "said_by_us")}: `),
      entry.quote ? element("p", { class: "quote" }, entry.quote) : null,
      ...pictures(entry),
      entry.text ? element("div", { class: "words" }, isMine ? entry.text : rich(entry.text, run)) : null,
      foot(entry, act),
    ),
  );
  if (!isMine) row.append(...answers(entry, act));
  return row;
}

/** What a bubble shows of itself, so that it is built anew only when that has changed. */
export const lookOf = (entry) => `${entry.at} ${entry.state ?? ""} ${entry.seconds ?? ""} ${entry.unsent ?? ""}`;

/** Show what has changed of an entry: whether and when it was sent. The rest stays, and is not read aloud again. */
export function refresh(row, entry, act) {
  const hadFocus = row.contains(document.activeElement);
  row.querySelector(".foot").replaceWith(foot(entry, act));
  if (hadFocus) (row.querySelector("button") ?? row.closest(".log")).focus();
}

function foot(entry, act) {
  const time = element("time", { datetime: new Date(entry.at).toISOString() }, timeOf(entry.at));
  const unsent = (entry.unsent ?? []).map((why) => element("span", { class: "state failed" }, why));
  if (entry.from === "me") return element("div", { class: "foot" }, ...unsent, time, state(entry, act));
  if (entry.isLocal) return element("div", { class: "foot" }, time);
  const label = say("reply");
  const reply = element("button", { type: "button", class: "answer", "aria-label": label, title: label, click: () => act.reply(entry) });
  reply.append(icon("reply"));
  return element("div", { class: "foot" }, time, reply);
}

function state(entry, act) {
  switch (entry.state) {
    case "sent":
      return element("span", { class: "state", title: say("sent") }, "✓", element("span", { class: "hidden" }, say("sent")));
    case "failed":
      return element("button", { type: "button", class: "state", click: act.retry }, say(entry.files ? "not_sent_files" : "not_sent"));
    case "wait":
      return element("span", { class: "state" }, say("wait", { seconds: Math.ceil(entry.seconds) }));
    case "refused":
      return entry.unsent?.length ? null : element("span", { class: "state failed" }, say(entry.isOurs ? "refused_ours" : "refused"));
    case "lost":
      return element("span", { class: "state failed" }, say("refused_photo"));
    default:
      return element("span", { class: "state" }, say("sending"));
  }
}

function answers(entry, act) {
  const choices = (entry.choices ?? []).map((choice, at) => button(choice, act, entry.isLocal ? null : at + 1));
  const controls = (entry.controls ?? []).map((choice) => button(choice, act, null));
  const parts = [];
  if (entry.wantsPlace) {
    const share = element("button", { type: "button", class: "choice place", click: () => act.place(share) }, say("share_place"));
    choices.unshift(share);
  }
  const areFew = choices.length === 2 && !entry.wantsPlace && (entry.choices ?? []).every((each) => each.label.length < 14);
  if (choices.length) parts.push(element("div", { class: areFew ? "choices few" : "choices" }, ...choices));
  if (controls.length) parts.push(element("div", { class: "controls" }, ...controls));
  return parts;
}

function button(choice, act, number) {
  const sign = number ? element("span", { class: "number" }, String(number)) : null;
  return element(
    "button", { type: "button", class: number || choice.id === "/start" ? "choice" : "control", click: () => act.choose(choice) },
    sign, sign ? " " : null, element("span", {}, choice.label),
  );
}

function pictures(entry) {
  const mine = (entry.thumbs ?? []).map((url) => element("img", { src: url, alt: say("photo"), class: "picture" }));
  return [...mine, ...(entry.media ?? []).map(medium)];
}

function medium({ url, type }) {
  if (type?.startsWith("audio/")) return element("audio", { src: url, controls: true, preload: "none" });
  if (!type?.startsWith("image/")) {
    return element("a", { href: url, target: "_blank", rel: "noopener", class: "file" }, say("open_file"));
  }
  const image = element("img", { src: url, alt: say("photo"), class: "picture", loading: "lazy" });
  const link = element("a", { href: url, target: "_blank", rel: "noopener" }, image);
  const gone = () => link.replaceWith(element("p", { class: "gone" }, say("photo_gone")));
  image.addEventListener("error", () => whenStill(gone));
  return link;
}
