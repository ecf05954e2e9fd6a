// The line to the relay: requests with the session in a header.

class Trouble extends Error {
  constructor(status, said, wait = 0) {
    super(said.error || `status ${status}`);
    this.status = status;
    this.code = said.error || "";
    this.said = said;
    this.wait = wait;
  }

  // No answer came: nothing is known of what became of the request.
  get isSilence() {
    return this.status === 0 || this.status >= 500;
  }
}

function pause(ms, signal) {
  return new Promise((done) => {
    const timer = setTimeout(done, ms);
    if (signal) signal.addEventListener("abort", () => { clearTimeout(timer); done(); }, { once: true });
  });
}

function randomId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (each) => each.toString(16).padStart(2, "0")).join("");
}

// Who the page says the visitor is: only to notice that it is somebody else now.
function whoIs(identity) {
  if (identity && identity.signed) return `id:${identity.signed.id}`;
  if (!identity || !identity.token) return "";
  try {
    const body = identity.token.split(".")[1].replace(/-/g, "+").replace(/_/g, "/");
    const said = JSON.parse(atob(body));
    return `id:${said.sub || said.id || said.email}`;
  } catch {
    return `token:${identity.token.slice(-24)}`;
  }
}

class Line extends Emitter {
  constructor(relay, site, memory, tabs) {
    super();
    this.relay = relay;
    this.site = site;
    this.memory = memory;
    this.tabs = tabs;
    this.identity = null;
    this.kept = memory.get("session") || {};
    this.opening = null;
  }

  address(path) {
    return `${this.relay}${path}`;
  }

  async fetch(path, options = {}) {
    try {
      return await fetch(this.address(path), { credentials: "omit", referrerPolicy: "no-referrer", ...options });
    } catch (error) {
      if (error.name === "AbortError") throw error;
      throw new Trouble(0, {});
    }
  }

  async troubleOf(answer) {
    const said = await answer.json().catch(() => ({}));
    const wait = Number(said.retry_after || answer.headers.get("Retry-After")) || 0;
    return new Trouble(answer.status, said && typeof said === "object" ? said : {}, wait);
  }

  // What the widget shows; a session is needed only where the tab is for customers only.
  async config(language) {
    const headers = this.visitor ? { Authorization: `Bearer ${this.kept.token}` } : {};
    const path = `/v1/sites/${this.site}?language=${encodeURIComponent(language)}`;
    const answer = await this.fetch(path, { headers });
    if (!answer.ok) throw await this.troubleOf(answer);
    return answer.json();
  }

  get visitor() {
    return this.kept.visitor || null;
  }

  // The identity of the page: a session of somebody else is dropped at once.
  identify(identity) {
    this.identity = identity;
    if (!this.kept.token || (this.kept.who || "") === whoIs(identity)) return;
    this.forget();
    this.emit("other");
  }

  forget() {
    this.keep({});
  }

  keep(kept) {
    this.kept = kept;
    this.memory.set("session", kept.token ? kept : null);
  }

  async session() {
    if (this.kept.token) return this.kept.token;
    this.opening = this.opening || this.tabs.alone("session", () => this.open()).finally(() => {
      this.opening = null;
    });
    return this.opening;
  }

  // A new session; another tab may have opened one while this one waited for its turn.
  async open() {
    const who = whoIs(this.identity);
    const there = this.memory.get("session") || {};
    if (there.token && there.token !== this.lost && (there.who || "") === who) {
      this.kept = there;
      return there.token;
    }
    const headers = { "Content-Type": "application/json" };
    if (this.lost) headers.Authorization = `Bearer ${this.lost}`;
    const body = JSON.stringify(this.identity || {});
    const answer = await this.fetch(`/v1/sites/${this.site}/session`, { method: "POST", headers, body });
    if (!answer.ok) throw await this.troubleOf(answer);
    const said = await answer.json();
    this.keep({ token: said.session, who, visitor: said.visitor || null });
    if (who && !said.visitor) this.emit("unknown");
    this.emit("session", said);
    return said.session;
  }

  // One request with the session; a lost session is replaced once, without anybody noticing.
  async ask(path, options = {}) {
    for (let again = true; ; again = false) {
      const token = await this.session();
      const headers = { ...options.headers, Authorization: `Bearer ${token}` };
      const answer = await this.fetch(path, { ...options, headers });
      if (answer.ok) return answer;
      const trouble = await this.troubleOf(answer);
      if (!again || !this.isLost(trouble)) throw trouble;
      this.drop(token);
    }
  }

  isLost(trouble) {
    return trouble.status === 401 && trouble.code !== "login.needed";
  }

  drop(token) {
    if (this.kept.token !== token) return;
    this.lost = token;
    this.kept = {};
  }

  async post(path, value) {
    return this.ask(path, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(value || {}),
    });
  }

  async get(path) {
    return (await this.ask(path)).json();
  }

  async blob(path) {
    return (await this.ask(path)).blob();
  }

  // A file on its way: fetch() tells no progress of what is sent, so the older request does it.
  async upload(file, onprogress, signal) {
    for (let again = true; ; again = false) {
      const token = await this.session();
      try {
        return await this.uploadOnce(file, token, onprogress, signal);
      } catch (error) {
        if (!again || !this.isLost(error)) throw error;
        this.drop(token);
      }
    }
  }

  uploadOnce(file, token, onprogress, signal) {
    return new Promise((done, failed) => {
      const request = new XMLHttpRequest();
      request.open("POST", this.address("/v1/chat/files"));
      request.setRequestHeader("Authorization", `Bearer ${token}`);
      request.setRequestHeader("X-File-Name", encodeURIComponent(plainName(file.name)));
      request.setRequestHeader("Content-Type", file.type || "application/octet-stream");
      request.upload.onprogress = (event) => onprogress(event.loaded / (event.total || 1));
      request.onload = () => {
        let said = {};
        try {
          said = JSON.parse(request.responseText);
        } catch {
          // Not the relay's own words, but those of a proxy: the status says enough.
        }
        const wait = Number(said.retry_after || request.getResponseHeader("Retry-After")) || 0;
        if (request.status < 300) done(said);
        else failed(new Trouble(request.status, said, wait));
      };
      request.onerror = () => failed(new Trouble(0, {}));
      request.onabort = () => failed(new DOMException("cancelled", "AbortError"));
      signal.addEventListener("abort", () => request.abort(), { once: true });
      request.send(file);
    });
  }
}
