// Owns how a text becomes elements: bold, links, lines. Builds nodes and never markup: nothing in a text can become code.

import { facts } from "./words.js";

const STRONG = /\*\*(\S(?:[\s\S]*?\S)?)\*\*/g;
const ENDINGS = /[.,;:!?)\]»”"']+$/;

/** The text as nodes: **this** stands out, https links and the emergency number can be tapped. */
export function rich(text) {
  const whole = document.createDocumentFragment();
  let at = 0;
  for (const match of text.matchAll(STRONG)) {
    whole.append(linked(text.slice(at, match.index)));
    whole.append(element("strong", {}, linked(match[1])));
    at = match.index + match[0].length;
  }
  whole.append(linked(text.slice(at)));
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

function linked(text) {
  const part = document.createDocumentFragment();
  let at = 0;
  for (const match of text.matchAll(linkable)) {
    const found = match[0].replace(ENDINGS, "");
    if (found.length < "https://a.b".length && found !== facts.emergencyPhone) continue;
    part.append(text.slice(at, match.index), link(found));
    at = match.index + found.length;
  }
  part.append(text.slice(at));
  return part;
}

const phone = facts.emergencyPhone.replace(/\D/g, "");
const linkable = new RegExp(`https:\\/\\/[^\\s<>"]+${phone ? `|(?:^|\\b)${phone}\\b(?![-/])` : ""}`, "g");

function link(found) {
  if (!found.startsWith("https://")) return element("a", { href: `tel:${found}` }, found);
  return element("a", { href: found, target: "_blank", rel: "noopener noreferrer" }, found);
}
