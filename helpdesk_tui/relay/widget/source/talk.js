// The conversation: what was said, what still waits to leave, and what the other side does.

const TYPING_LASTS = 8000;
const TYPING_EVERY = 3000;

class Talk extends Emitter {
  constructor(line, memory, tabs) {
    super();
    Object.assign(this, { line, memory, tabs });
    this.stream = new Stream(line, () => this.seq);
    this.stream.on("event", (event) => this.hear(event, true));
    this.stream.on("state", (state) => this.become(state));
    this.stream.on("gone", () => this.become("gone"));
    tabs.on("event", (event) => this.hear(event, false));
    tabs.on("outbox", () => this.changed());
    tabs.on("seen", () => this.changed());
    tabs.on("fresh", () => this.clear());
    this.state = "online";
    this.wanted = false;
    this.leader = null;
    this.clear();
  }

  clear() {
    this.conversation = null;
    this.messages = [];
    this.seq = 0;
    this.typing = "";
    this.asked = false;
    this.changed();
  }

  changed() {
    this.emit("change");
  }

  // -- what waits to leave ---------------------------------------------------------------

  get outbox() {
    const kept = this.memory.get("outbox") || {};
    return kept.who === (this.line.kept.who || whoIs(this.line.identity)) ? kept.items : [];
  }

  set outbox(items) {
    const who = this.line.kept.who || whoIs(this.line.identity);
    this.memory.set("outbox", items.length ? { who, items } : null);
    this.tabs.tell("outbox");
    this.changed();
  }

  get running() {
    return Boolean(this.conversation && !this.conversation.ended);
  }

  // Everything there is to show, oldest first; what has not left yet comes last.
  get items() {
    const there = new Set(this.messages.map((each) => each.client_id).filter(Boolean));
    const waiting = this.outbox.filter((each) => !there.has(each.client_id));
    return [...this.messages, ...waiting.map((each) => ({ ...each, from: "visitor", state: each.trouble ? "failed" : "waiting" }))];
  }

  // Write a message; it is kept until the relay has it.
  write(text, files, faq) {
    if (this.conversation && this.conversation.ended) this.fresh();
    const item = {
      client_id: randomId(), text, faq: faq || "", at: new Date().toISOString(), files,
    };
    this.outbox = [...this.outbox, item];
    this.typed(false);
    this.push();
  }

  // Try the messages that were refused once more.
  retry() {
    this.outbox = this.outbox.map(({ trouble, ...item }) => item);
    this.push();
  }

  discard(id) {
    this.outbox = this.outbox.filter((each) => each.client_id !== id);
    this.push();
  }

  async push() {
    if (this.pushing) {
      this.more = true;
      return;
    }
    this.pushing = true;
    try {
      await this.tabs.alone("outbox", () => this.drain());
    } finally {
      this.pushing = false;
    }
    if (this.more) {
      this.more = false;
      this.push();
    }
  }

  // In order, one after another, each with the id it was written under: none is doubled or overtaken.
  async drain() {
    for (let item = this.outbox[0]; item && !item.trouble; item = this.outbox[0]) {
      try {
        await this.post(item);
        this.become("online");
      } catch (error) {
        this.refused(item, error);
        return;
      }
    }
  }

  async post(item) {
    const answer = await this.line.post("/v1/chat/messages", {
      client_id: item.client_id,
      text: item.text,
      files: item.files.map((each) => each.id),
      faq: item.faq,
      language: this.language,
      timezone: Intl.DateTimeFormat().resolvedOptions().timeZone || "",
      page: `${location.origin}${location.pathname}`.slice(0, 1000),
    });
    const said = await answer.json();
    const message = { ...item, ...said, from: "visitor", state: "sent", id: item.client_id };
    this.hear({ event: "posted", data: message }, true);
    this.outbox = this.outbox.filter((each) => each.client_id !== item.client_id);
    this.want(true);
  }

  refused(item, error) {
    if (error.code === "login.needed") {
      this.emit("wall");
    } else if (error.status === 429) {
      this.emit("slow", error.wait || 5);
      setTimeout(() => this.push(), (error.wait || 5) * 1000);
    } else if (error.isSilence) {
      this.become("offline");
      clearTimeout(this.later);
      this.later = setTimeout(() => this.push(), 2000 + Math.random() * 4000);
    } else {
      const trouble = error.status === 413 ? "too_long" : "not_sent";
      this.outbox = this.outbox.map((each) => (each.client_id === item.client_id ? { ...each, trouble } : each));
    }
  }

  // -- what arrives ----------------------------------------------------------------------

  // The whole running conversation, as the relay has it.
  async load() {
    const said = await this.line.get("/v1/chat?after=0");
    const { conversation } = said;
    if (!conversation || (conversation.ended && this.memory.get("dismissed") === conversation.id)) {
      this.clear();
      return;
    }
    const same = this.conversation && this.conversation.id === conversation.id;
    this.conversation = { ...conversation, by: said.closed ? said.closed.by : "" };
    if (!same) this.messages = [];
    (said.messages || []).forEach((each) => this.take(each));
    this.seq = Math.max(this.seq, said.seq || 0);
    this.changed();
  }

  take(message) {
    const place = this.messages.findIndex(
      (each) => each.seq === message.seq || (message.client_id && each.client_id === message.client_id),
    );
    if (place >= 0) this.messages[place] = { ...this.messages[place], ...message };
    else this.messages.push(message);
    this.messages.sort((a, b) => a.seq - b.seq);
    if (message.seq > this.seq && message.from !== undefined) this.seq = message.seq;
    return place < 0;
  }

  // One thing that happened; the tab with the stream tells the others.
  hear({ event, id, data }, tell) {
    if (tell) this.tabs.tell("event", { event, id, data });
    const known = `on_${event}`;
    if (typeof this[known] !== "function" || !data || typeof data !== "object") return;
    this[known](data, tell);
    if (Number(id) > this.seq) this.seq = Number(id);
    this.changed();
  }

  on_message(message, first) {
    if (!Number.isFinite(message.seq)) return;
    if (!this.conversation || this.conversation.id !== message.conversation) {
      // Begun in another browser; the whole of it is the truth.
      this.reload();
      return;
    }
    const fresh = this.take(message);
    if (!fresh || message.from === "visitor") return;
    this.typing = "";
    if (message.from === "agent") this.asked = false;
    if (first) this.receive(message.seq);
    this.emit("arrived", { ...message, first });
  }

  // A message of this browser that the relay has; with another conversation, the old one is over.
  on_posted(message) {
    if (this.conversation && this.conversation.id !== message.conversation) this.messages = [];
    if (!this.conversation || this.conversation.id !== message.conversation) {
      this.conversation = { id: message.conversation, ended: false };
    }
    // What others wrote in between still has to come.
    const { seq } = this;
    this.take(message);
    this.seq = seq;
  }

  on_typing({ name, typing }) {
    clearTimeout(this.quiet);
    this.typing = typing ? name || this.agent || " " : "";
    if (typing) this.quiet = setTimeout(() => { this.typing = ""; this.changed(); }, TYPING_LASTS);
  }

  on_seen(said) {
    const last = this.messages.findIndex((each) => each.client_id && each.client_id === said.client_id);
    this.messages.forEach((each, place) => {
      if (place <= last && each.from === "visitor") each.state = "seen";
    });
  }

  on_ended({ by, conversation }) {
    if (!this.conversation || (conversation && conversation !== this.conversation.id)) return;
    this.conversation = { ...this.conversation, ended: true, by };
    this.typing = "";
    this.emit("ended", by);
  }

  on_started({ conversation }) {
    if (!this.conversation || this.conversation.id !== conversation) this.reload();
  }

  on_site() {
    this.emit("site");
  }

  reload() {
    clearTimeout(this.reloading);
    this.reloading = setTimeout(() => this.load().catch(() => {}), 50);
  }

  get agent() {
    const last = [...this.messages].reverse().find((each) => each.from === "agent" && each.name);
    return last ? last.name : "";
  }

  // -- being there -----------------------------------------------------------------------

  become(state) {
    if (this.state === state) return;
    const back = state === "online";
    this.state = state;
    if (back) {
      this.push();
      this.emit("back");
    }
    this.changed();
  }

  // Whether this tab needs news at all. One tab has the stream, the one looked at last.
  want(on) {
    if (on === this.wanted) return;
    this.wanted = on;
    if (on) this.lead(document.visibilityState === "visible");
    else this.unlead();
  }

  lead(steal) {
    if (!navigator.locks) {
      this.stream.start();
      return;
    }
    if (this.leader) return;
    const leader = { stop: null };
    this.leader = leader;
    const hold = () => new Promise((release) => {
      if (this.leader !== leader) { release(); return; }
      leader.stop = release;
      this.stream.start();
    });
    const name = `${this.tabs.name}:stream`;
    navigator.locks.request(name, steal ? { steal: true } : {}, hold).catch(() => {
      // Another tab took it, because the visitor looks at that one now.
      this.stream.stop();
      if (this.leader === leader) this.leader = null;
      if (this.wanted) this.lead(false);
    });
  }

  unlead() {
    this.stream.stop();
    const leader = this.leader;
    this.leader = null;
    if (leader && leader.stop) leader.stop();
  }

  // The tab came to the front: it takes the stream over, unless it has it.
  front() {
    if (!this.wanted) return;
    if (this.leader && !this.leader.stop) this.leader = null;
    if (navigator.locks && !this.leader) this.lead(true);
    this.stream.hurry();
  }

  // -- what the others are told ------------------------------------------------------------

  tell(path, value) {
    return this.line.post(path, value).catch(() => {});
  }

  receive(seq) {
    this.tell("/v1/chat/received", { seq });
  }

  get lastSeen() {
    const kept = this.memory.get("seen") || {};
    return this.conversation && kept.conversation === this.conversation.id ? kept.seq : 0;
  }

  get unread() {
    const seen = this.lastSeen;
    return this.messages.filter((each) => each.from !== "visitor" && each.seq > seen).length;
  }

  // The visitor looks at everything up to the last message.
  look() {
    const last = [...this.messages].reverse().find((each) => each.from !== "visitor");
    if (!last || !this.conversation || last.seq <= this.lastSeen) return;
    this.memory.set("seen", { conversation: this.conversation.id, seq: last.seq });
    this.tell("/v1/chat/seen", { seq: last.seq });
    this.tabs.tell("seen");
    this.changed();
  }

  // The visitor types, or stopped: told at most every few seconds.
  typed(on) {
    clearTimeout(this.idle);
    if (on) this.idle = setTimeout(() => this.typed(false), TYPING_EVERY * 2);
    const now = Date.now();
    if (!this.running || (on && now - (this.told || 0) < TYPING_EVERY) || (!on && !this.told)) return;
    this.told = on ? now : 0;
    this.tell("/v1/chat/typing", { typing: on });
  }

  async person() {
    this.asked = true;
    this.changed();
    try {
      await this.line.post("/v1/chat/person");
    } catch {
      this.asked = false;
      this.changed();
    }
  }

  async end() {
    await this.line.post("/v1/chat/end");
    this.hear({ event: "ended", data: { by: "visitor", conversation: this.conversation.id } }, true);
  }

  // Leave the chat that is over; the next message begins another one.
  fresh() {
    if (this.conversation) this.memory.set("dismissed", this.conversation.id);
    this.clear();
    this.tabs.tell("fresh");
  }
}
