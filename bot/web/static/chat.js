// Starts the phones of the page: the first at once, the second (of the demo) where the window has room for it.

import { Phone } from "./phone.js";

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
