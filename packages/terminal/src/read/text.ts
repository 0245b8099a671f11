/**
 * Text of screen rows: wide characters once, marks with their letter, blanks to the right left out.
 */
import type { Line } from './cells.ts';
import { Units } from './units.ts';

export interface Position {
  row: number;
  col: number;
}

/** What a program wrote as one line, whatever number of rows it was folded into. */
export interface LogicalLine {
  text: string;
  /** The screen row it starts on. */
  row: number;
  /** Where the character at this string index stands; past the end, where the next one would. */
  at(index: number): Position;
}

/** Emptied by every function below before it returns. */
const units = new Units();

/** `columns`, if given, gets the column of each string index, blanks to the right edge included. */
export function lineText(line: Line, columns?: number[]): string {
  units.appendLine(line, columns);
  units.trimBlanks(0);
  return units.take(units.length);
}

/** Joins rows where they wrap. `lines` are the rows of one screen, top first. */
export function logicalLines(lines: readonly Line[]): LogicalLine[] {
  const found: LogicalLine[] = [];
  for (let row = 0; row < lines.length; row++) {
    const first = row;
    const columns: number[] = [];
    /** String index at which each row of this line begins. */
    const begins = [0];
    for (;;) {
      const next = lines[row + 1];
      if (!next?.isWrapped) break;
      units.appendWrappedLine(lines[row] as Line, next, columns);
      begins.push(units.length);
      row++;
    }
    units.appendLine(lines[row] as Line, columns);
    units.trimBlanks(0);
    const text = units.take(units.length);
    found.push({ text, row: first, at: (index) => positionOf(index, first, begins, columns) });
  }
  return found;
}

function positionOf(
  index: number,
  first: number,
  begins: readonly number[],
  columns: readonly number[],
): Position {
  let last = begins.length - 1;
  while (last > 0 && (begins[last] as number) > index) last--;
  return { row: first + last, col: columns[index] ?? (columns.at(-1) ?? -1) + 1 };
}
