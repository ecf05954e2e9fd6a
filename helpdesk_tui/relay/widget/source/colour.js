// Colours: one accent of the shop, and everything readable that follows from it.

const READABLE = 4.5;
// What text stands on: the panel, and the bubbles of the other side.
const SURFACES = { light: [[255, 255, 255], [240, 242, 245]], dark: [[24, 26, 32], [39, 43, 52]] };

function rgbOf(text) {
  const found = /^#([0-9a-f]{6})$/i.exec(text || "");
  const whole = parseInt(found ? found[1] : "3355dd", 16);
  return [whole >> 16, (whole >> 8) & 255, whole & 255];
}

function luminance(rgb) {
  const [red, green, blue] = rgb.map((each) => {
    const part = each / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one, other) {
  const [high, low] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (high + 0.05) / (low + 0.05);
}

function mixed(one, other, share) {
  return one.map((each, place) => Math.round(each * (1 - share) + other[place] * share));
}

// White where it can be read on the accent, else nearly black.
function inkOn(rgb) {
  return contrast(rgb, [255, 255, 255]) >= READABLE ? [255, 255, 255] : [10, 12, 16];
}

// The accent, moved towards black or white until it can be read on all of the surfaces.
function readableOn(rgb, surfaces) {
  const goal = luminance(surfaces[0]) > 0.4 ? [0, 0, 0] : [255, 255, 255];
  for (let share = 0; share < 1; share += 0.05) {
    const tried = mixed(rgb, goal, share);
    if (surfaces.every((each) => contrast(tried, each) >= READABLE + 0.1)) return tried;
  }
  return goal;
}

function css(rgb) {
  return `rgb(${rgb.join(" ")})`;
}

// The custom properties that carry the accent, for both schemes.
function accentRules(accent) {
  let rgb = rgbOf(accent);
  // Neither white nor dark text can be read on a middling accent: make that one darker.
  while (contrast(rgb, inkOn(rgb)) < READABLE) rgb = mixed(rgb, [0, 0, 0], 0.04);
  // The other end of the gradient lies away from the text on it.
  const away = luminance(inkOn(rgb)) > 0.5 ? [0, 0, 0] : [255, 255, 255];
  return Object.entries(SURFACES).map(([scheme, surfaces]) => {
    const soft = mixed(surfaces[0], rgb, scheme === "dark" ? 0.22 : 0.09);
    return `[data-scheme="${scheme}"]{--accent:${css(rgb)};--on-accent:${css(inkOn(rgb))};`
      + `--deep:${css(mixed(rgb, away, 0.16))};`
      + `--soft:${css(soft)};--link:${css(readableOn(rgb, [...surfaces, soft]))}}`;
  }).join("\n");
}
