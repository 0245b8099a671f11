/**
 * A row of the screen as xterm stores it: three 32-bit words a cell, read in place because the public
 * cell API costs ten times as much (BufferLine.ts and buffer/Constants.ts of xterm.js 6.0.0).
 */
export interface Line {
  readonly length: number;
  /** This row continues the one above: the text ran over the right edge. */
  readonly isWrapped: boolean;
  readonly _data: Uint32Array;
  /** Text of the cells that hold more than one code point, by column. */
  readonly _combined: Readonly<Record<number, string>>;
  readonly _extendedAttrs: Readonly<
    Record<number, { readonly ext: number; readonly urlId: number } | undefined>
  >;
}

/** Words a cell: content, foreground, background. */
export const CELL_WORDS = 3;

export const CODEPOINT_MASK = 0x1fffff;
export const IS_COMBINED = 0x200000;
export const WIDTH_SHIFT = 22;

/** A palette colour may have what is left of a true colour here (xterm.js 6.0.0). */
const UNUSED_BY_PALETTE = 0xffff00;

/** Foreground word: colour below, these flags above. */
export const COLOR_MASK = 0x3ffffff;
export const COLOR_MODE_MASK = 0x3000000;
export const COLOR_MODE_16 = 0x1000000;
export const COLOR_MODE_256 = 0x2000000;
export const INVERSE = 0x4000000;
export const BOLD = 0x8000000;
export const UNDERLINE = 0x10000000;
export const BLINK = 0x20000000;
export const INVISIBLE = 0x40000000;
export const STRIKETHROUGH = 0x80000000;

/** Background word: colour below, these flags above. */
export const ITALIC = 0x4000000;
export const DIM = 0x8000000;
export const HAS_EXTENDED = 0x10000000;
export const PROTECTED = 0x20000000;
export const OVERLINE = 0x40000000;

/** 2 for a wide character, 0 for the cell it covers besides its own, else 1. */
export function cellWidth(line: Line, column: number): number {
  return (line._data[column * CELL_WORDS] ?? 0) >>> WIDTH_SHIFT;
}

/** The empty string where nothing was ever written, and for the second half of a wide character. */
export function cellText(line: Line, column: number): string {
  const content = line._data[column * CELL_WORDS] ?? 0;
  if (content & IS_COMBINED) return line._combined[column] ?? '';
  const codepoint = content & CODEPOINT_MASK;
  return codepoint === 0 ? '' : String.fromCodePoint(codepoint);
}

/** Whether there is more than blanks; a program may clear the screen for each of its frames. */
export function hasText({ length, _data }: Line): boolean {
  for (let index = 0; index < length * CELL_WORDS; index += CELL_WORDS) {
    const content = _data[index] as number;
    const codepoint = content & CODEPOINT_MASK;
    if ((codepoint !== 0 && codepoint !== 0x20) || content & IS_COMBINED) return true;
  }
  return false;
}

/** The word without the bits that mean nothing. */
export function meaningful(word: number): number {
  const mode = word & COLOR_MODE_MASK;
  return mode === COLOR_MODE_16 || mode === COLOR_MODE_256 ? word & ~UNUSED_BY_PALETTE : word;
}
