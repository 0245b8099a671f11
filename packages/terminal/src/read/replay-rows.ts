/**
 * Draws rows on an empty terminal cell by cell as they are: which blanks were written and which never
 * were, which marks share a cell and which must not, which rows continue the one above.
 */

import {
  CELL_WORDS,
  CODEPOINT_MASK,
  COLOR_MASK,
  cellText,
  cellWidth,
  HAS_EXTENDED,
  IS_COMBINED,
  type Line,
  PROTECTED,
} from '../lines/cells.ts';
import type { AddressIn } from '../lines/runs.ts';
import { type StyleWords, sgrParameters } from '../sgr.ts';
import { clusterWidths } from '../width.ts';

const WIDE = '漢';
const PLAIN: StyleWords = { fg: 0, bg: 0, ext: 0 };

export class RowWriter {
  readonly #cols: number;
  readonly #addressIn: AddressIn;
  #parts: string[] = [];
  #parameters = '0';
  #link: string | undefined;
  #isProtected = false;
  /** What the terminal would make of a mark that comes next. */
  #joinState = 0;

  constructor(cols: number, addressIn: AddressIn) {
    this.#cols = cols;
    this.#addressIn = addressIn;
  }

  take(): string {
    const text = this.#parts.join('');
    this.#parts = [];
    return text;
  }

  /** Sequences that leave the style alone. */
  add(sequences: string): void {
    if (sequences === '') return;
    this.#parts.push(sequences);
    this.#joinState = 0;
  }

  pen(words: StyleWords, link: string | undefined): void {
    const parameters = sgrParameters(words);
    if (parameters !== this.#parameters) {
      this.add(`\x1b[${parameters}m`);
      // In xterm.js this ends DECSCA as well.
      this.#isProtected = false;
    }
    const isProtected = (words.bg & PROTECTED) !== 0;
    if (isProtected !== this.#isProtected) this.add(`\x1b[${isProtected ? 1 : 0}"q`);
    if (link !== this.#link) this.add(`\x1b]8;;${link ?? ''}\x1b\\`);
    this.#parameters = parameters;
    this.#link = link;
    this.#isProtected = isProtected;
  }

  plainPen(): void {
    this.pen(PLAIN, undefined);
  }

  penOf(line: Line, col: number): void {
    const fg = line._data[col * CELL_WORDS + 1] ?? 0;
    const bg = line._data[col * CELL_WORDS + 2] ?? 0;
    const ext = bg & HAS_EXTENDED ? (line._extendedAttrs[col]?.ext ?? 0) : 0;
    this.pen({ fg, bg, ext }, this.#addressIn(line, col));
  }

  /** The rows from the top of an empty screen on, those that do not fit scrolling by. */
  rows(lines: readonly Line[]): void {
    for (const [index, line] of lines.entries()) {
      const previous = lines[index - 1];
      if (previous !== undefined && line.isWrapped) this.#wrap(previous, line);
      else if (previous !== undefined) {
        // A row that scrolls in has the background of the style in force.
        this.plainPen();
        this.add('\r\n');
      }
      this.#row(line, lines[index + 1]);
    }
  }

  /** Draws a row the cursor is at the beginning of, and ends where the next character would go on. */
  #row(line: Line, next: Line | undefined): void {
    const end = next?.isWrapped && isHole(line, next) ? this.#cols - 1 : this.#cols;
    let cursor = 0;
    for (let col = 0; col < end; ) {
      const width = cellWidth(line, col);
      if (isErased(line, col)) {
        const behind = this.#endOfErased(line, col);
        const bg = line._data[col * CELL_WORDS + 2] ?? 0;
        if (bg !== 0) {
          this.#moveRight(col - cursor);
          this.pen({ fg: 0, bg, ext: 0 }, undefined);
          cursor = col;
          if (behind - col === this.#cols && line.isWrapped) {
            // Not in one go: a row that is erased as a whole continues no other.
            this.add(`\x1b[${this.#cols - 1}X`);
            cursor = this.#cols - 1;
            this.#moveRight(cursor);
            this.add('\x1b[X');
          } else this.add(`\x1b[${behind - col}X`);
        }
        col = behind;
        continue;
      }
      this.#moveRight(col - cursor);
      this.penOf(line, col);
      this.character(line, col);
      col += width === 2 ? 2 : 1;
      cursor = col;
    }
    if (end < this.#cols) this.#moveRight(end - cursor);
  }

  /** Goes on to the next row as a terminal does by itself: with a character too many for the row above. */
  #wrap(above: Line, line: Line): void {
    const last = this.#cols - 1;
    // A row that scrolls in has the background of the character that made it scroll.
    const isPlain = ((line._data[2] ?? 0) & COLOR_MASK) === 0;
    if (isErased(above, last) || isHole(above, line)) {
      if (isHole(above, line) && isPlain && isSameStyle(above, last, line, 0)) return;
      // A wide character does not fit into the last column, and leaves it empty.
      this.add(`\x1b[${this.#cols}G`);
      this.penOf(above, last);
      this.#parts.push(WIDE);
      this.plainPen();
      // Not in one go: a row that is erased as a whole continues no other.
      this.add(`\r\x1b[${last}X\x1b[${this.#cols}G\x1b[X\r`);
      return;
    }
    if (isPlain && !isErased(line, 0)) return;
    this.plainPen();
    this.#parts.push(' ');
    this.add('\r\x1b[X');
  }

  /**
   * The text of a cell, with something that means nothing wherever the terminal would join what is not
   * joined here, or widen what has not become wide.
   */
  character(line: Line, col: number): void {
    const width = cellWidth(line, col);
    const text = (width === 2 && col === this.#cols - 1 ? '' : cellText(line, col)) || ' ';
    let isFirst = true;
    for (const character of text) {
      const codepoint = character.codePointAt(0) as number;
      let properties = clusterWidths.charProperties(codepoint, this.#joinState);
      const joins = (properties & 1) === 1;
      const joinedWidth = (properties >> 1) & 3;
      if (this.#joinState !== 0 && (isFirst ? joins : !joins || joinedWidth > width)) {
        // NUL: terminals ignore it, but no character joins across it.
        this.add('\0');
        properties = clusterWidths.charProperties(codepoint, 0);
      }
      this.#parts.push(character);
      this.#joinState = properties;
      isFirst = false;
    }
  }

  #moveRight(count: number): void {
    if (count > 0) this.add(`\x1b[${count}C`);
  }

  /** Behind the last cell erased with the same background as the one at `col`. */
  #endOfErased(line: Line, col: number): number {
    const bg = line._data[col * CELL_WORDS + 2];
    let end = col + 1;
    while (end < this.#cols && isErased(line, end) && line._data[end * CELL_WORDS + 2] === bg) end++;
    return end;
  }
}

/** As an erase leaves it: nothing but a background. */
function isErased(line: Line, col: number): boolean {
  const at = col * CELL_WORDS;
  const content = line._data[at] ?? 0;
  if (content & (CODEPOINT_MASK | IS_COMBINED) || cellWidth(line, col) !== 1) return false;
  return line._data[at + 1] === 0 && ((line._data[at + 2] ?? 0) & ~COLOR_MASK) === 0;
}

/** Whether the last column is empty as if a wide character had not fit there. */
function isHole(above: Line, line: Line): boolean {
  const last = above.length - 1;
  const isEmpty = ((above._data[last * CELL_WORDS] ?? 0) & (CODEPOINT_MASK | IS_COMBINED)) === 0;
  return isEmpty && cellWidth(above, last) === 1 && cellWidth(line, 0) === 2;
}

function isSameStyle(line: Line, col: number, other: Line, otherCol: number): boolean {
  const a = col * CELL_WORDS;
  const b = otherCol * CELL_WORDS;
  return line._data[a + 1] === other._data[b + 1] && line._data[a + 2] === other._data[b + 2];
}
