/**
 * What a screen shows and did not show at an earlier look: the lines printed or changed since, in order.
 *
 * A line of the main screen is known by its number (past-lines.ts). New is one that looks different, and every one below
 * the last line there was, those that have scrolled off since included, as far as they are kept. On the alternate screen
 * lines move without being printed, so its rows are compared as diff does: new is what was added and has text.
 */

import type { Line } from '../lines/cells.ts';
import { hashRow } from '../lines/hash.ts';
import { lineText, logicalLines } from '../lines/text.ts';
import type { Screen } from '../screen.ts';
import type { PastLines } from './past-lines.ts';

interface NewLine {
  /** Of the screen as it is now, where the line begins; negative above it. */
  row: number;
  text: string;
}

interface NewLines {
  lines: NewLine[];
  /** Rows of the main screen from the last old line on that are kept no longer, or are too many. */
  missedRows: number;
  /** Why all of the main screen is new: there is nothing to compare it with. */
  whole?: 'cleared' | 'resized';
  /** Lines that were printed since were cleared away, or cannot be told from old ones. */
  hasLost: boolean;
}

/**
 * A line a step; each says how many characters there are so far.
 * @param maxRowsAbove rows above the screen that are looked at
 */
export function* newLineSteps(
  past: PastLines,
  screen: Screen,
  maxRowsAbove: number,
): Generator<number, NewLines> {
  return screen.alternateScreen
    ? { lines: addedRows(past, screen), missedRows: 0, hasLost: false }
    : yield* linesPrinted(past, screen, maxRowsAbove);
}

function* linesPrinted(past: PastLines, screen: Screen, maxRowsAbove: number): Generator<number, NewLines> {
  const { topLine, size } = screen;
  const whole =
    past.cols !== size.cols ? 'resized' : past.erasures !== screen.erasures ? 'cleared' : undefined;
  // The main screen stood still as long as the alternate one was shown.
  const begin = past.isAlternate ? past.mainCursorLine : past.top;
  const lastOld = whole ? topLine - 1 : past.isAlternate ? begin - 1 : past.lastLine;
  // Folded anew, the rows above have other numbers.
  const above = whole === 'resized' ? 0 : Math.min(screen.rowsAbove, maxRowsAbove);
  const first = whole === 'resized' ? topLine : Math.max(begin, topLine - above);
  const rows = screen.linesBetween(first - topLine, size.rows - 1);
  const isNew = (index: number) => {
    const number = first + index;
    return number > lastOld || !looksTheSame(past.lineNumbered(number), rows[index]);
  };
  const lines: NewLine[] = [];
  let length = 0;
  for (let row = 0, end = 0; row < rows.length; row = end) {
    for (end = row + 1; rows[end]?.isWrapped; ) end++;
    const parts = rows.slice(row, end);
    if (parts.some((_, part) => isNew(row + part))) {
      const text = logicalLines(parts)[0]?.text ?? '';
      lines.push({ row: row + first - topLine, text });
      length += text.length;
    }
    yield length;
  }
  while (lines.at(-1)?.text === '') lines.pop();
  while (whole && lines[0]?.text === '') lines.shift();
  if (whole) {
    const lastBefore = past.isAlternate ? begin : past.lastLine;
    return {
      lines,
      missedRows: 0,
      whole,
      hasLost: whole === 'resized' || screen.erasedTo(past.erasures) > lastBefore,
    };
  }
  // The last old line has most likely been continued.
  const missedRows = Math.max(0, first - Math.max(begin, lastOld));
  return { lines, missedRows, hasLost: missedRows > 0 };
}

function addedRows(past: PastLines, screen: Screen): NewLine[] {
  const rows = screen.lines();
  const isComparable = past.isAlternate && past.cols === screen.size.cols;
  const found = isComparable ? added(past.lines.map(lookOfRow), rows.map(lookOfRow)) : [...rows.keys()];
  const lines = found.map((row) => ({ row, text: lineText(rows[row] as Line) }));
  // There is nothing to read in a row that was cleared.
  return lines.filter(({ text }) => text !== '');
}

/** The places in `now` of what is not in the longest sequence that both have. */
function added(before: readonly number[], now: readonly number[]): number[] {
  let start = 0;
  while (start < now.length && start < before.length && before[start] === now[start]) start++;
  let cut = 0;
  const fits = () => now.length - cut > start && before.length - cut > start;
  while (fits() && before[before.length - 1 - cut] === now[now.length - 1 - cut]) cut++;
  const old = before.slice(start, before.length - cut);
  const recent = now.slice(start, now.length - cut);
  const width = recent.length + 1;
  /** At `row * width + column`: how much is common to old from `row` on and recent from `column` on. */
  const common = new Uint16Array((old.length + 1) * width);
  const at = (row: number, column: number) => common[row * width + column] ?? 0;
  for (let row = old.length - 1; row >= 0; row--)
    for (let column = recent.length - 1; column >= 0; column--)
      common[row * width + column] =
        old[row] === recent[column]
          ? at(row + 1, column + 1) + 1
          : Math.max(at(row + 1, column), at(row, column + 1));
  const found: number[] = [];
  let row = 0;
  for (let column = 0; column < recent.length; ) {
    if (row < old.length && old[row] === recent[column]) {
      row++;
      column++;
    } else if (row < old.length && at(row + 1, column) >= at(row, column + 1)) row++;
    else found.push(start + column++);
  }
  return found;
}

/** Of the past, blank rows at the end are not kept. */
function looksTheSame(past: Line | undefined, now: Line | undefined): boolean {
  if (now === undefined) return false;
  return past === undefined ? lineText(now) === '' : lookOfRow(past) === lookOfRow(now);
}

/** Past lines have their letters and colours, not the style of an underline. */
const NOTHING = Object.freeze({});

function lookOfRow({ length, isWrapped, _data, _combined }: Line): number {
  return hashRow({ length, isWrapped, _data, _combined, _extendedAttrs: NOTHING });
}
