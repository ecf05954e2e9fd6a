// Writing: text, emoji, pictures and files, with every limit said before anything is sent.

const EMOJI = "😀 😄 😂 😊 😍 😉 😎 🤔 😅 😢 😮 😡 👍 👎 🙏 👏 🙌 💪 👋 🤝 ❤️ 💙 💚 ✨ 🎉 🎁 🔥 ⭐ ✅ ❌ ❓ ❗ 📦 🚚 🛒 💳 🧾 📷 📎 ⏰".split(" ");
const COLUMNS = 8;

class Composer {
  constructor(app) {
    this.app = app;
    const { words } = app;
    this.pieces = [];
    this.faq = null;
    this.text = h("textarea", {
      class: "text", rows: 1, dir: "auto", id: "text", placeholder: words.say("write"), "aria-label": words.say("write"),
      "aria-describedby": "composer-note", enterkeyhint: "enter", autocomplete: "off",
      oninput: () => this.typed(), onkeydown: (event) => this.key(event), onpaste: (event) => this.pasted(event),
    });
    this.text.value = app.tab.get("draft", "");
    this.picker = h("input", { type: "file", class: "sr", multiple: true, tabindex: -1, "aria-hidden": "true", onchange: () => this.picked() });
    this.note = h("p", { class: "composer-note", id: "composer-note", role: "status" });
    this.about = h("div", { class: "about", hidden: true });
    this.trays = h("ul", { class: "tray", hidden: true, "aria-label": words.say("attached") });
    this.emoji = this.makeEmoji();
    this.smile = iconButton("smile", words.say("emoji"), () => this.toggleEmoji(), { "aria-expanded": "false", "aria-haspopup": "dialog" });
    this.send = button("send", { "aria-label": words.say("send"), title: words.say("send"), onclick: () => this.go() }, icon("send"));
    this.node = h("div", { class: "composer" }, this.about, this.trays, this.emoji, this.note,
      h("div", { class: "field" },
        iconButton("clip", words.say("attach"), () => this.picker.click()), this.picker,
        this.text, this.smile, this.send));
    // The line breaks of a textarea are known only once it is drawn.
    requestAnimationFrame(() => this.grow());
    this.check();
  }

  grow() {
    this.text.style.height = "auto";
    this.text.style.height = `${Math.min(this.text.scrollHeight, 132)}px`;
  }

  typed() {
    this.eager = false;
    this.grow();
    this.app.tab.set("draft", this.text.value || null);
    this.app.talk.typed(Boolean(this.text.value.trim()));
    this.tell("");
    this.check();
  }

  key(event) {
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key === "Enter" && !event.shiftKey && !event.altKey && !event.ctrlKey) {
      event.preventDefault();
      this.go();
    }
  }

  get limits() {
    return { text: 4000, file: 10000000, files: 5, ...this.app.site.limits };
  }

  get over() {
    return Array.from(this.text.value).length - this.limits.text;
  }

  get busy() {
    return this.pieces.some((each) => each.state === "going");
  }

  get ready() {
    return this.pieces.filter((each) => each.state === "there");
  }

  check() {
    const { words } = this.app;
    const some = Boolean(this.text.value.trim()) || this.ready.length > 0;
    this.send.setAttribute("aria-disabled", String(!some || this.over > 0 || this.busy));
    this.node.classList.toggle("filled", some);
    if (this.over > 0) this.tell(words.say("over", { count: this.over }), true);
    else if (this.over > -200) this.tell(words.say("left", { count: -this.over }));
    show(this.trays, this.pieces.length > 0);
  }

  tell(text, bad = false) {
    this.note.textContent = text;
    this.note.classList.toggle("bad", bad);
  }

  go() {
    const text = this.text.value.trim();
    // Sent as soon as the files are there, unless the visitor goes on writing.
    this.eager = this.busy;
    if (this.busy) { this.tell(this.app.words.say("wait_upload")); return; }
    if ((!text && !this.ready.length) || this.over > 0) return;
    const files = this.ready.map((each) => each.said);
    this.pieces.filter((each) => each.state !== "there").forEach((each) => this.remove(each));
    this.app.talk.write(text, files, this.faq && this.faq.key);
    this.text.value = "";
    this.pieces = [];
    this.trays.replaceChildren();
    this.setAbout(null);
    this.typed();
    this.toggleEmoji(false);
    this.text.focus({ preventScroll: true });
  }

  setAbout(entry) {
    const { words } = this.app;
    this.faq = entry || null;
    show(this.about, Boolean(entry));
    this.about.replaceChildren(...(entry ? [
      h("span", { class: "about-text" }, words.say("about"), " ", h("bdi", null, entry.question)),
      iconButton("close", words.say("not_about"), () => { this.setAbout(null); this.text.focus(); })] : []));
  }

  // -- files --------------------------------------------------------------------------------

  picked() {
    this.add([...this.picker.files]);
    this.picker.value = "";
  }

  pasted(event) {
    const files = [...((event.clipboardData && event.clipboardData.files) || [])];
    if (!files.length) return;
    event.preventDefault();
    this.add(files);
  }

  add(files) {
    const { words } = this.app;
    for (const file of files) {
      const name = plainName(file.name);
      if (this.pieces.length >= this.limits.files) {
        this.tell(words.say("too_many", { count: this.limits.files }), true);
        break;
      }
      if (file.size > this.limits.file) this.tell(words.say("too_big", { name, size: words.size(this.limits.file) }), true);
      else if (!file.size) this.tell(words.say("empty_file", { name }), true);
      else this.upload(file);
    }
    this.text.focus({ preventScroll: true });
  }

  upload(file) {
    const { words, media } = this.app;
    const name = plainName(file.name);
    const piece = { file, name, state: "going", stop: new AbortController(), said: null };
    piece.bar = h("progress", { max: 1, value: 0, "aria-label": words.say("uploading", { name }) });
    piece.line = h("span", { class: "piece-state" }, words.size(file.size));
    piece.again = button("link", { hidden: true, onclick: () => this.start(piece) }, words.say("retry"));
    const thumb = h("span", { class: "thumb" }, icon("file"));
    if (PICTURES.has(file.type)) {
      piece.url = URL.createObjectURL(file);
      thumb.replaceChildren(h("img", { src: piece.url, alt: "" }));
    }
    piece.node = h("li", { class: "piece" }, thumb,
      h("span", { class: "piece-text" }, h("bdi", { class: "piece-name" }, name), piece.line, piece.again, piece.bar),
      iconButton("close", words.say("remove", { name }), () => { this.remove(piece); this.text.focus(); }));
    this.pieces.push(piece);
    this.trays.append(piece.node);
    piece.done = () => media.own(piece.said.id, file);
    this.start(piece);
  }

  async start(piece) {
    const { line, words } = this.app;
    piece.state = "going";
    piece.node.classList.remove("bad");
    show(piece.again, false);
    show(piece.bar, true);
    piece.line.textContent = words.size(piece.file.size);
    this.check();
    try {
      const progress = (share) => { piece.bar.value = share; };
      piece.said = await line.upload(piece.file, progress, piece.stop.signal);
      piece.state = "there";
      piece.done();
    } catch (error) {
      if (error.name === "AbortError") return;
      piece.state = "failed";
      piece.node.classList.add("bad");
      piece.line.textContent = this.trouble(error, piece);
      show(piece.again, error.status !== 413);
    }
    show(piece.bar, false);
    this.check();
    if (this.eager && !this.busy && !this.pieces.some((each) => each.state === "failed")) this.go();
  }

  trouble(error, piece) {
    const { words, app } = { words: this.app.words, app: this.app };
    if (error.status === 413) return words.say("too_big", { name: piece.name, size: words.size(this.limits.file) });
    if (error.status === 429) return words.say("slow_files", { count: Math.ceil(error.wait || 60) });
    if (error.code === "login.needed") app.wall();
    return words.say(error.isSilence ? "upload_silent" : "upload_refused");
  }

  remove(piece) {
    piece.stop.abort();
    this.eager = false;
    if (piece.url) URL.revokeObjectURL(piece.url);
    this.pieces = this.pieces.filter((each) => each !== piece);
    piece.node.remove();
    this.tell("");
    this.check();
  }

  // The network is back: what broke off goes on by itself.
  back() {
    this.pieces.filter((each) => each.state === "failed" && !each.again.hidden).forEach((each) => this.start(each));
  }

  // -- emoji --------------------------------------------------------------------------------

  makeEmoji() {
    const { words } = this.app;
    const keys = EMOJI.map((each, place) => button("emoji", { tabindex: place ? -1 : 0, onclick: () => this.insert(each) }, each));
    return h("div", { class: "emoji-box", hidden: true, role: "dialog", "aria-label": words.say("emoji"), onkeydown: (event) => this.emojiKey(event, keys) }, keys);
  }

  toggleEmoji(on = this.emoji.hidden) {
    const was = !this.emoji.hidden;
    show(this.emoji, on);
    this.smile.setAttribute("aria-expanded", String(on));
    if (on) this.emoji.querySelector("[tabindex='0']").focus({ preventScroll: true });
    else if (was) this.text.focus({ preventScroll: true });
  }

  emojiKey(event, keys) {
    const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: COLUMNS, ArrowUp: -COLUMNS }[event.key];
    if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      this.toggleEmoji(false);
      return;
    }
    if (!step) return;
    event.preventDefault();
    const rtl = this.app.words.rtl && Math.abs(step) === 1 ? -step : step;
    const here = keys.findIndex((each) => each.tabIndex === 0);
    const there = Math.min(keys.length - 1, Math.max(0, here + rtl));
    keys[here].tabIndex = -1;
    keys[there].tabIndex = 0;
    keys[there].focus({ preventScroll: true });
  }

  insert(emoji) {
    const { selectionStart, selectionEnd } = this.text;
    this.text.setRangeText(emoji, selectionStart, selectionEnd, "end");
    this.typed();
    this.toggleEmoji(false);
  }

  focus() {
    this.text.focus({ preventScroll: true });
  }
}
