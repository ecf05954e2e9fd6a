// Search over the published answers: no accents, the beginnings of words, a slip of the finger.

const LETTERS = { "ł": "l", "ø": "o", "đ": "d", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i", "þ": "th" };
const WEIGHTS = { question: 3, words: 2.5, category: 1.5, answer: 1 };

function folded(text) {
  return String(text || "").toLowerCase().normalize("NFD").replace(/\p{M}/gu, "")
    .replace(/[łøđßæœıþ]/g, (letter) => LETTERS[letter]);
}

function wordsOf(text) {
  return folded(text).match(/[\p{L}\p{N}]+/gu) || [];
}

// Whether two words are at most `most` edits apart (a swap of neighbours is one).
function near(one, other, most) {
  if (Math.abs(one.length - other.length) > most) return false;
  let before = [];
  let row = Array.from({ length: other.length + 1 }, (_, place) => place);
  for (let i = 1; i <= one.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= other.length; j += 1) {
      const same = one[i - 1] === other[j - 1] ? 0 : 1;
      next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + same);
      if (i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1]) {
        next[j] = Math.min(next[j], before[j - 2] + 1);
      }
    }
    if (Math.min(...next) > most) return false;
    before = row;
    row = next;
  }
  return row[other.length] <= most;
}

// How well a typed word fits a word of an entry: 0 to 3.
function fit(typed, word, tolerant) {
  if (typed === word) return 3;
  if (typed.length > 1 && word.startsWith(typed)) return 2;
  if (!tolerant || typed.length < 4) return 0;
  const most = typed.length >= 8 ? 2 : 1;
  if (near(typed, word, most)) return 1.4;
  const stem = Math.min(typed.length, word.length);
  if (stem >= 5 && typed.slice(0, stem - 1) === word.slice(0, stem - 1)) return 1.2;
  return word.length > typed.length && near(typed, word.slice(0, typed.length), most) ? 1 : 0;
}

class Finder {
  constructor(entries) {
    this.entries = entries.map((entry) => ({
      entry,
      fields: Object.keys(WEIGHTS).map((name) => [name, [...new Set(wordsOf(entry[name]))]]),
    }));
  }

  fits(typed, fields) {
    let best = 0;
    for (const [name, words] of fields) {
      for (const word of words) best = Math.max(best, fit(typed, word, name !== "answer") * WEIGHTS[name]);
    }
    return best;
  }

  // The entries that fit, best first: rare words count for more than "how" and "the".
  find(query) {
    const typed = [...new Set(wordsOf(query))].slice(0, 12);
    if (!typed.length) return this.entries.map((each) => each.entry);
    const fits = typed.map((word) => this.entries.map((each) => this.fits(word, each.fields)));
    const worth = fits.map((row) => Math.log(1 + row.length / (row.filter(Boolean).length || 0.5)) + 0.01);
    const whole = worth.reduce((sum, each) => sum + each, 0);
    return this.entries
      .map((each, place) => {
        const found = worth.map((value, word) => (fits[word][place] ? value : 0));
        const share = found.reduce((sum, value) => sum + value, 0) / whole;
        const score = worth.reduce((sum, value, word) => sum + value * fits[word][place], 0);
        return { entry: each.entry, share, score: score * share };
      })
      .filter((each) => each.share >= 0.4)
      .sort((a, b) => b.score - a.score)
      .map((each) => each.entry);
  }
}
