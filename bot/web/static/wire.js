// Owns the calls to the server. Knows what can go wrong on the way, and nothing of what is said.

/**
 * kind: "offline" (no way to the server), "away" (it cannot take it now), "broken" (it fails on this very call, perhaps
 * always), "wait" (too many), "stranger" (it does not know this chat), "refused" (it never will take it).
 */
export class WireError extends Error {
  constructor(kind, seconds = null, status = null) {
    super(kind);
    Object.assign(this, { kind, seconds, status });
  }
}

/** This script lies two folders below where the server begins, wherever that is. */
export const BASE = new URL("../..", import.meta.url).pathname.replace(/\/$/, "");

const SECONDS = 20;
const UPLOAD_SECONDS = 180;
const POLL_SECONDS = 40;

export const open = async () => (await call("POST", "/chat/session")).token;

export const forget = (token) => call("DELETE", "/chat/session", { token });

export const send = (token, message) => call("POST", "/chat/messages", { token, json: message });

/** The messages after a number, which says that this one and all before it have arrived. Waits for some. */
export const mail = (token, after, signal) =>
  call("GET", `/chat/messages?after=${after}`, { token, signal, seconds: POLL_SECONDS });

export async function upload(token, blob) {
  const body = new FormData();
  body.append("file", blob, "file");
  return (await call("POST", "/chat/attachments", { token, body, seconds: UPLOAD_SECONDS })).id;
}

export const demoInvitation = async () => (await call("POST", "/chat/demo-official")).code;

async function call(method, path, { token, json, body, signal, seconds = SECONDS } = {}) {
  const headers = {};
  if (token) headers.Authorization = `Bearer ${token}`;
  if (json) headers["Content-Type"] = "application/json";
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), seconds * 1000);
  const leave = () => patience.abort();
  signal?.addEventListener("abort", leave);
  try {
    const response = await fetch(BASE + path, {
      method, headers, body: json ? JSON.stringify(json) : body, signal: patience.signal, cache: "no-store",
      credentials: "omit",
    });
    if (!response.ok) throw failure(response);
    return await response.json();
  } catch (error) {
    throw error instanceof WireError ? error : new WireError("offline");
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", leave);
  }
}

function failure(response) {
  const seconds = Number(response.headers.get("Retry-After")) || null;
  if (response.status === 429) return new WireError("wait", seconds ?? 10);
  if (response.status === 401) return new WireError("stranger");
  if (response.status === 500) return new WireError("broken");
  if (response.status > 500 || response.status === 408) return new WireError("away", seconds);
  return new WireError("refused", null, response.status);
}
