/**
 * The lines a screen showed at one moment, so that a later screen can be compared with them: which
 * characters were not there before.
 *
 * A line of the main screen is known by its number since the first line the screen ever had, so text that
 * merely scrolled is not new, and the same text printed once more on a later line is. The alternate screen
 * does not scroll by: there a line is its row. A program that drew the same characters on the same place again
 * has changed nothing that anybody could see; one that cleared the main screen first has.
 *
 * Most looks are never asked: the cells are copied, and made into lines and text for the first question.
 */

import { CELL_WORDS, CODEPOINT_MASK, hasText, IS_COMBINED, type Line } from '../lines/cells.ts';
import { logicalLines } from '../lines/text.ts';
import type { Screen } from '../screen.ts';

export interface PastLinesState extends Omit<CopiedRows, 'cells'> {
  isAlternate: boolean;
  cols: number;
  erasures: number;
  top: number;
  mainCursorLine: number;
  cells: Uint8Array;
  unfolded: string[] | undefined;
}

export class PastLines {
  readonly isAlternate: boolean;
  readonly cols: number;
  readonly erasures: number;
  readonly #rows: CopiedRows;
  #lines: readonly Line[] | undefined;
  /** The first line there was. */
  readonly top: number;
  /** The line of the main screen that the cursor was on, or was to return to. */
  readonly mainCursorLine: number;
  #texts: Map<number, string> | undefined;
  /** Lines that the screen may show when it is folded anew, as far as that was foreseen. */
  readonly #unfolded: ReadonlySet<string> | undefined;

  /** @param rowsAbove rows that have left the screen and may come back, because lines are about to be folded anew */
  constructor(screen: Screen | PastLinesState, rowsAbove = 0) {
    if ('cells' in screen) {
      const { cells, unfolded, ...rows } = screen;
      this.#unfolded = unfolded && new Set(unfolded);
      this.isAlternate = screen.isAlternate;
      this.cols = screen.cols;
      this.erasures = screen.erasures;
      this.top = screen.top;
      this.mainCursorLine = screen.mainCursorLine;
      // A copy, because the bytes may begin anywhere.
      this.#rows = { ...rows, cells: new Uint32Array(Uint8Array.from(cells).buffer) };
      return;
    }
    this.isAlternate = screen.alternateScreen;
    this.cols = screen.size.cols;
    this.erasures = screen.erasures;
    this.top = screen.topLine;
    this.mainCursorLine = screen.mainCursorLine;
    // Rows of the alternate screen are compared place by place.
    this.#rows = copyRows(this.isAlternate ? screen.lines() : withoutBlankEnd(screen.lines()));
    if (rowsAbove > 0 && !this.isAlternate) {
      const lines = logicalLines(screen.linesBetween(-rowsAbove, screen.size.rows - 1));
      this.#unfolded = new Set(lines.map(({ text }) => text));
    }
  }

  /** Makes the same lines, in another process. */
  get state(): PastLinesState {
    const { isAlternate, cols, erasures, top, mainCursorLine } = this;
    const { cells, lengths, areWrapped, combined } = this.#rows;
    const bytes = new Uint8Array(cells.buffer, cells.byteOffset, cells.byteLength);
    const unfolded = this.#unfolded && [...this.#unfolded];
    const screen = { isAlternate, cols, erasures, top, mainCursorLine, unfolded };
    return { ...screen, cells: bytes, lengths, areWrapped, combined };
  }

  /** The rows of the screen, top first. */
  get lines(): readonly Line[] {
    this.#lines ??= linesOf(this.#rows);
    return this.#lines;
  }

  /** The last line of the main screen that had text, or the cursor. */
  get lastLine(): number {
    const lastText = this.lines.findLastIndex(hasText);
    return Math.max(this.top + lastText, this.mainCursorLine);
  }

  /** A row of the main screen. */
  lineNumbered(number: number): Line | undefined {
    return this.isAlternate ? undefined : this.lines[number - this.top];
  }

  /**
   * The text that stood where a line of `screen` begins; '' where there was nothing.
   * @param row of the line on `screen` as it is now; negative above it
   */
  textBefore(screen: Screen, row: number, text: string): string {
    if (screen.alternateScreen !== this.isAlternate) return '';
    if (!this.isAlternate && screen.erasures !== this.erasures) return '';
    // Lines are folded anew at another width, and their numbers change: the same text is taken for the same line.
    if (screen.size.cols !== this.cols) return this.#holds(text, isCutAt(screen, row)) ? text : '';
    if (this.isAlternate) return this.#read().get(row) ?? '';
    const number = row + screen.topLine;
    // It had left the screen, and came back with more rows.
    if (number < this.top) return text;
    return this.#read().get(number) ?? '';
  }

  /** @param isCut its beginning has left the screen */
  #holds(text: string, isCut: boolean): boolean {
    const isIt = (past: string) => (isCut ? past.endsWith(text) : past === text);
    if (this.#unfolded?.has(text)) return true;
    for (const pasts of [this.#read().values(), this.#unfolded ?? []])
      for (const past of pasts) if (isIt(past)) return true;
    return false;
  }

  #read(): Map<number, string> {
    if (this.#texts) return this.#texts;
    this.#texts = new Map();
    const first = this.isAlternate ? 0 : this.top;
    for (const { row, text } of logicalLines(this.lines)) if (text !== '') this.#texts.set(first + row, text);
    return this.#texts;
  }
}

function isCutAt(screen: Screen, row: number): boolean {
  return screen.linesBetween(row, row)[0]?.isWrapped === true;
}

/** Text needs no colours. */
const NOTHING = Object.freeze({});

/** Most of a screen is blank: rows at its end that were never written on need no copy. */
function withoutBlankEnd(lines: readonly Line[]): readonly Line[] {
  let end = lines.length;
  while (end > 0 && isUntouched(lines[end - 1] as Line)) end--;
  return lines.slice(0, end);
}

function isUntouched({ length, _data }: Line): boolean {
  for (let word = 0; word < length * CELL_WORDS; word += CELL_WORDS)
    if (((_data[word] ?? 0) & (CODEPOINT_MASK | IS_COMBINED)) !== 0) return false;
  return true;
}

/** One array for all cells, and no object for each row: a copy of a screen is then a matter of microseconds. */
interface CopiedRows {
  cells: Uint32Array;
  /** In columns. */
  lengths: number[];
  areWrapped: boolean[];
  combined: Line['_combined'][];
}

function copyRows(lines: readonly Line[]): CopiedRows {
  let words = 0;
  for (const { length } of lines) words += length * CELL_WORDS;
  const copied: CopiedRows = { cells: new Uint32Array(words), lengths: [], areWrapped: [], combined: [] };
  let start = 0;
  for (const { length, isWrapped, _data, _combined } of lines) {
    const rowWords = length * CELL_WORDS;
    copied.cells.set(_data.length === rowWords ? _data : _data.subarray(0, rowWords), start);
    start += rowWords;
    copied.lengths.push(length);
    copied.areWrapped.push(isWrapped);
    copied.combined.push(copyOf(_combined));
  }
  return copied;
}

function linesOf({ cells, lengths, areWrapped, combined }: CopiedRows): Line[] {
  let start = 0;
  return lengths.map((length, row) => {
    const end = start + length * CELL_WORDS;
    const _data = cells.subarray(start, end);
    start = end;
    const isWrapped = areWrapped[row] === true;
    return { length, isWrapped, _data, _combined: combined[row] ?? NOTHING, _extendedAttrs: NOTHING };
  });
}

/** Most lines have no character of several code points. */
function copyOf(combined: Line['_combined']): Line['_combined'] {
  for (const _ in combined) return { ...combined };
  return NOTHING;
}
