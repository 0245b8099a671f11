/**
 * How many columns a character takes, and which characters share a cell.
 *
 * xterm asks `charProperties` for every character it prints and gets back width, cluster state and
 * "joins the cell before" packed in one number (its UnicodeService.createPropertyValue). Widths are
 * those of wcwidth with current emoji; clusters are those a person counts as one: letter with marks,
 * emoji with skin tone, variation selector or zero-width joiner, a pair of regional indicators (UAX #29).
 * @xterm/addon-unicode-graphemes 0.4.0 was tried instead: it takes every emoji above U+FFFF for narrow.
 */

/** East Asian Wide and Fullwidth (UAX #11) that are not Emoji_Presentation, which the engine knows itself. */
const WIDE: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x2329, 0x232a],
  [0x2630, 0x2637],
  [0x268a, 0x268f],
  [0x2e80, 0x303e],
  [0x3041, 0x3247],
  [0x3250, 0xa4cf],
  [0xa960, 0xa97c],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe10, 0xfe19],
  [0xfe30, 0xfe6b],
  [0xff01, 0xff60],
  [0xffe0, 0xffe6],
  [0x16fe0, 0x16ff6],
  [0x17000, 0x18d08],
  [0x1aff0, 0x1b2fb],
  [0x1d300, 0x1d376],
  [0x1f200, 0x1f265],
  [0x20000, 0x2fffd],
  [0x30000, 0x3fffd],
];

/** Format characters that are drawn: soft hyphen and the Arabic number signs. */
const DRAWN_FORMAT = /[\u00ad\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\u{110bd}\u{110cd}]/u;
/** Marks, invisible format characters, and the Hangul vowels and finals that complete the syllable before. */
const ATTACHED = /[\p{M}\p{Cf}\u1160-\u11ff\ud7b0-\ud7fb]/u;
const EMOJI = /\p{Extended_Pictographic}/u;
const WIDE_EMOJI = /\p{Emoji_Presentation}/u;

const ZERO_WIDTH_JOINER = 0x200d;
const EMOJI_PRESENTATION = 0xfe0f;
const REGIONAL_INDICATOR_A = 0x1f1e6;
const REGIONAL_INDICATOR_Z = 0x1f1ff;
const SKIN_TONE_LIGHT = 0x1f3fb;
const SKIN_TONE_DARK = 0x1f3ff;

/**
 * A cell takes in no more marks than this; what follows starts another. Emoji of four people with their skin tones
 * have seven, a flag of a region as many; letters of written languages have less (xterm takes two, kitty three).
 */
const MAX_MARKS = 16;

/** What the cluster so far may still take in. */
const STATE_EMOJI = 1;
const STATE_EMOJI_JOINER = 2;
const STATE_HALF_FLAG = 3;
const STATE_KEYCAP = 4;

const KIND_ATTACHED = 1;
const KIND_EMOJI = 2;
const KIND_HALF_FLAG = 3;
const KIND_SKIN_TONE = 4;

/** xterm looks at the low three bits and hands the rest back: three bits of state, then the count of marks. */
function pack(state: number, width: number, joins: boolean, marks = 0): number {
  return (marks << 6) | (state << 3) | (width << 1) | (joins ? 1 : 0);
}

function isWideRange(codepoint: number): boolean {
  let low = 0;
  let high = WIDE.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const [first, last] = WIDE[middle] as readonly [number, number];
    if (codepoint < first) high = middle - 1;
    else if (codepoint > last) low = middle + 1;
    else return true;
  }
  return false;
}

/** Width in the low two bits, kind above. */
function classify(codepoint: number): number {
  if (codepoint >= 0xd800 && codepoint <= 0xdfff) return 1;
  if (codepoint >= REGIONAL_INDICATOR_A && codepoint <= REGIONAL_INDICATOR_Z)
    return (KIND_HALF_FLAG << 2) | 1;
  if (codepoint >= SKIN_TONE_LIGHT && codepoint <= SKIN_TONE_DARK) return (KIND_SKIN_TONE << 2) | 2;
  const character = String.fromCodePoint(codepoint);
  if (ATTACHED.test(character) && !DRAWN_FORMAT.test(character)) return KIND_ATTACHED << 2;
  const width = WIDE_EMOJI.test(character) || isWideRange(codepoint) ? 2 : 1;
  return EMOJI.test(character) ? (KIND_EMOJI << 2) | width : width;
}

/** Classes of 256 code points at a time, filled when the first of them is printed. */
const pages: (Uint8Array | undefined)[] = [];

function classOf(codepoint: number): number {
  const number = codepoint >> 8;
  let page = pages[number];
  if (page === undefined) {
    page = new Uint8Array(256);
    for (let i = 0; i < 256; i++) page[i] = classify(number * 256 + i);
    pages[number] = page;
  }
  return page[codepoint & 0xff] as number;
}

/** Digits, # and * become keycaps when U+FE0F follows, so they carry a state of their own. */
const ASCII = Int32Array.from({ length: 0x7f }, (_, codepoint) =>
  /[0-9#*]/.test(String.fromCharCode(codepoint)) ? pack(STATE_KEYCAP, 1, false) : pack(0, 1, false),
);

function charProperties(codepoint: number, preceding: number): number {
  if (codepoint < 0x7f) return ASCII[codepoint] as number;
  const found = classOf(codepoint);
  const width = found & 3;
  const precedingWidth = (preceding >> 1) & 3;
  const precedingState = (preceding >> 3) & 7;
  const marks = (preceding >> 6) + 1;
  switch (found >> 2) {
    case KIND_ATTACHED: {
      const isEmoji = precedingState === STATE_EMOJI;
      if (marks > MAX_MARKS) return pack(0, 1, false);
      if (codepoint === EMOJI_PRESENTATION && isEmoji) return pack(STATE_EMOJI, 2, true, marks);
      if (codepoint === EMOJI_PRESENTATION && precedingState === STATE_KEYCAP) return pack(0, 2, true, marks);
      if (codepoint === ZERO_WIDTH_JOINER && isEmoji)
        return pack(STATE_EMOJI_JOINER, precedingWidth, true, marks);
      // Width 0 after a control function (no preceding state) leaves the width of the cell it lands on alone.
      return pack(isEmoji ? STATE_EMOJI : 0, precedingWidth, true, marks);
    }
    case KIND_EMOJI:
      if (precedingState === STATE_EMOJI_JOINER)
        return pack(STATE_EMOJI, Math.max(width, precedingWidth), true, marks - 1);
      return pack(STATE_EMOJI, width, false);
    case KIND_SKIN_TONE:
      if (precedingState === STATE_EMOJI && marks <= MAX_MARKS) return pack(STATE_EMOJI, 2, true, marks);
      return pack(STATE_EMOJI, width, false);
    case KIND_HALF_FLAG:
      if (precedingState === STATE_HALF_FLAG) return pack(0, 2, true);
      return pack(STATE_HALF_FLAG, width, false);
    default:
      return pack(0, width, false);
  }
}

/** What `terminal.unicode.register` takes. */
export const clusterWidths = {
  version: 'clusters',
  wcwidth: (codepoint: number): 0 | 1 | 2 => (classOf(codepoint) & 3) as 0 | 1 | 2,
  charProperties,
};
