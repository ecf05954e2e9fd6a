// Words: the texts that came with the site, and dates as the visitor writes them.

const RIGHT_TO_LEFT = new Set(["ar", "arc", "ckb", "dv", "fa", "he", "iw", "ks", "ps", "sd", "ug", "ur", "yi"]);
const DAY = 86400000;

function baseOf(language) {
  return String(language || "").toLowerCase().split(/[-_]/)[0];
}

// What the visitor would like to read, best first: the page's wish, its language, the browser's.
function wishes(asked) {
  const all = [asked, document.documentElement.lang, ...(navigator.languages || [navigator.language])];
  return all.filter(Boolean).map((each) => String(each).replace("_", "-"));
}

// The best of what there is: the very one, then one of the same language, then the first.
function chosen(wanted, there) {
  for (const wish of wanted) {
    const same = there.find((each) => each.toLowerCase().replace("_", "-") === wish.toLowerCase())
      || there.find((each) => baseOf(each) === baseOf(wish));
    if (same) return same;
  }
  return there[0];
}

class Words {
  constructor(language, texts) {
    this.language = language.replace("_", "-");
    this.rtl = RIGHT_TO_LEFT.has(baseOf(language));
    this.texts = texts;
    // "en" in London writes 17:00: the region comes from the browser where its language is the same.
    const local = (navigator.languages || []).find((each) => baseOf(each) === baseOf(language));
    this.locale = this.known(local) || this.known(this.language) || "en";
  }

  known(language) {
    try {
      return language && Intl.DateTimeFormat.supportedLocalesOf([language])[0];
    } catch {
      return "";
    }
  }

  // The text of a name, its {places} filled in; a number chooses among the plural forms.
  say(name, values = {}) {
    let text = this.texts[name];
    if (text && typeof text === "object") {
      const form = new Intl.PluralRules(this.language).select(values.count);
      text = text[form] || text.other;
    }
    return String(text || "").replace(/\{(\w+)\}/g, (place, key) => (Object.hasOwn(values, key) ? values[key] : place));
  }

  has(name) {
    return Boolean(this.texts[name]);
  }

  format(options, at) {
    return new Intl.DateTimeFormat(this.locale, options).format(at);
  }

  time(at) {
    return this.format({ hour: "numeric", minute: "2-digit" }, at);
  }

  day(at, now = new Date()) {
    const away = this.daysAway(at, now);
    if (away === 0) return this.say("today");
    if (away === -1) return this.say("yesterday");
    return this.format({ weekday: "long", day: "numeric", month: "long" }, at);
  }

  daysAway(at, now) {
    const start = (moment) => new Date(moment.getFullYear(), moment.getMonth(), moment.getDate());
    return Math.round((start(at) - start(now)) / DAY);
  }

  size(bytes) {
    const mega = bytes >= 1e6;
    const value = mega ? bytes / 1e6 : Math.max(1, bytes / 1e3);
    return new Intl.NumberFormat(this.locale, {
      style: "unit", unit: mega ? "megabyte" : "kilobyte", maximumFractionDigits: mega && value < 10 ? 1 : 0,
    }).format(value);
  }
}

// Whether the team is there, and when it is back; no spans mean always.
function openness(hours, now = new Date()) {
  const spans = hours.map(([from, to]) => [new Date(from), new Date(to)]);
  if (!spans.length || spans.some(([from, to]) => from <= now && now < to)) return { open: true, next: null };
  const next = spans.map(([from]) => from).filter((from) => from > now).sort((a, b) => a - b)[0];
  return { open: false, next: next || null };
}

function backText(words, next, now = new Date()) {
  if (!next) return words.say("away_now");
  const away = words.daysAway(next, now);
  const time = words.time(next);
  if (away === 0) return words.say("back_today", { time });
  if (away === 1) return words.say("back_tomorrow", { time });
  const day = words.format(away < 7 ? { weekday: "long" } : { weekday: "long", day: "numeric", month: "long" }, next);
  return words.say("back_on", { when: `${day} ${time}`, day, time });
}
