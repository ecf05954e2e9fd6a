// The widget as a whole: which page is open, what the head says, where the focus goes.

class App {
  constructor(host, root, site, words, line, talk, memory, tab, tabs, events) {
    Object.assign(this, { host, root, site, words, line, talk, memory, tab, tabs, events });
    talk.language = words.language;
    this.media = new Media(line);
    this.page = null;
    this.isOpen = false;
    this.build();
    this.off = [
      talk.on("change", () => this.draw()),
      talk.on("arrived", (message) => this.arrived(message)),
      talk.on("wall", () => this.wall()),
      talk.on("slow", (wait) => this.slow(wait)),
      talk.on("back", () => this.composer && this.composer.back()),
      talk.on("ended", (by) => events.emit("ended", { by })),
    ];
    this.draw();
  }

  build() {
    const { words, site } = this;
    this.badge = h("span", { class: "badge", hidden: true, "aria-hidden": "true" });
    this.launcher = button("launcher", { onclick: () => this.toggle(), "aria-expanded": "false", "aria-controls": "panel" },
      icon("chat"), icon("down"), this.badge);
    this.backButton = iconButton("back", words.say("back"), () => this.goHome());
    this.title = h("h1", { id: "title", dir: "auto" }, words.has("title") ? words.say("title") : site.name);
    this.status = h("p", { class: "status", dir: "auto" });
    this.menu = new Menu(this);
    this.head = h("header", { class: "head" }, this.backButton, h("div", { class: "head-text" }, this.title, this.status),
      this.menu.node, iconButton("close", words.say("close"), () => this.close()));
    this.lineState = h("p", { class: "line-state", role: "status", hidden: true });
    this.main = h("div", { class: "main" });
    this.drop = h("div", { class: "drop", hidden: true, "aria-hidden": "true" }, icon("clip"), h("p", null, words.say("drop")));
    this.panel = h("section", { class: "panel", id: "panel", role: "dialog", "aria-labelledby": "title", hidden: true, tabindex: -1 },
      this.head, this.lineState, this.main, this.drop);
    this.teaser = new Teaser(this);
    this.frame = h("div", { class: "frame", lang: words.language, dir: words.rtl ? "rtl" : "ltr", "data-side": site.side || "right" },
      this.panel, this.teaser.node, this.launcher);
    this.root.replaceChildren(this.frame);
    this.listen();
  }

  listen() {
    this.frame.addEventListener("keydown", (event) => {
      // The page's own shortcuts must not fire while somebody writes here.
      event.stopPropagation();
      if (event.key === "Escape" && this.isOpen && !event.isComposing) this.close();
    });
    for (const name of ["keypress", "keyup", "input", "paste"]) this.frame.addEventListener(name, (event) => event.stopPropagation());
    const files = (event) => [...((event.dataTransfer && event.dataTransfer.types) || [])].includes("Files") && this.canWrite;
    this.panel.addEventListener("dragover", (event) => {
      if (!files(event)) return;
      event.preventDefault();
      show(this.drop, true);
    });
    this.panel.addEventListener("dragleave", (event) => { if (!this.panel.contains(event.relatedTarget)) show(this.drop, false); });
    this.panel.addEventListener("drop", (event) => {
      show(this.drop, false);
      if (!files(event)) return;
      event.preventDefault();
      this.goChat();
      this.composer.add([...event.dataTransfer.files]);
    });
  }

  destroy() {
    this.off.forEach((each) => each());
    clearInterval(this.clock);
  }

  // -- opening and closing --------------------------------------------------------------------

  toggle() {
    if (this.isOpen) this.close();
    else this.open();
  }

  open(where, focus = true) {
    if (!this.isOpen) {
      this.isOpen = true;
      this.tab.set("open", true);
      show(this.panel, true);
      this.frame.classList.add("open");
      this.launcher.setAttribute("aria-expanded", "true");
      this.teaser.hide();
      this.events.emit("open");
      this.clock = setInterval(() => this.drawHead(), 30000);
    }
    if (where === "chat" || (!this.page && this.startsWithChat)) this.goChat(null, focus);
    else if (!this.page) this.goHome(focus);
    else if (focus) this.focusPage();
    this.want();
    this.draw();
    this.looked();
  }

  close() {
    if (!this.isOpen) return;
    const inside = this.root.activeElement;
    this.isOpen = false;
    this.tab.set("open", null);
    show(this.panel, false);
    this.frame.classList.remove("open");
    this.launcher.setAttribute("aria-expanded", "false");
    clearInterval(this.clock);
    if (inside) this.launcher.focus({ preventScroll: true });
    this.talk.typed(false);
    this.want();
    this.draw();
    this.events.emit("close");
  }

  // Open where the one before was left, so that nobody is taken away from what they read.
  stay(before, focus) {
    const kind = before ? before.kind : "";
    const read = kind === "answer" && this.site.faq.find((each) => each.key === before.page.entry.key);
    if (read) this.goAnswer(read, focus);
    else if ((kind === "home" || kind === "answer") && this.site.faq.length) this.goHome(focus);
    this.open(kind === "chat" ? "chat" : "", focus);
  }

  // News are needed while somebody looks, and as long as a conversation runs.
  want() {
    this.talk.want(Boolean(this.line.visitor) && (this.isOpen || this.talk.running || this.talk.outbox.length > 0));
  }

  get startsWithChat() {
    return !this.site.faq.length || this.talk.items.length > 0;
  }

  get canWrite() {
    return Boolean(this.line.visitor);
  }

  visitorName() {
    const name = this.line.visitor && this.line.visitor.name;
    return name ? name.split(/\s+/)[0] : "";
  }

  // -- pages ------------------------------------------------------------------------------------

  turn(kind, page, node, focus = true) {
    this.page = { kind, page };
    this.main.replaceChildren(node);
    this.frame.dataset.page = kind;
    this.draw();
    if (focus && this.isOpen) this.focusPage();
  }

  focusPage() {
    const { kind, page } = this.page;
    // On a phone the keyboard would cover what the visitor came to read.
    const touch = matchMedia("(pointer: coarse)").matches;
    if (kind === "chat" && this.composer && !touch) this.composer.focus();
    else if (kind === "answer" || (kind === "home" && !touch)) page.focus();
    else this.panel.focus({ preventScroll: true });
  }

  goHome(focus) {
    const home = new Home(this);
    this.turn("home", home, home.node, focus);
  }

  goAnswer(entry, focus) {
    const answer = new Answer(this, entry);
    this.turn("answer", answer, answer.node, focus);
  }

  goChat(entry, focus) {
    if (!this.page || this.page.kind !== "chat") {
      this.thread = new Thread(this);
      this.foot = h("div", { class: "foot" });
      this.footIs = "";
      this.turn("chat", this.thread, h("div", { class: "page chat" }, this.thread.node, this.foot), focus);
      this.thread.bottom();
    } else if (focus !== false) this.focusPage();
    if (entry && this.composer && !this.talk.running) this.composer.setAbout(entry);
    this.looked();
  }

  // What stands under the conversation: the composer, the wall, or the way to a new chat.
  drawFoot() {
    const { talk, words } = this;
    const ended = Boolean(talk.conversation && talk.conversation.ended);
    const is = `${!this.canWrite ? "wall" : ended ? "ended" : "write"}`;
    if (is !== this.footIs) {
      const focused = this.root.activeElement && this.foot.contains(this.root.activeElement);
      this.footIs = is;
      this.composer = is === "write" ? new Composer(this) : null;
      this.legalBox = h("div");
      this.foot.replaceChildren(...(is === "write" ? [this.legalBox, this.personBox(), this.composer.node] : is === "ended" ? this.endedFoot() : this.wallFoot()));
      if (focused && is === "ended") this.foot.querySelector("button").focus({ preventScroll: true });
    }
    if (is !== "write") return;
    const first = !talk.items.length;
    if (first !== this.wasFirst || !this.legalBox.childNodes.length) this.legalBox.replaceChildren(...(first ? [this.legal()] : []));
    this.wasFirst = first;
    const from = (who) => talk.messages.some((each) => each.from === who);
    show(this.askBox, Boolean(this.site.has_responder && talk.running && !talk.asked && from("ai") && !from("agent")));
  }

  personBox() {
    this.askBox = h("div", { class: "ask-person" }, button("chip", { onclick: () => { this.talk.person(); this.composer.focus(); } }, icon("person"), this.words.say("want_person")));
    return this.askBox;
  }

  endedFoot() {
    const { words } = this;
    return [h("div", { class: "ended" },
      button("wide person-button", { onclick: () => { this.talk.fresh(); this.focusPage(); } }, icon("chat"), words.say("start_new")),
      button("wide quiet", { onclick: () => this.transcript() }, icon("download"), words.say("transcript")))];
  }

  wallFoot() {
    const { words, site } = this;
    const link = safeAddress(site.login_url) ? h("a", { class: "wide person-button", href: safeAddress(site.login_url) }, words.say("login")) : null;
    const mail = site.support_address && !link ? h("p", null, linked(words.say("write_to", { address: site.support_address }))) : null;
    return [h("div", { class: "wall" }, h("span", { class: "wall-icon" }, icon("lock")), h("p", null, words.say("login_to_write")), link, mail, this.legal())];
  }

  legal() {
    const { words, site } = this;
    const links = [["privacy_url", "privacy"], ["terms_url", "terms"]]
      .filter(([where]) => safeAddress(site[where])).map(([where, name]) => outward(site[where], words.say(name)));
    return links.length ? h("p", { class: "legal" }, links.flatMap((each, place) => (place ? [" · ", each] : [each]))) : h("p", { class: "legal", hidden: true });
  }

  // On the first page: the conversation that runs, one touch away.
  drawCard(place) {
    const { talk, words } = this;
    const last = talk.items[talk.items.length - 1];
    const key = last ? JSON.stringify([last.text, last.from, talk.unread, talk.running]) : "";
    if (place.dataset.is === key) return;
    place.dataset.is = key;
    place.replaceChildren(...(last ? [button("card", { onclick: () => this.goChat() },
      h("span", { class: "card-text" }, h("span", { class: "card-title" }, words.say(talk.running ? "go_on" : "last_chat")),
        h("span", { class: "card-last", dir: "auto" }, last.text || (last.files || []).map((each) => plainName(each.name)).join(", "))),
      talk.unread ? h("span", { class: "count" }, String(talk.unread)) : icon("forward"))] : []));
  }

  // -- drawing ------------------------------------------------------------------------------------

  draw() {
    this.drawHead();
    if (this.page && this.page.kind === "chat") {
      this.drawFoot();
      this.thread.draw();
    }
    if (this.page && this.page.kind === "home") this.drawCard(this.page.page.more);
    this.drawBadge();
    if (this.isOpen) this.looked();
  }

  drawHead() {
    const { talk, words, site } = this;
    const { open, next } = openness(site.hours);
    const text = open ? words.say("we_are_here") : backText(words, next);
    if (this.status.textContent !== text) this.status.textContent = text;
    this.status.classList.toggle("here", open);
    const kind = this.page && this.page.kind;
    show(this.backButton, (kind === "chat" && site.faq.length > 0) || kind === "answer");
    const off = this.canWrite && (this.isOpen || talk.outbox.length > 0) && talk.state === "offline";
    const said = off ? words.say(talk.outbox.length ? "offline_waiting" : "offline") : talk.state === "gone" ? words.say("gone") : "";
    if (this.lineState.textContent !== said) this.lineState.replaceChildren(...(said ? [icon("off"), h("span", null, said)] : []));
    show(this.lineState, Boolean(said));
  }

  drawBadge() {
    const { talk, words } = this;
    const count = this.isOpen ? 0 : talk.unread;
    show(this.badge, count > 0);
    this.badge.textContent = count > 99 ? "99+" : String(count);
    const label = this.isOpen ? words.say("close") : count ? `${words.say("open_chat")} – ${words.say("unread", { count })}` : words.say("open_chat");
    if (this.launcher.getAttribute("aria-label") !== label) this.launcher.setAttribute("aria-label", label);
    if (this.wasUnread !== count) this.events.emit("unread", { count });
    this.wasUnread = count;
    if (!talk.unread) this.teaser.hide();
  }

  awayText() {
    const { words, site } = this;
    const { open, next } = openness(site.hours);
    if (open) return "";
    const back = backText(words, next);
    if (words.has("away")) return words.say("away", { when: back });
    return site.support_address ? `${back}. ${words.say("write_to", { address: site.support_address })}` : back;
  }

  arrived(message) {
    this.events.emit("message", { from: message.from, name: message.name, text: message.text });
    const looking = this.isOpen && document.visibilityState === "visible";
    // One sound, however many tabs there are.
    if (message.first && !looking && this.memory.get("sound", false)) blip();
    if (!this.isOpen) this.teaser.say(message);
  }

  // Seen is what is on the screen of somebody who is there, at the end of the conversation.
  looked() {
    const there = this.isOpen && this.page && this.page.kind === "chat" && document.visibilityState === "visible";
    if (there && this.thread.atBottom) this.talk.look();
  }

  // -- what the visitor asks for ----------------------------------------------------------------------

  wall() {
    this.line.keep({ ...this.line.kept, visitor: null });
    this.draw();
  }

  slow(wait) {
    if (this.composer) this.composer.tell(this.words.say("slow", { count: Math.ceil(wait) }), true);
  }

  setSound(on) {
    this.memory.set("sound", on);
    if (on) blip();
    this.menu.opener.focus({ preventScroll: true });
  }

  transcript() {
    const text = new Blob(["\ufeff", transcriptOf(this)], { type: "text/plain;charset=utf-8" });
    saveAs(text, `${this.site.id || "chat"}-${new Date().toISOString().slice(0, 10)}.txt`);
  }

  confirmEnd() {
    const { words, talk } = this;
    askOver(this, words.say("end_sure"), words.say("end_chat"), words.say("go_on_chat"), async () => {
      try {
        await talk.end();
      } catch {
        talk.become("offline");
      }
    });
  }

  enlarge(file) {
    enlarged(this, file).catch(() => {});
  }

  async save(file, from) {
    from.setAttribute("aria-busy", "true");
    try {
      await this.media.save(file);
    } catch {
      this.composer && this.composer.tell(this.words.say("no_download"), true);
    }
    from.removeAttribute("aria-busy");
  }
}
