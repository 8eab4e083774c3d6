// Owns what the browser keeps of a chat: its token, how far it has read, and the conversation. The server keeps none of it.

const ENTRIES_AT_MOST = 300;

export class Keeper extends EventTarget {
  /** role: "resident" or "official"; each is a chat of its own in the same browser. */
  constructor(role) {
    super();
    this.key = `ventanilla.${role}`;
    this.memory = null;
    this.isKept = works();
    // Another tab of the same chat has written.
    window.addEventListener("storage", (event) => {
      if (event.key === this.key || event.key === null) this.#tell();
    });
  }

  read() {
    if (!this.isKept) return this.memory ?? empty();
    try {
      return { ...empty(), ...JSON.parse(localStorage.getItem(this.key)) };
    } catch {
      return empty();
    }
  }

  /** Change the newest state, also where another tab wrote it, and keep it. */
  update(change) {
    const state = this.read();
    change(state);
    state.entries = state.entries.slice(-ENTRIES_AT_MOST);
    this.#write(state);
    this.#tell();
  }

  /** Change one entry; none is no mistake, as the chat may have been deleted meanwhile. */
  mark(id, changes) {
    this.update((state) => {
      const entry = state.entries.find((each) => each.id === id);
      if (entry) Object.assign(entry, changes);
    });
  }

  clear() {
    this.memory = null;
    try {
      localStorage.removeItem(this.key);
    } catch {
      // Nothing was kept, so nothing is left.
    }
    this.#tell();
  }

  #write(state) {
    if (!this.isKept) {
      this.memory = state;
      return;
    }
    for (const smaller of [(it) => it, withoutOldPictures, (it) => ({ ...it, entries: it.entries.slice(-60) })]) {
      try {
        localStorage.setItem(this.key, JSON.stringify(smaller(state)));
        return;
      } catch {
        // Full: try with less.
      }
    }
    this.isKept = false;
    this.memory = state;
  }

  #tell() {
    this.dispatchEvent(new Event("change"));
  }
}

const empty = () => ({ token: null, after: 0, entries: [] });

function withoutOldPictures(state) {
  const entries = state.entries.map((entry, at) => (at < state.entries.length - 20 ? { ...entry, thumbs: [] } : entry));
  return { ...state, entries };
}

function works() {
  try {
    localStorage.setItem("ventanilla.try", "1");
    localStorage.removeItem("ventanilla.try");
    return true;
  } catch {
    return false;
  }
}
