// What happens, as it happens: events from the relay for as long as somebody wants them.

// The relay says something at least every 15 s.
const QUIET = 45000;
// And its first word comes at once, unless something between us keeps streams back.
const FIRST = 8000;
const SLOWEST = 30000;

// One event of a stream, from the lines of its block.
function eventOf(block) {
  const event = { event: "message", id: "", data: "" };
  const data = [];
  for (const line of block.split(/\r?\n/)) {
    const colon = line.indexOf(":");
    if (colon < 1) continue;
    const [name, value] = [line.slice(0, colon), line.slice(colon + 1).replace(/^ /, "")];
    if (name === "data") data.push(value);
    else if (name in event) event[name] = value;
  }
  if (!data.length) return null;
  try {
    return { ...event, data: JSON.parse(data.join("\n")) };
  } catch {
    return null;
  }
}

// The events of a conversation as they happen: a stream, or long polls where no stream comes through.
class Stream extends Emitter {
  constructor(line, position) {
    super();
    this.line = line;
    this.position = position;
    this.stopped = null;
    this.nap = null;
    this.mute = 0;
  }

  start() {
    if (this.stopped) return;
    this.stopped = new AbortController();
    this.run(this.stopped.signal);
  }

  stop() {
    if (this.stopped) this.stopped.abort();
    this.stopped = null;
  }

  // Try again now: the network or the visitor has come back.
  hurry() {
    if (this.nap) this.nap.abort();
  }

  // The network was away: what seems open may be dead, so begin anew.
  again() {
    if (this.one) this.one.abort();
    this.hurry();
  }

  async run(signal) {
    let failures = 0;
    while (!signal.aborted) {
      let alive = false;
      try {
        const live = () => { alive = true; failures = 0; this.emit("state", "online"); };
        await (this.mute > 1 ? this.poll(signal, live) : this.listen(signal, live));
      } catch (error) {
        if (signal.aborted) return;
        if (error.status === 403 || error.status === 404) { this.emit("gone"); return; }
        if (error.wait) failures = Math.max(failures, Math.log2(error.wait) + 1);
      }
      if (signal.aborted) return;
      if (!alive) failures += 1;
      if (failures || this.mute < 2) await this.rest(failures, signal);
    }
  }

  // Full jitter: a relay that comes back is not met by everybody at once.
  async rest(failures, signal) {
    const most = Math.min(SLOWEST, 500 * 2 ** failures);
    if (failures) this.emit("state", "offline");
    this.nap = new AbortController();
    signal.addEventListener("abort", () => this.nap.abort(), { once: true });
    await pause(most / 4 + Math.random() * most * 0.75, this.nap.signal);
  }

  async listen(signal, live) {
    const one = new AbortController();
    this.one = one;
    const end = () => one.abort();
    signal.addEventListener("abort", end, { once: true });
    let late = false;
    const tooLate = () => { late = true; end(); };
    let watch = setTimeout(tooLate, FIRST);
    let heard = false;
    try {
      const answer = await this.line.ask(`/v1/stream?after=${this.position()}`, {
        signal: one.signal, headers: { Accept: "text/event-stream" }, cache: "no-store",
      });
      live();
      const reader = answer.body.getReader();
      const decoder = new TextDecoder();
      let rest = "";
      for (;;) {
        const { done, value } = await reader.read();
        if (done) break;
        clearTimeout(watch);
        watch = setTimeout(tooLate, QUIET);
        heard = true;
        rest += decoder.decode(value, { stream: true });
        const blocks = rest.split(/\r?\n\r?\n/);
        rest = blocks.pop();
        blocks.map(eventOf).filter(Boolean).forEach((event) => this.emit("event", event));
      }
    } finally {
      clearTimeout(watch);
      signal.removeEventListener("abort", end);
      // A stream of which nothing ever arrives is held back by something between us.
      this.mute = heard || !late ? 0 : this.mute + 1;
    }
  }

  async poll(signal, live) {
    const answer = await this.line.ask(`/v1/poll?after=${this.position()}&wait=25`, { signal, cache: "no-store" });
    live();
    const said = await answer.json();
    for (const event of said.events || []) this.emit("event", event);
  }
}
