// Owns the chat where there is no signal: the page that was opened once opens again, from what the browser kept of it.
// Keeps the page and its files, no message and no token: those are the page's own.

const KEPT = "ventanilla";
const CHAT = new URL(self.registration.scope).pathname;
const STATIC = `${CHAT.replace(/chat$/, "")}static/`;
/** A signal that takes longer than this is none, if the page is here. */
const PATIENCE_MS = 8000;

self.addEventListener("install", (event) => {
  self.skipWaiting();
  event.waitUntil(keepWhatIsOpen());
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (request.mode === "navigate" && url.pathname === CHAT) event.respondWith(page(event, url));
  else if (url.pathname.startsWith(STATIC)) event.respondWith(file(request));
});

async function page(event, url) {
  const known = await kept(url);
  const patience = new AbortController();
  const timer = known ? setTimeout(() => patience.abort(), PATIENCE_MS) : null;
  try {
    const response = await fetch(event.request, { signal: patience.signal });
    if (response.ok) event.waitUntil(keep(url, response.clone()));
    return response.status < 500 ? response : (known ?? response);
  } catch (error) {
    if (known) return known;
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

async function file(request) {
  return (await caches.match(request, { ignoreVary: true })) ?? fetch(request);
}

/** The first visit ran before there was anybody to keep it. */
async function keepWhatIsOpen() {
  const open = await self.clients.matchAll({ includeUncontrolled: true, type: "window" });
  for (const url of open.map((each) => new URL(each.url)).filter((each) => each.pathname === CHAT)) {
    url.searchParams.delete("invite");
    const response = await fetch(url);
    if (response.ok) await keep(url, response);
  }
}

async function keep(url, response) {
  const files = (await response.clone().text()).split('"').filter((each) => each.startsWith(STATIC));
  const isOld = async () => {
    const here = (await (await caches.open(KEPT)).keys()).map((each) => new URL(each.url).pathname);
    return here.some((path) => path.startsWith(STATIC) && !files.includes(path));
  };
  // Another release, or a page with other files: what was kept fits no more.
  if (await isOld()) await caches.delete(KEPT);
  const cache = await caches.open(KEPT);
  await cache.addAll([...new Set(files)]);
  await cache.put(keyOf(url), response);
}

/** The page in this language, or in any; never an official's for a resident's. */
async function kept(url) {
  const cache = await caches.open(KEPT);
  const same = await cache.match(keyOf(url), { ignoreVary: true });
  if (same) return same;
  const like = (await cache.keys()).find((each) => roleOf(new URL(each.url)) === roleOf(url) && new URL(each.url).pathname === CHAT);
  return like && cache.match(like, { ignoreVary: true });
}

const roleOf = ({ searchParams: asked }) => (asked.has("invite") ? "official" : asked.get("role") ?? "resident");

function keyOf(url) {
  const key = new URL(CHAT, location.origin);
  key.searchParams.set("role", roleOf(url));
  for (const name of ["lang", "embed"]) if (url.searchParams.has(name)) key.searchParams.set(name, url.searchParams.get(name));
  return key.href;
}
