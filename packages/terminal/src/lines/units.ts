/**
 * UTF-16 text put together from cells without a string for each: rows are read a million at a time.
 */
import { CELL_WORDS, CODEPOINT_MASK, cellWidth, IS_COMBINED, type Line, WIDTH_SHIFT } from './cells.ts';

export const SPACE = 0x20;
const INITIAL_CAPACITY = 4096;
/** A larger buffer is not kept for the next time. */
const KEPT_CAPACITY = 1 << 20;

export class Units {
  #units = new Uint16Array(INITIAL_CAPACITY);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /**
   * Appends the text of a row up to its right edge, or of the characters that begin before the column `end`, blanks
   * as spaces. `columns`, if given, gets the column of each appended unit.
   */
  appendLine(line: Line, columns?: number[], end = line.length): void {
    const { _data: data } = line;
    const length = Math.min(end, line.length);
    this.#reserve(length * 2);
    let units = this.#units;
    let at = this.#length;
    for (let column = 0; column < length; ) {
      const start = at;
      const content = data[column * CELL_WORDS] as number;
      const codepoint = content & CODEPOINT_MASK;
      if (content & IS_COMBINED) {
        const combined = line._combined[column] ?? '';
        this.#length = at;
        this.#reserve(combined.length + length * 2);
        units = this.#units;
        for (let i = 0; i < combined.length; i++) units[at++] = combined.charCodeAt(i);
      } else if (codepoint > 0xffff) {
        units[at++] = 0xd800 + ((codepoint - 0x10000) >> 10);
        units[at++] = 0xdc00 + ((codepoint - 0x10000) & 0x3ff);
      } else {
        units[at++] = codepoint === 0 ? SPACE : codepoint;
      }
      if (columns) for (let i = start; i < at; i++) columns.push(column);
      column += content >>> WIDTH_SHIFT || 1;
    }
    this.#length = at;
  }

  /**
   * Appends a row that runs on into `next`. A wide character that did not fit leaves the last column
   * empty; that hole was never written and is no space of the text.
   */
  appendWrappedLine(line: Line, next: Line, columns?: number[]): void {
    this.appendLine(line, columns);
    const last = line.length - 1;
    const isEmpty = ((line._data[last * CELL_WORDS] ?? 0) & (CODEPOINT_MASK | IS_COMBINED)) === 0;
    if (!isEmpty || cellWidth(line, last) !== 1 || cellWidth(next, 0) !== 2) return;
    this.#length--;
    columns?.pop();
  }

  appendNewline(): void {
    this.#reserve(1);
    this.#units[this.#length++] = 0x0a;
  }

  /** Drops the blanks at the end, back to `start` at most. */
  trimBlanks(start: number): void {
    while (this.#length > start && this.#units[this.#length - 1] === SPACE) this.#length--;
  }

  /** Takes the first `count` units out. */
  take(count: number): string {
    const { buffer } = this.#units;
    const text = Buffer.from(buffer, 0, count * 2).toString('utf16le');
    const rest = this.#units.subarray(count, this.#length);
    if (this.#units.length > KEPT_CAPACITY && rest.length * 2 < KEPT_CAPACITY) {
      this.#units = new Uint16Array(KEPT_CAPACITY);
      this.#units.set(rest);
    } else {
      this.#units.copyWithin(0, count, this.#length);
    }
    this.#length = rest.length;
    return text;
  }

  /** Drops what has not been taken. @param from of it, only what comes behind so many units */
  drop(from = 0): void {
    this.#length = from;
  }

  #reserve(count: number): void {
    const needed = this.#length + count;
    if (needed <= this.#units.length) return;
    const larger = new Uint16Array(Math.max(needed, this.#units.length * 2));
    larger.set(this.#units.subarray(0, this.#length));
    this.#units = larger;
  }
}
