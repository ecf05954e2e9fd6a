// The first page: the shop's greeting, its published answers, and the way to a person.

const SHOWN = 60;

class Home {
  constructor(app) {
    this.app = app;
    const { words } = app;
    this.finder = new Finder(app.site.faq);
    this.category = "";
    this.query = app.tab.get("query", "");
    this.search = h("input", {
      type: "search", class: "search-text", id: "search", autocomplete: "off", enterkeyhint: "search",
      placeholder: words.say("search"), "aria-label": words.say("search"), maxlength: 200,
      oninput: () => this.typed(), onkeydown: (event) => this.key(event),
    });
    this.search.value = this.query;
    this.count = h("p", { class: "sr", role: "status" });
    this.chips = h("div", { class: "chips", role: "group", "aria-label": words.say("topics") });
    this.list = h("ul", { class: "answers", "aria-label": words.say("answers") });
    this.nothing = h("p", { class: "nothing" });
    this.more = h("div", { class: "card-slot" });
    this.node = h("div", { class: "page home" }, h("div", { class: "home-scroll" },
      h("div", { class: "hero" },
        h("h2", { dir: "auto" }, words.say("greeting", { name: app.visitorName() }).trim()),
        h("p", { dir: "auto" }, linked(words.say("welcome")))),
      h("div", { class: "home-body" },
        this.more,
        h("div", { class: "search" }, icon("search"), this.search),
        this.count, this.chips, this.list, this.nothing)),
    h("div", { class: "home-foot" },
      button("wide person-button", { onclick: () => app.goChat() }, icon("chat"), words.say("ask_person")),
      app.legal()));
    this.drawChips();
    this.draw();
  }

  drawChips() {
    const names = [...new Set(this.app.site.faq.map((each) => each.category).filter(Boolean))];
    show(this.chips, names.length > 1);
    this.chips.replaceChildren(...["", ...names].map((name) => button("chip", {
      "aria-pressed": String(name === this.category), dir: "auto",
      onclick: () => this.choose(name),
    }, name || this.app.words.say("all_topics"))));
  }

  choose(name) {
    this.category = name;
    for (const [place, chip] of [...this.chips.children].entries()) {
      const own = place ? chip.textContent : "";
      chip.setAttribute("aria-pressed", String(own === name));
    }
    this.draw();
  }

  typed() {
    this.query = this.search.value;
    this.app.tab.set("query", this.query);
    this.draw();
    clearTimeout(this.later);
    // Said once the visitor pauses, not for every letter.
    this.later = setTimeout(() => {
      this.count.textContent = this.query ? this.app.words.say("found", { count: this.found.length }) : "";
    }, 600);
  }

  key(event) {
    if (event.isComposing) return;
    if (event.key === "Enter" && this.found.length && this.query) this.app.goAnswer(this.found[0]);
    if (event.key === "ArrowDown") this.list.querySelector("button")?.focus();
  }

  draw() {
    const { words } = this.app;
    this.found = this.finder.find(this.query).filter((each) => !this.category || each.category === this.category);
    this.list.replaceChildren(...this.found.slice(0, SHOWN).map((entry) => h("li", null,
      button("answer-link", { onclick: () => this.app.goAnswer(entry) },
        h("span", { dir: "auto" }, entry.question), icon("forward")))));
    show(this.list, this.found.length > 0);
    show(this.nothing, !this.found.length);
    this.nothing.textContent = this.found.length ? "" : words.say("nothing_found");
    this.app.drawCard(this.more);
  }

  focus() {
    this.search.focus({ preventScroll: true });
  }
}

// One answer, whether it helped, and the way on from it.
class Answer {
  constructor(app, entry) {
    const { words } = app;
    this.app = app;
    this.entry = entry;
    this.title = h("h2", { dir: "auto", tabindex: -1 }, entry.question);
    this.vote = h("div", { class: "vote", role: "group", "aria-label": words.say("was_helpful") });
    this.said = h("p", { class: "vote-said", role: "status" });
    this.node = h("div", { class: "page answer" },
      entry.category ? h("p", { class: "category", dir: "auto" }, entry.category) : null,
      this.title,
      h("div", { class: "answer-text", dir: "auto" }, linked(entry.answer)),
      this.vote, this.said,
      button("wide person-button", { onclick: () => app.goChat(entry) }, icon("chat"), words.say("still_need")));
    this.voted = app.memory.get("votes", {})[entry.key];
    this.draw();
  }

  draw() {
    const { words } = this.app;
    const done = this.voted !== undefined;
    show(this.vote, !done);
    this.vote.replaceChildren(
      h("span", null, words.say("was_helpful")),
      button("choice", { onclick: () => this.cast(true) }, icon("up"), words.say("yes")),
      button("choice", { onclick: () => this.cast(false) }, icon("up", "icon turned"), words.say("no")));
    this.said.textContent = done ? words.say(this.voted ? "glad" : "sorry") : "";
  }

  async cast(helpful) {
    this.voted = helpful;
    this.draw();
    this.node.querySelector(".person-button").focus({ preventScroll: true });
    const votes = this.app.memory.get("votes", {});
    this.app.memory.set("votes", { ...votes, [this.entry.key]: helpful });
    const { line, words } = this.app;
    const path = `/v1/sites/${line.site}/faq/${encodeURIComponent(this.entry.key)}/vote`;
    await line.post(path, { helpful, language: words.language }).catch(() => {});
  }

  focus() {
    this.title.focus({ preventScroll: true });
  }
}
