// Starts the phones of the page: the first at once, the second (of the demo) where the window has room for it.

import { Phone } from "./phone.js";
import { BASE } from "./wire.js";

const [first, second] = [...document.querySelectorAll("section.phone")].map((root) => new Phone(root));

first.start();
document.documentElement.classList.add("ready");

if (second) {
  const wide = matchMedia("(min-width: 900px)");
  const begin = () => {
    if (!wide.matches) return;
    wide.removeEventListener("change", begin);
    second.start();
  };
  wide.addEventListener("change", begin);
  begin();
}

// Without a signal the page opens all the same; where the browser does not allow that, all else works.
navigator.serviceWorker?.register(`${BASE}/sw.js`, { scope: `${BASE}/chat` }).catch(() => {});

const title = document.title;
let unread = 0;
first.postman.addEventListener("mail", () => {
  if (!document.hidden) return;
  unread += 1;
  document.title = `(${unread}) ${title}`;
});
document.addEventListener("visibilitychange", () => {
  if (document.hidden) return;
  unread = 0;
  document.title = title;
});
