// The panel: its head, its menu, and what lies over its pages.

// A small menu under a button: arrow keys move, Escape and a click elsewhere close.
class Menu {
  constructor(app) {
    this.app = app;
    this.opener = iconButton("more", app.words.say("menu"), () => this.toggle(), { "aria-haspopup": "menu", "aria-expanded": "false" });
    this.list = h("div", { class: "menu", role: "menu", hidden: true, "aria-label": app.words.say("menu"), onkeydown: (event) => this.key(event) });
    this.list.addEventListener("focusout", (event) => {
      if (!this.list.contains(event.relatedTarget) && event.relatedTarget !== this.opener) this.toggle(false, false);
    });
    this.node = h("div", { class: "menu-place" }, this.opener, this.list);
  }

  entries() {
    const { app } = this;
    const { talk, words } = app;
    const sound = Boolean(app.memory.get("sound", false));
    return [
      button("entry", { role: "menuitemcheckbox", "aria-checked": String(sound), onclick: () => app.setSound(!sound) },
        h("span", null, words.say("sound")), h("span", { class: "switch", "aria-hidden": "true" })),
      talk.messages.length ? button("entry", { role: "menuitem", onclick: () => app.transcript() }, words.say("transcript")) : null,
      talk.running ? button("entry danger", { role: "menuitem", onclick: () => app.confirmEnd() }, words.say("end_chat")) : null,
    ].filter(Boolean);
  }

  toggle(on = this.list.hidden, back = true) {
    if (on === !this.list.hidden) return;
    show(this.list, on);
    this.opener.setAttribute("aria-expanded", String(on));
    if (on) {
      this.list.replaceChildren(...this.entries());
      for (const entry of this.list.children) {
        entry.tabIndex = -1;
        entry.addEventListener("click", () => this.toggle(false, false));
      }
      this.list.firstChild.focus({ preventScroll: true });
    } else if (back) this.opener.focus({ preventScroll: true });
  }

  key(event) {
    const all = [...this.list.children];
    const here = all.indexOf(event.target);
    const there = { ArrowDown: here + 1, ArrowUp: here - 1 + all.length, Home: 0, End: all.length - 1 }[event.key];
    if (there !== undefined) {
      event.preventDefault();
      all[there % all.length].focus({ preventScroll: true });
    } else if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      this.toggle(false);
    }
  }
}

// A question over the panel; the answer gives the focus back.
function askOver(app, text, yes, no, then) {
  const close = () => { over.remove(); app.focusPage(); };
  const sure = button("wide danger", { onclick: async () => { sure.disabled = true; await then(); close(); } }, yes);
  const cancel = button("wide quiet", { onclick: close }, no);
  const over = h("div", { class: "over", role: "alertdialog", "aria-modal": "true", "aria-labelledby": "over-text",
    onkeydown: (event) => trapped(event, [sure, cancel], close) },
    h("div", { class: "ask" }, h("p", { id: "over-text" }, text), sure, cancel));
  app.panel.append(over);
  cancel.focus({ preventScroll: true });
}

// Tab goes round among the few things of a question; Escape leaves it.
function trapped(event, all, close) {
  if (event.key === "Escape") {
    event.preventDefault();
    event.stopPropagation();
    close();
  } else if (event.key === "Tab") {
    event.preventDefault();
    const here = all.indexOf(event.target);
    all[(here + (event.shiftKey ? -1 : 1) + all.length) % all.length].focus({ preventScroll: true });
  }
}

// A picture, larger than the panel lets it be.
async function enlarged(app, file) {
  const { words } = app;
  const name = plainName(file.name);
  const before = app.root.activeElement;
  const close = () => { box.remove(); if (before) before.focus({ preventScroll: true }); };
  const save = iconButton("download", words.say("download", { name }), () => app.save(file, save));
  const shut = iconButton("close", words.say("close_picture"), close);
  const image = h("img", { alt: name });
  const box = h("div", { class: "large", role: "dialog", "aria-modal": "true", "aria-label": name,
    onkeydown: (event) => trapped(event, [save, shut], close),
    onclick: (event) => { if (event.target === box) close(); } },
    h("div", { class: "large-head" }, h("bdi", null, name), save, shut), image);
  app.frame.append(box);
  shut.focus({ preventScroll: true });
  image.src = await app.media.url(file);
}

// The last words of the other side, beside the button, while the panel is closed.
class Teaser {
  constructor(app) {
    const { words } = app;
    this.app = app;
    this.who = h("bdi", { class: "teaser-who" });
    this.text = h("span", { class: "teaser-text", dir: "auto" });
    this.node = h("div", { class: "teaser", hidden: true },
      button("teaser-open", { onclick: () => app.open("chat") }, this.who, this.text),
      iconButton("close", words.say("dismiss"), () => { this.hide(); app.launcher.focus(); }));
  }

  say(message) {
    this.who.textContent = message.name || this.app.site.name;
    this.text.textContent = message.text || (message.files || []).map((each) => plainName(each.name)).join(", ");
    show(this.node, true);
  }

  hide() {
    show(this.node, false);
  }
}

// A short, soft sound of two notes.
function blip() {
  try {
    const audio = new (window.AudioContext || window.webkitAudioContext)();
    const volume = audio.createGain();
    volume.connect(audio.destination);
    volume.gain.setValueAtTime(0.0001, audio.currentTime);
    volume.gain.exponentialRampToValueAtTime(0.12, audio.currentTime + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.0001, audio.currentTime + 0.4);
    [660, 880].forEach((pitch, place) => {
      const note = audio.createOscillator();
      note.frequency.value = pitch;
      note.connect(volume);
      note.start(audio.currentTime + place * 0.09);
      note.stop(audio.currentTime + 0.4);
    });
    setTimeout(() => audio.close(), 700);
  } catch {
    // No sound in this browser: the badge says the same.
  }
}

// The conversation as plain text, for the visitor to keep.
function transcriptOf(app) {
  const { words, site, talk } = app;
  const lines = [`${site.name} – ${words.say("conversation")}`, ""];
  for (const each of talk.items) {
    const at = words.format({ dateStyle: "medium", timeStyle: "short" }, new Date(each.at));
    const who = each.from === "visitor" ? words.say("you") : each.name || site.name;
    const files = (each.files || []).map((file) => `[${plainName(file.name)}]`);
    lines.push(`${at}  ${who}:`, ...[each.text, ...files].filter(Boolean), "");
  }
  return lines.join("\r\n");
}
