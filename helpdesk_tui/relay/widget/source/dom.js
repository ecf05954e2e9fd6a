// Elements. Text of people only ever becomes text nodes; nothing here knows markup.

const SVG = "http://www.w3.org/2000/svg";
const SCHEMES = new Set(["http:", "https:", "mailto:", "tel:"]);
// Every part has an end, so that a long text made for it costs no more than any other.
const LINK = /(?:https?:\/\/|mailto:|tel:)[^\s<>\x22“”]{1,2000}|[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,9}/gi;
// Characters that turn the order of letters around: a name of a file must not use them to lie.
const TURNING = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

const ICONS = {
  chat: ["M20 11.5a7.5 7.5 0 0 1-7.5 7.5H5l-1.2 1.3V11.5A7.5 7.5 0 0 1 11.3 4h1.2a7.5 7.5 0 0 1 7.5 7.5z", "M9 11.6h.01M12.2 11.6h.01M15.4 11.6h.01"],
  down: ["M6 9.5l6 6 6-6"],
  close: ["M6.5 6.5l11 11M17.5 6.5l-11 11"],
  back: ["M14.5 6l-6 6 6 6"],
  forward: ["M9.5 6l6 6-6 6"],
  more: ["M12 6h.01M12 12h.01M12 18h.01"],
  search: ["M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14z", "M20 20l-4-4"],
  send: ["M12 19V5.5M6 11l6-6 6 6"],
  clip: ["M19.5 11.6l-7.4 7.4a4.8 4.8 0 0 1-6.8-6.8l7.5-7.4a3.2 3.2 0 0 1 4.5 4.5l-7.4 7.4a1.6 1.6 0 0 1-2.3-2.3l6.8-6.7"],
  smile: ["M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17z", "M8.6 14.2c1.8 2.4 5 2.4 6.8 0", "M9.2 9.8h.01M14.8 9.8h.01"],
  check: ["M5 12.5l4.5 4.5L19 7.5"],
  checks: ["M2.5 12.8l4.2 4.2 8.8-9.3", "M11.5 16.2l.8.8 9.2-9.3"],
  clock: ["M12 20a8 8 0 1 0 0-16 8 8 0 0 0 0 16z", "M12 8v4.3l2.7 1.7"],
  alert: ["M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17z", "M12 8v4.6M12 16h.01"],
  file: ["M13.5 3.5H7A1.5 1.5 0 0 0 5.5 5v14A1.5 1.5 0 0 0 7 20.5h10a1.5 1.5 0 0 0 1.5-1.5V8.5z", "M13.5 3.5v5h5"],
  download: ["M12 4.5v10.5M7 10.5l5 5 5-5M5 19.5h14"],
  spark: ["M12 4l1.7 5.3L19 11l-5.3 1.7L12 18l-1.7-5.3L5 11l5.3-1.7z", "M18.5 16.5v4M20.5 18.5h-4"],
  person: ["M12 11.5a3.8 3.8 0 1 0 0-7.6 3.8 3.8 0 0 0 0 7.6z", "M4.8 20a7.2 7.2 0 0 1 14.4 0"],
  lock: ["M6.5 10.5h11A1.5 1.5 0 0 1 19 12v7a1.5 1.5 0 0 1-1.5 1.5h-11A1.5 1.5 0 0 1 5 19v-7a1.5 1.5 0 0 1 1.5-1.5z", "M8.5 10.5V7.6a3.5 3.5 0 0 1 7 0v2.9"],
  up: ["M7.5 20.5H5.2a1.2 1.2 0 0 1-1.2-1.2v-6.6a1.2 1.2 0 0 1 1.2-1.2h2.3z", "M7.5 11.5L11.3 4a2.3 2.3 0 0 1 2.3 2.3v3.2h4.6a1.8 1.8 0 0 1 1.8 2.1l-1.1 7.4a1.8 1.8 0 0 1-1.8 1.5H7.5"],
  off: ["M4 9.5a12 12 0 0 1 4-2.4M20 9.5a12 12 0 0 0-7.4-3.4M7.5 13.2a7 7 0 0 1 3.2-1.7M12 18h.01M4 4l16 16"],
};

function h(tag, props, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props || {})) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  node.append(...children.flat().filter((each) => each !== null && each !== undefined && each !== false));
  return node;
}

function icon(name, kind = "icon") {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", `${kind} i-${name}`);
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("focusable", "false");
  for (const path of ICONS[name]) {
    const line = document.createElementNS(SVG, "path");
    line.setAttribute("d", path);
    svg.append(line);
  }
  return svg;
}

function button(kind, props, ...children) {
  return h("button", { type: "button", class: kind, ...props }, ...children);
}

function iconButton(name, label, onclick, props) {
  return button("tool", { "aria-label": label, title: label, onclick, ...props }, icon(name));
}

function show(node, on) {
  node.hidden = !on;
  return node;
}

function plainName(name) {
  return String(name || "").replace(TURNING, "").slice(0, 200) || "file";
}

function safeAddress(address) {
  try {
    const url = new URL(address);
    return SCHEMES.has(url.protocol) ? url.href : "";
  } catch {
    return "";
  }
}

// A link that leads out; plain text where the address is none that a browser may follow.
function outward(address, text, props) {
  const href = safeAddress(address);
  if (!href) return document.createTextNode(text);
  return h("a", { href, target: "_blank", rel: "noopener noreferrer", ...props }, text);
}

// The text with its addresses as links: every piece of it is a text node.
function linked(text) {
  const pieces = document.createDocumentFragment();
  const plain = String(text === null || text === undefined ? "" : text);
  let from = 0;
  for (const found of plain.matchAll(LINK)) {
    let address = found[0].replace(/[.,;:!?'’»…]+$/, "");
    if (address.endsWith(")") && !address.includes("(")) address = address.replace(/\)+$/, "");
    pieces.append(plain.slice(from, found.index));
    const target = /^(?:https?:|mailto:|tel:)/i.test(address) ? address : `mailto:${address}`;
    pieces.append(outward(target, address));
    from = found.index + address.length;
  }
  pieces.append(plain.slice(from));
  return pieces;
}

// Save bytes under a name without leaving the page.
function saveAs(blob, name) {
  const url = URL.createObjectURL(blob);
  const link = h("a", { href: url, download: plainName(name) });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 30000);
}

// Something that others listen to.
class Emitter {
  constructor() {
    this.listeners = new Map();
  }

  on(name, listener) {
    if (!this.listeners.has(name)) this.listeners.set(name, new Set());
    this.listeners.get(name).add(listener);
    return () => this.listeners.get(name).delete(listener);
  }

  emit(name, value) {
    for (const listener of this.listeners.get(name) || []) {
      try {
        listener(value);
      } catch (error) {
        console.error(error);
      }
    }
  }
}
