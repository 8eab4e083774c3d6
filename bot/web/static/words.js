// Owns the texts and facts that the server put into the page. Knows no element but the one that holds them.

export const facts = JSON.parse(document.getElementById("facts").textContent);

/** A text of the page's language, its {placeholders} filled. */
export function say(key, params = {}) {
  const all = { city: facts.city, ...params };
  const text = facts.texts[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in all ? String(all[name]) : whole));
}

const clock = new Intl.DateTimeFormat(facts.locale, { hour: "numeric", minute: "2-digit" });
const day = new Intl.DateTimeFormat(facts.locale, { weekday: "long", day: "numeric", month: "long" });

export const timeOf = (at) => clock.format(new Date(at));

/** "Today", "Yesterday" or the date. */
export function dayOf(at) {
  const asked = new Date(at).toDateString();
  const now = new Date();
  if (asked === now.toDateString()) return say("today");
  now.setDate(now.getDate() - 1);
  return asked === now.toDateString() ? say("yesterday") : day.format(new Date(at));
}
