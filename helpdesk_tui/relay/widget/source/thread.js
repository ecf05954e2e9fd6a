// The conversation as it is read: groups by author and day, pictures, files, receipts.

const GROUP = 5 * 60000;
const PICTURES = new Set(["image/png", "image/jpeg", "image/gif", "image/webp", "image/avif"]);
const TICKS = { waiting: "clock", failed: "alert", sent: "check", seen: "checks" };

class Thread {
  constructor(app) {
    this.app = app;
    const { words } = app;
    this.nodes = new Map();
    this.list = h("div", {
      class: "log", role: "log", "aria-live": "polite", "aria-relevant": "additions",
      "aria-label": words.say("conversation"), tabindex: 0,
    });
    this.typing = h("div", { class: "typing", hidden: true },
      h("span", { class: "dots", "aria-hidden": "true" }, h("i"), h("i"), h("i")), h("span", { class: "typing-text" }));
    this.typingSaid = h("p", { class: "sr", role: "status" });
    this.fresh = button("new-below", { hidden: true, onclick: () => this.bottom(true) }, icon("down"), words.say("new_below"));
    this.scroller = h("div", { class: "scroller" }, this.list, this.typing, this.typingSaid);
    this.node = h("div", { class: "thread" }, this.scroller, this.fresh);
    this.scroller.addEventListener("scroll", () => { if (this.atBottom) { show(this.fresh, false); app.looked(); } }, { passive: true });
    new ResizeObserver(() => { if (this.stuck) this.bottom(); }).observe(this.scroller);
    new ResizeObserver(() => { if (this.stuck) this.bottom(); }).observe(this.list);
    this.stuck = true;
    this.scroller.addEventListener("scroll", () => { this.stuck = this.atBottom; }, { passive: true });
  }

  get atBottom() {
    const { scrollHeight, scrollTop, clientHeight } = this.scroller;
    return scrollHeight - scrollTop - clientHeight < 60;
  }

  bottom(smooth = false) {
    this.stuck = true;
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.scroller.scrollTo({ top: this.scroller.scrollHeight, behavior: smooth && !calm ? "smooth" : "auto" });
  }

  // Bring what is shown in line with the conversation; what has not changed is not touched.
  draw() {
    const { talk } = this.app;
    const rows = this.rows(talk.items);
    const keys = new Set(rows.map((each) => each.key));
    for (const [key, node] of this.nodes) {
      if (!keys.has(key)) { node.remove(); this.nodes.delete(key); }
    }
    let before = null;
    let added = null;
    for (const row of rows) {
      let node = this.nodes.get(row.key);
      if (!node || node.look !== row.look) {
        const made = row.make();
        made.look = row.look;
        if (node) node.replaceWith(made);
        else added = row;
        this.nodes.set(row.key, made);
        node = made;
      }
      if (row.update) row.update(node);
      const place = before ? before.nextSibling : this.list.firstChild;
      if (place !== node) this.list.insertBefore(node, place);
      before = node;
    }
    this.drawTyping();
    if (added) this.arrived(added);
  }

  arrived(row) {
    if (this.stuck || row.own) this.bottom();
    else show(this.fresh, true);
  }

  rows(items) {
    const { app } = this;
    const rows = this.opening();
    let last = null;
    for (const each of items) {
      const item = { ...each, name: each.from === "visitor" ? "" : each.name || "" };
      const at = new Date(item.at);
      if (!last || app.words.daysAway(new Date(last.at), at)) rows.push(this.dayRow(at));
      const starts = !last || last.from !== item.from || last.name !== item.name || at - new Date(last.at) > GROUP;
      rows.push(this.messageRow(item, starts));
      last = item;
    }
    if (items.length) rows.push(...this.notes());
    return rows;
  }

  // What stands before the first message: the welcome, and when the team is back.
  opening() {
    const { app } = this;
    const welcome = app.words.say("welcome");
    const rows = [{
      key: "welcome", look: welcome, make: () => h("div", { class: "row them starts" }, this.face("auto"), h("div", { class: "stack" },
        h("p", { class: "who", dir: "auto" }, app.site.name), h("div", { class: "bubble", dir: "auto" }, linked(welcome)))),
    }];
    const away = app.talk.items.length ? "" : app.awayText();
    if (away) rows.push({ key: "away", look: away, make: () => h("p", { class: "note away", dir: "auto" }, icon("clock"), h("span", null, linked(away))) });
    return rows;
  }

  notes() {
    const { talk, words } = this.app;
    const rows = [];
    const note = (key, text) => rows.push({ key, look: text, make: () => h("p", { class: "note" }, text) });
    if (talk.asked) note("asked", words.say("person_asked"));
    const ended = talk.conversation && talk.conversation.ended;
    if (ended) note("ended", words.say(talk.conversation.by === "visitor" ? "you_ended" : "they_ended"));
    return rows;
  }

  dayRow(at) {
    const key = `day ${at.getFullYear()}-${at.getMonth()}-${at.getDate()}`;
    const text = this.app.words.day(at);
    return { key, look: text, make: () => h("p", { class: "day" }, text) };
  }

  messageRow(item, starts) {
    const own = item.from === "visitor";
    const look = JSON.stringify([item.text, item.name, item.from, starts, (item.files || []).map((each) => each.id)]);
    return {
      key: item.client_id || `seq ${item.seq}`, look, own,
      make: () => (own ? this.ownMessage(item, starts) : this.theirMessage(item, starts)),
      update: (node) => this.update(node, item),
    };
  }

  face(from, name) {
    if (from === "ai") return h("span", { class: "face", "aria-hidden": "true" }, icon("spark"));
    const letter = Array.from((from === "agent" && name) || this.app.site.name || "?")[0];
    return h("span", { class: "face", "aria-hidden": "true" }, letter.toUpperCase());
  }

  theirMessage(item, starts) {
    const { words, site } = this.app;
    const mark = { auto: words.say("automatic"), ai: words.say("assistant") }[item.from];
    return h("div", { class: `row them${starts ? " starts" : ""}` },
      starts ? this.face(item.from, item.name) : h("span", { class: "face none" }),
      h("div", { class: "stack" },
        h("p", { class: starts ? "who" : "sr" }, h("bdi", null, item.name || site.name), mark ? h("span", { class: "mark" }, mark) : null),
        this.body(item),
        h("p", { class: "when" }, this.moment(item))));
  }

  ownMessage(item, starts) {
    return h("div", { class: `row us${starts ? " starts" : ""}` },
      h("div", { class: "stack" },
        h("p", { class: "sr" }, this.app.words.say("you")),
        this.body(item),
        h("p", { class: "when" }, this.moment(item), h("span", { class: "state" })),
        h("div", { class: "again", hidden: true })));
  }

  moment(item) {
    return h("time", { datetime: item.at }, this.app.words.time(new Date(item.at)));
  }

  body(item) {
    const parts = (item.files || []).map((file) => (PICTURES.has(file.content_type) ? this.picture(file) : this.document(file)));
    if (item.text) {
      const big = /^(?:\p{Extended_Pictographic}[\u{1F3FB}-\u{1F3FF}\uFE0F\u200D]*){1,3}$/u.test(item.text.trim());
      parts.unshift(h("div", { class: `bubble${big ? " big" : ""}`, dir: "auto" }, linked(item.text)));
    }
    return parts;
  }

  // The receipt of one's own message; only what changed is touched, so nothing is read out twice.
  update(node, item) {
    const state = node.querySelector(".state");
    if (!state || state.dataset.is === `${item.state}${item.trouble || ""}`) return;
    state.dataset.is = `${item.state}${item.trouble || ""}`;
    const { words, talk } = this.app;
    const text = words.say(item.trouble || `state_${item.state}`);
    state.replaceChildren(icon(TICKS[item.state] || "check"), h("span", { class: item.state === "failed" ? "" : "sr" }, text));
    state.title = text;
    node.classList.toggle("failed", item.state === "failed");
    const again = show(node.querySelector(".again"), item.state === "failed");
    again.replaceChildren(
      button("link", { onclick: () => talk.retry() }, words.say("retry")),
      button("link", { onclick: () => talk.discard(item.client_id) }, words.say("discard")));
  }

  picture(file) {
    const { words } = this.app;
    const name = plainName(file.name);
    const image = h("img", { alt: name, decoding: "async" });
    const shown = button("picture loading", { "aria-label": words.say("enlarge", { name }), onclick: () => this.app.enlarge(file) }, image);
    this.app.media.url(file).then((url) => {
      image.onload = () => { shown.classList.remove("loading"); if (this.stuck) this.bottom(); };
      image.src = url;
    }).catch(() => shown.replaceWith(this.document(file)));
    return shown;
  }

  document(file) {
    const { words } = this.app;
    const name = plainName(file.name);
    return button("document", { "aria-label": words.say("download", { name }), onclick: (event) => this.app.save(file, event.currentTarget) },
      h("span", { class: "doc-icon" }, icon("file")),
      h("span", { class: "doc-text" }, h("bdi", { class: "doc-name" }, name), h("span", { class: "doc-size" }, words.size(file.size || 0))),
      icon("download"));
  }

  drawTyping() {
    const { talk, words } = this.app;
    const on = Boolean(talk.typing);
    if (on === !this.typing.hidden) return;
    show(this.typing, on);
    const text = on ? words.say("typing", { name: talk.typing.trim() || this.app.site.name }) : "";
    this.typing.lastChild.textContent = text;
    this.typingSaid.textContent = text;
    if (this.stuck) this.bottom();
  }
}

// The bytes of pictures and files: fetched with the session, kept as long as the page.
class Media {
  constructor(line) {
    this.line = line;
    this.urls = new Map();
  }

  path(file) {
    return `/v1/chat/files/${encodeURIComponent(file.id)}`;
  }

  // A picture the visitor has just chosen need not be fetched again.
  own(id, blob) {
    if (PICTURES.has(blob.type)) this.urls.set(id, Promise.resolve(URL.createObjectURL(blob)));
  }

  url(file) {
    if (!this.urls.has(file.id)) {
      const made = this.line.blob(this.path(file)).then((blob) => URL.createObjectURL(new Blob([blob], { type: file.content_type })));
      made.catch(() => this.urls.delete(file.id));
      this.urls.set(file.id, made);
    }
    return this.urls.get(file.id);
  }

  async save(file) {
    saveAs(await this.line.blob(this.path(file)), file.name);
  }
}
