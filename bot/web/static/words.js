// Owns the texts and facts that the server put into the page. Knows no element but the one that holds them.

export const facts = JSON.parse(document.getElementById("facts").textContent);

/** A text of the page's language, its {placeholders} filled. */
export function say(key, params = {}) {
  const all = { city: facts.city, ...params };
  const text = facts.texts[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in all ? String(all[name]) : whole));
}

const day = new Intl.DateTimeFormat(facts.locale, { weekday: "long", day: "numeric", month: "long" });

/** As the counter's own messages write it: "6:48 a.m.", or "18:48" where the town counts to 24. */
export function timeOf(at) {
  const time = new Date(at);
  const [hours, minutes] = [time.getHours(), String(time.getMinutes()).padStart(2, "0")];
  if (!facts.halves) return `${String(hours).padStart(2, "0")}:${minutes}`;
  return `${hours % 12 || 12}:${minutes} ${facts.halves[hours < 12 ? 0 : 1]}`;
}

export const dateOf = (at) => day.format(new Date(at));

/** "Today", "Yesterday" or the date. */
export function dayOf(at) {
  const asked = new Date(at).toDateString();
  const now = new Date();
  if (asked === now.toDateString()) return say("today");
  now.setDate(now.getDate() - 1);
  return asked === now.toDateString() ? say("yesterday") : dateOf(at);
}
