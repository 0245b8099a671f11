/**
 * One number for how a row looks, and one for a screen: text, styles, cursor, size.
 *
 * Two lanes of MurmurHash3 with 53 bits kept, so that JSON readers which store numbers as doubles (jq,
 * JavaScript) keep every digit. What cannot be seen is left out: whether a blank was ever written, which
 * link a cell belongs to, erase protection.
 */
import {
  CELL_WORDS,
  CODEPOINT_MASK,
  COLOR_MASK,
  HAS_EXTENDED,
  INVERSE,
  IS_COMBINED,
  type Line,
  meaningful,
  OVERLINE,
  PROTECTED,
  STRIKETHROUGH,
  UNDERLINE,
  WIDTH_SHIFT,
} from './cells.ts';

const BLANK = (1 << WIDTH_SHIFT) | 0x20;
/** A blank with none of these shows nothing of its foreground. */
const SHOWS_FOREGROUND = INVERSE | UNDERLINE | STRIKETHROUGH;
/** Marks a run of plain blanks; no content word is that large. */
const BLANK_RUN = 0x40000000;

/** What can be seen of one row, before it is hashed. */
let words = new Int32Array(1024);

/** How a row looks. */
export function hashRow(line: Line): number {
  return hashWords(words, collectWords(line));
}

/** How a screen looks whose rows look so. */
export function hashScreen(
  rowHashes: Float64Array,
  {
    cols,
    rows,
    cursor,
  }: { cols: number; rows: number; cursor: { row: number; col: number; visible: boolean } },
): number {
  reserve(2 * rowHashes.length + 5);
  let count = 0;
  words[count++] = cols;
  words[count++] = rows;
  words[count++] = cursor.row;
  words[count++] = cursor.col;
  words[count++] = cursor.visible ? 1 : 0;
  for (const hash of rowHashes) {
    words[count++] = hash;
    words[count++] = hash / 0x100000000;
  }
  return hashWords(words, count);
}

/** @returns how many there are */
function collectWords(line: Line): number {
  const { _data: data, length } = line;
  // The cell's three, the style of its underline, and the blanks before it.
  reserve(length * 5 + 1);
  let count = 0;
  let blanks = 0;
  for (let column = 0, index = 0; column < length; column++, index += CELL_WORDS) {
    let content = data[index] as number;
    const isBlank =
      content === BLANK ||
      ((content & (CODEPOINT_MASK | IS_COMBINED)) === 0 && content >>> WIDTH_SHIFT === 1);
    if (isBlank && data[index + 1] === 0 && data[index + 2] === 0) {
      blanks++;
      continue;
    }
    let fg = meaningful(data[index + 1] as number);
    const bg = meaningful(data[index + 2] as number);
    if (isBlank) {
      content = BLANK;
      if ((bg & OVERLINE) === 0 && (fg & SHOWS_FOREGROUND) === 0) fg = 0;
      if (fg === 0 && (bg & (COLOR_MASK | OVERLINE)) === 0) {
        blanks++;
        continue;
      }
    }
    if (blanks > 0) {
      words[count++] = BLANK_RUN | blanks;
      blanks = 0;
    }
    if (content & IS_COMBINED) {
      const combined = line._combined[column] ?? '';
      reserve(count + combined.length + (length - column) * 5 + 1);
      for (let i = 0; i < combined.length; i++) words[count++] = combined.charCodeAt(i);
      content = (content & ~CODEPOINT_MASK) | IS_COMBINED;
    }
    if (bg & HAS_EXTENDED && fg & UNDERLINE)
      words[count++] = meaningful(line._extendedAttrs[column]?.ext ?? 0);
    words[count++] = content;
    words[count++] = fg;
    words[count++] = bg & ~(PROTECTED | HAS_EXTENDED);
  }
  words[count++] = BLANK_RUN | blanks;
  return count;
}

function reserve(count: number): void {
  if (count <= words.length) return;
  const larger = new Int32Array(count * 2);
  larger.set(words);
  words = larger;
}

function hashWords(from: Int32Array, count: number): number {
  let a = 0x9747b28c;
  let b = 0x5bd1e995;
  for (let index = 0; index < count; index++) {
    const word = from[index] as number;
    let k = Math.imul(word, 0xcc9e2d51);
    k = (k << 15) | (k >>> 17);
    a ^= Math.imul(k, 0x1b873593);
    a = (a << 13) | (a >>> 19);
    a = (Math.imul(a, 5) + 0xe6546b64) | 0;
    b = Math.imul(b ^ word, 0x27d4eb2f);
    b = (b << 15) | (b >>> 17);
  }
  return (finish(b) & 0x1fffff) * 0x100000000 + (finish(a) >>> 0);
}

/** The finaliser of MurmurHash3. */
function finish(lane: number): number {
  let h = lane ^ (lane >>> 16);
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return h ^ (h >>> 16);
}
