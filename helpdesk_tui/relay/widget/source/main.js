// The script line of the page: find out who asks, show the tab, and answer the page's own calls.

const RENEW = 1500;

class ChatElement extends HTMLElement {}

class Widget {
  constructor(script) {
    const { origin } = new URL(script.src);
    const { dataset } = script;
    this.asked = dataset.language || "";
    this.events = new Emitter();
    const prefix = `helpdesk-chat ${origin} ${dataset.site} `;
    this.memory = new Memory(prefix, "localStorage");
    this.tab = new Memory(prefix, "sessionStorage");
    this.tabs = new Tabs(prefix.trim());
    this.line = new Line(origin, encodeURIComponent(dataset.site || ""), this.memory, this.tabs);
    this.line.on("unknown", () => this.events.emit("expired"));
    this.line.on("other", () => this.clean());
    this.line.identify(identityOf(dataset));
    this.talk = new Talk(this.line, this.memory, this.tabs);
    this.talk.on("site", () => {
      clearTimeout(this.renewing);
      // Not everybody at once: the shop has just been published anew.
      this.renewing = setTimeout(() => this.renew(), RENEW * Math.random());
    });
    this.talk.on("change", () => this.app && this.app.want());
    this.tabs.on("logout", () => this.enter(null));
    this.events.on("close", () => { if (this.app && !this.shown) this.appear(); });
    document.addEventListener("visibilitychange", () => this.turned());
    window.addEventListener("focus", () => this.turned());
    window.addEventListener("online", () => { this.talk.stream.again(); this.talk.push(); });
    window.addEventListener("offline", () => this.talk.become("offline"));
    window.addEventListener("storage", (event) => { if (event.key && event.key.startsWith(prefix)) this.talk.changed(); });
  }

  turned() {
    if (document.visibilityState !== "visible") return;
    this.talk.front();
    if (this.app) this.app.looked();
  }

  async start() {
    for (let failures = 0; ; failures += 1) {
      try {
        await this.setUp();
        return;
      } catch (error) {
        // A site that does not exist or a page that may not carry it: nothing to show, ever.
        if (!error.isSilence && error.status !== 429) return;
        const hurry = new AbortController();
        window.addEventListener("online", () => hurry.abort(), { once: true, signal: hurry.signal });
        await pause((error.wait * 1000 || 1000 * 2 ** Math.min(failures, 6)) * (0.5 + Math.random()), hurry.signal);
      }
    }
  }

  async setUp() {
    this.site = await this.config();
    await this.know();
    // A tab for customers only says nothing of itself before it knows one.
    if (!this.site.enabled && this.line.visitor) this.site = await this.config();
    this.appear();
  }

  // What the shop publishes, in the best language there is.
  async config() {
    const wanted = wishes(this.asked);
    let site = await this.line.config(wanted[0] || "en");
    if (!site.enabled) return site;
    const best = chosen(wanted, site.languages && site.languages.length ? site.languages : [site.language]);
    if (best && best !== site.language) site = { ...(await this.line.config(best)), language: best };
    return { hours: [], faq: [], texts: {}, ...site };
  }

  // Somebody the page names may have a conversation running; nobody else needs a session to read.
  async know() {
    const open = this.site.enabled || this.site.login === "logged-in";
    if (!open || !this.line.identity) return;
    try {
      await this.line.session();
      if (this.line.visitor) await this.talk.load();
    } catch (error) {
      if (error.isSilence || error.status === 429) throw error;
    }
  }

  // What somebody else has left in this browser is not for the next one.
  clean() {
    this.memory.set("outbox", null);
    for (const name of ["draft", "query", "open"]) this.tab.set(name, null);
  }

  get shown() {
    return this.site.enabled && (this.site.login !== "logged-in" || Boolean(this.line.visitor));
  }

  appear() {
    // Whose chat the shop ends by hiding the tab is told so, and keeps it until it is closed.
    if (!this.shown && this.app && this.app.isOpen && this.talk.conversation) return;
    const open = this.app ? this.app.isOpen : Boolean(this.tab.get("open"));
    const before = this.app && this.app.page;
    const inside = Boolean(this.app && this.app.root.activeElement);
    if (this.app) this.app.destroy();
    this.app = null;
    if (!this.shown) {
      if (this.host) this.host.remove();
      this.host = null;
      this.talk.want(false);
      return;
    }
    const root = this.element();
    const words = new Words(this.site.language || "en", this.site.texts);
    this.app = new App(this.host, root, this.site, words, this.line, this.talk, this.memory, this.tab, this.tabs, this.events);
    this.dress(root);
    if (open) this.app.stay(before, inside);
    this.app.want();
    this.talk.push();
  }

  element() {
    if (this.host && this.host.isConnected) return this.root;
    this.host = document.createElement("helpdesk-chat");
    this.root = this.host.attachShadow({ mode: "open" });
    this.paint = new CSSStyleSheet();
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    this.root.adoptedStyleSheets = [sheet, this.paint];
    // Beside the body: what a page does to its body does not bend what stands fixed on the screen.
    document.documentElement.append(this.host);
    return this.root;
  }

  dress(root) {
    this.paint.replaceSync(accentRules(this.site.accent));
    const dark = matchMedia("(prefers-color-scheme: dark)");
    const set = () => {
      const { scheme } = this.site;
      root.firstChild.dataset.scheme = scheme === "dark" || scheme === "light" ? scheme : dark.matches ? "dark" : "light";
    };
    if (this.unwatch) this.unwatch();
    dark.addEventListener("change", set);
    this.unwatch = () => dark.removeEventListener("change", set);
    set();
    fitScreen(root.firstChild);
  }

  async renew() {
    if (this.app && this.app.composer && this.app.composer.pieces.length) {
      // Not while files are on their way.
      this.renewing = setTimeout(() => this.renew(), 10 * RENEW);
      return;
    }
    try {
      this.site = await this.config();
      this.appear();
    } catch {
      // The old texts stay until the next time.
    }
  }

  // Another visitor than before: nothing of the one before is left on the screen.
  async enter(identity) {
    this.talk.want(false);
    this.line.identify(identity);
    this.talk.clear();
    if (this.site) await this.start();
  }

  get api() {
    return Object.freeze({
      open: () => { if (this.app) this.app.open(); },
      close: () => { if (this.app) this.app.close(); },
      identify: (said) => this.enter(typeof said === "string" ? { token: said } : said ? { signed: said } : null),
      logout: () => {
        this.clean();
        this.tabs.tell("logout");
        return this.enter(null);
      },
      on: (name, listener) => this.events.on(name, listener),
    });
  }
}

// Who the page says is there: a signed token, or the signed parts of one.
function identityOf(data) {
  if (data.token) return { token: data.token };
  if (!data.userId || !data.signature) return null;
  const { userId: id, userEmail: email = "", userName: name = "", signature } = data;
  return { signed: { id, email, name, expires: Number(data.expires) || 0, signature } };
}

// On a phone the keyboard takes part of the screen: the panel keeps to what is left of it.
function fitScreen(frame) {
  const view = window.visualViewport;
  if (!view || frame.fitted) return;
  frame.fitted = true;
  const fit = () => {
    if (!frame.isConnected) return;
    frame.style.setProperty("--view-height", `${Math.round(view.height)}px`);
    frame.style.setProperty("--view-top", `${Math.round(view.offsetTop)}px`);
  };
  view.addEventListener("resize", fit);
  view.addEventListener("scroll", fit);
  fit();
}

const SCRIPT = document.currentScript;
if (SCRIPT && SCRIPT.dataset.site && !window.helpdeskChat) {
  if (!customElements.get("helpdesk-chat")) customElements.define("helpdesk-chat", ChatElement);
  const widget = new Widget(SCRIPT);
  window.helpdeskChat = widget.api;
  const begin = () => widget.start().then(() => {
    document.dispatchEvent(new CustomEvent("helpdesk-chat-ready"));
    widget.events.emit("ready");
  });
  begin();
}
