// What the browser remembers: in its storage where it lets us, else in this page only.

class Memory {
  constructor(prefix, storage) {
    this.prefix = prefix;
    this.plain = new Map();
    this.storage = this.usable(storage);
  }

  usable(storage) {
    try {
      const found = window[storage];
      found.setItem(`${this.prefix}?`, "1");
      found.removeItem(`${this.prefix}?`);
      return found;
    } catch {
      return null;
    }
  }

  get(name, fallback = null) {
    try {
      const text = this.storage ? this.storage.getItem(this.prefix + name) : this.plain.get(name);
      return text === null || text === undefined ? fallback : JSON.parse(text);
    } catch {
      return fallback;
    }
  }

  set(name, value) {
    const text = JSON.stringify(value);
    try {
      if (this.storage) {
        if (value === null) this.storage.removeItem(this.prefix + name);
        else this.storage.setItem(this.prefix + name, text);
        return;
      }
    } catch {
      // A full storage: what was there is still what holds, so go on in this page only.
      this.storage = null;
    }
    this.plain.set(name, text);
  }
}

// The other tabs of this browser: what one of them learns, all of them know.
class Tabs extends Emitter {
  constructor(name) {
    super();
    this.name = name;
    this.channel = null;
    try {
      this.channel = new BroadcastChannel(name);
      this.channel.onmessage = (event) => this.emit(event.data.kind, event.data.value);
    } catch {
      // An old browser: every tab is on its own, and the relay keeps them in step.
    }
  }

  tell(kind, value) {
    if (this.channel) this.channel.postMessage({ kind, value });
  }

  // Run `work` while no other tab runs the same; without locks at once (the relay takes doubles).
  async alone(what, work) {
    if (!navigator.locks) return work();
    return navigator.locks.request(`${this.name}:${what}`, work);
  }
}
