/**
 * Text of screen rows: wide characters once, marks with their letter, blanks to the right left out.
 */
import { CELL_WORDS, CODEPOINT_MASK, IS_COMBINED, type Line } from './cells.ts';
import { SPACE, Units } from './units.ts';

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
  units.appendLine(line, columns, columns ? line.length : textEnd(line));
  units.trimBlanks(0);
  return units.take(units.length);
}

/** The texts of rows joined by newlines, without trailing empty rows. */
export function textOfRows(lines: readonly Line[]): string {
  let end = 0;
  lines.forEach((line, row) => {
    if (row > 0) units.appendNewline();
    const start = units.length;
    units.appendLine(line, undefined, textEnd(line));
    units.trimBlanks(start);
    if (units.length > start) end = units.length;
  });
  const text = units.take(end);
  units.drop();
  return text;
}

/** The column behind the last that is not blank: most of most screens need not be put together first. */
function textEnd({ _data: data, length }: Line): number {
  let end = length;
  for (let index = (length - 1) * CELL_WORDS; index >= 0; index -= CELL_WORDS, end--) {
    const content = (data[index] as number) & (CODEPOINT_MASK | IS_COMBINED);
    if (content !== 0 && content !== SPACE) return end;
  }
  return 0;
}

/** What stands before a column, with the blanks up to it. */
export function textBefore(line: Line, col: number): string {
  if (col === 0) return '';
  units.appendLine(line, undefined, col);
  return units.take(units.length);
}

/** Joins rows where they wrap. `lines` are the rows of one screen, top first; `at` needs them as they are now. */
export function logicalLines(lines: readonly Line[]): LogicalLine[] {
  const found: LogicalLine[] = [];
  for (let row = 0; row < lines.length; row++) {
    const first = row;
    while (lines[row + 1]?.isWrapped) row++;
    const rows = lines.slice(first, row + 1);
    // Most lines are searched and few are pointed at, so columns are looked for when they are asked for.
    let columns: ColumnsOfLine | undefined;
    found.push({
      text: joinedText(rows),
      row: first,
      at: (index) => {
        columns ??= columnsOf(rows);
        return positionOf(index, first, columns);
      },
    });
  }
  return found;
}

/**
 * The texts of logicalLines() joined by newlines, many times faster: for searching in what is mostly not
 * found. `cursor`, if given, has what stands before it counted as text: a screen does not tell a space from
 * a cell never written, and a prompt ends in one ('$ ').
 */
export function searchableText(
  lines: readonly Line[],
  cursor?: { row: number; col: number },
): { text: string; starts: number[] } {
  const starts: number[] = [];
  for (let row = 0; row < lines.length; row++) {
    if (row > 0) units.appendNewline();
    const start = units.length;
    starts.push(start);
    while (lines[row + 1]?.isWrapped) {
      units.appendWrappedLine(lines[row] as Line, lines[row + 1] as Line);
      row++;
    }
    const lastRow = units.length;
    const line = lines[row] as Line;
    if (cursor?.row === row) {
      units.appendLine(line);
      units.trimBlanks(lastRow + unitsBefore(line, cursor.col));
    } else {
      units.appendLine(line, undefined, textEnd(line));
      units.trimBlanks(start);
    }
  }
  return { text: units.take(units.length), starts };
}

/** How many units of a row stand before a column. */
function unitsBefore(line: Line, col: number): number {
  const columns: number[] = [];
  const measured = new Units();
  measured.appendLine(line, columns);
  const index = columns.findIndex((column) => column >= col);
  return index === -1 ? columns.length : index;
}

interface ColumnsOfLine {
  /** The column of each string index. */
  columns: number[];
  /** String index at which each row of the line begins. */
  begins: number[];
}

function joinedText(rows: readonly Line[], found?: ColumnsOfLine): string {
  rows.forEach((line, index) => {
    const next = rows[index + 1];
    if (next) units.appendWrappedLine(line, next, found?.columns);
    else units.appendLine(line, found?.columns);
    if (next) found?.begins.push(units.length);
  });
  units.trimBlanks(0);
  return units.take(units.length);
}

function columnsOf(rows: readonly Line[]): ColumnsOfLine {
  const found: ColumnsOfLine = { columns: [], begins: [0] };
  joinedText(rows, found);
  return found;
}

function positionOf(index: number, first: number, { columns, begins }: ColumnsOfLine): Position {
  let last = begins.length - 1;
  while (last > 0 && (begins[last] as number) > index) last--;
  return { row: first + last, col: columns[index] ?? (columns.at(-1) ?? -1) + 1 };
}
