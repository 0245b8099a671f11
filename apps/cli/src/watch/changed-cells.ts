/**
 * The bytes that turn what a terminal shows into what it is to show: only cells that differ are written.
 *
 * Terminals do not agree on the width of every emoji. What they may see otherwise is written on blanks, the cursor is
 * placed anew behind it, and the rest of its row is written as well: nothing else can stand in a wrong column.
 */
import type { CellGrid } from './cell-grid.ts';

/** A move of the cursor takes some six bytes: so many unchanged cells are written over instead. */
const GAP = 6;

/** @param before what the terminal shows; undefined: unknown, all is written */
export function changedCells(before: CellGrid | undefined, after: CellGrid): string {
  const isKnown = before !== undefined && before.cols === after.cols && before.rows === after.rows;
  const blank = isKnown ? '' : '\x1b[m\x1b[2J';
  const writer = new Writer(after);
  for (let row = 0; row < after.rows; row++) {
    for (const [first, last] of changedRuns(isKnown ? before : undefined, after, row))
      writer.write(row, first, last);
  }
  return blank + writer.end();
}

/** Runs of columns to write, both ends included. */
function changedRuns(before: CellGrid | undefined, after: CellGrid, row: number): [number, number][] {
  const runs: [number, number][] = [];
  const { cols, texts, looks } = after;
  for (let col = 0; col < cols; col++) {
    const at = row * cols + col;
    const isSame = before
      ? texts[at] === before.texts[at] && looks[at] === before.looks[at]
      : texts[at] === ' ' && looks[at] === '';
    if (isSame) continue;
    if (isUncertain(texts[at] as string) || isUncertain(before?.texts[at] ?? '')) {
      runs.push([startOf(after, row, col), cols - 1]);
      break;
    }
    const run = runs.at(-1);
    if (run && col - run[1] <= GAP) run[1] = col;
    else runs.push([startOf(after, row, col), col]);
  }
  return runs.map(([first, last]) => [first, texts[row * cols + last + 1] === '' ? last + 1 : last]);
}

/** The cell that holds the character of a cell. */
function startOf({ cols, texts }: CellGrid, row: number, col: number): number {
  return texts[row * cols + col] === '' && col > 0 ? col - 1 : col;
}

/** Emoji, letters with marks, and what is beyond the first 65 536: of all others terminals know the width. */
function isUncertain(text: string): boolean {
  return text.length > 1 || (text > '\u2000' && EMOJI.test(text));
}

const EMOJI = /\p{Extended_Pictographic}/u;

class Writer {
  readonly #grid: CellGrid;
  #written = '';
  #look: string | undefined;

  constructor(grid: CellGrid) {
    this.#grid = grid;
  }

  write(row: number, first: number, last: number): void {
    const { cols, texts, looks } = this.#grid;
    this.#written += `\x1b[${row + 1};${first + 1}H`;
    for (let col = first; col <= Math.min(last, cols - 1); col++) {
      const text = texts[row * cols + col] as string;
      const look = looks[row * cols + col] as string;
      if (text === '') continue;
      if (look !== this.#look) {
        this.#written += look === '' ? '\x1b[m' : `\x1b[0;${look}m`;
        this.#look = look;
      }
      if (!isUncertain(text)) {
        this.#written += text;
        continue;
      }
      const width = texts[row * cols + col + 1] === '' && col + 1 < cols ? 2 : 1;
      const place = (column: number) => `\x1b[${column + 1}G`;
      this.#written += ' '.repeat(width) + place(col) + text;
      if (col + width < cols) this.#written += place(col + width);
    }
  }

  end(): string {
    return this.#look === undefined || this.#look === '' ? this.#written : `${this.#written}\x1b[m`;
  }
}
