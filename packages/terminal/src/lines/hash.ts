/**
 * One number for how a screen looks: text, styles, cursor, size.
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

export interface Look {
  lines: readonly Line[];
  cols: number;
  rows: number;
  cursor: { row: number; col: number; visible: boolean };
}

export function hashLook({ lines, cols, rows, cursor }: Look): number {
  let a = 0x9747b28c;
  let b = 0x5bd1e995;

  function mix(word: number): void {
    let k = Math.imul(word, 0xcc9e2d51);
    k = (k << 15) | (k >>> 17);
    a ^= Math.imul(k, 0x1b873593);
    a = (a << 13) | (a >>> 19);
    a = (Math.imul(a, 5) + 0xe6546b64) | 0;
    b = Math.imul(b ^ word, 0x27d4eb2f);
    b = (b << 15) | (b >>> 17);
  }

  mix(cols);
  mix(rows);
  mix(cursor.row);
  mix(cursor.col);
  mix(cursor.visible ? 1 : 0);
  let blanks = 0;
  for (const line of lines) {
    const data = line._data;
    for (let column = 0; column < line.length; column++) {
      const index = column * CELL_WORDS;
      let content = data[index] as number;
      let fg = meaningful(data[index + 1] as number);
      let bg = meaningful(data[index + 2] as number);
      if (
        (content & CODEPOINT_MASK) === 0 &&
        content >>> WIDTH_SHIFT === 1 &&
        (content & IS_COMBINED) === 0
      ) {
        content = BLANK;
      }
      if (content === BLANK) {
        if ((bg & OVERLINE) === 0 && (fg & SHOWS_FOREGROUND) === 0) fg = 0;
        if (fg === 0 && (bg & (COLOR_MASK | OVERLINE)) === 0) {
          blanks++;
          continue;
        }
      }
      if (blanks > 0) {
        mix(BLANK_RUN | blanks);
        blanks = 0;
      }
      if (content & IS_COMBINED) {
        const combined = line._combined[column] ?? '';
        for (let i = 0; i < combined.length; i++) mix(combined.charCodeAt(i));
        content = (content & ~CODEPOINT_MASK) | IS_COMBINED;
      }
      if (bg & HAS_EXTENDED && fg & UNDERLINE) mix(meaningful(line._extendedAttrs[column]?.ext ?? 0));
      bg &= ~(PROTECTED | HAS_EXTENDED);
      mix(content);
      mix(fg);
      mix(bg);
    }
  }
  mix(BLANK_RUN | blanks);
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
