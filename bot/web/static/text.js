// Owns how a text becomes elements: bold, links, lines. Builds nodes and never markup: nothing in a text can become code.

import { facts } from "./words.js";

const phone = facts.emergencyPhone.replace(/\D/g, "");

const STRONG = /\*\*(\S(?:[\s\S]*?\S)?)\*\*/g;
/** As long as a folio, which must not be torn apart. */
const WHOLE_AT_MOST = 12;
const ENDINGS = /[.,;:!?)\]}»”"']+$/;
const COMMAND = /(^|[\s(«“])(\/[a-z_]{3,30})(?![\w/])/g;

/** The text as nodes: **this** stands out; https links, the emergency number and /commands can be tapped. */
export function rich(text, run) {
  const whole = document.createDocumentFragment();
  let at = 0;
  for (const match of text.matchAll(STRONG)) {
    whole.append(runnable(text.slice(at, match.index), run));
    whole.append(element("strong", { class: match[1].length <= WHOLE_AT_MOST && "whole" }, runnable(match[1], run)));
    at = match.index + match[0].length;
  }
  whole.append(runnable(text.slice(at), run));
  return whole;
}

/** An element with attributes and children; a child may be a text, a node or nothing. */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === "function") made.addEventListener(key, value);
    else if (value === true) made.setAttribute(key, "");
    else if (value !== false && value != null) made.setAttribute(key, value);
  }
  made.append(...children.filter((child) => child != null));
  return made;
}

/** One of the drawings of icons.html. */
export function icon(name) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  made.setAttribute("class", "icon");
  made.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `#i-${name}`);
  made.append(use);
  return made;
}

function runnable(text, run) {
  const part = document.createDocumentFragment();
  let at = 0;
  for (const match of text.matchAll(COMMAND)) {
    const [, before, command] = match;
    part.append(linked(text.slice(at, match.index + before.length)));
    part.append(element("button", { type: "button", class: "command", click: () => run(command) }, command));
    at = match.index + match[0].length;
  }
  part.append(linked(text.slice(at)));
  return part;
}

function linked(text) {
  const part = document.createDocumentFragment();
  let at = 0;
  for (const match of text.matchAll(linkable)) {
    const found = match[0].replace(ENDINGS, "");
    // What a town has not filled in yet stands in braces: {https://...} leads nowhere.
    const isPlaceholder = text[match.index - 1] === "{";
    if (isPlaceholder || (found.length < "https://a.b".length && found !== phone)) continue;
    part.append(text.slice(at, match.index), link(found));
    at = match.index + found.length;
  }
  part.append(text.slice(at));
  return part;
}

const linkable = new RegExp(`https:\\/\\/[^\\s<>"]+${phone ? `|(?:^|\\b)${phone}\\b(?![-/])` : ""}`, "g");

function link(found) {
  if (!found.startsWith("https://")) return element("a", { href: `tel:${found}` }, found);
  return element("a", { href: found, target: "_blank", rel: "noopener noreferrer" }, found);
}
