/**
 * Text of screen rows: wide characters once, marks with their letter, blanks as spaces.
 */
import { CELL_WORDS, CODEPOINT_MASK, cellWidth, IS_COMBINED, type Line, WIDTH_SHIFT } from './cells.ts';

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

/** Blanks to the right of the last character are not text, whether a program wrote them or not. */
export function trimBlanks(text: string): string {
  let end = text.length;
  while (end > 0 && text.charCodeAt(end - 1) === 0x20) end--;
  return end === text.length ? text : text.slice(0, end);
}

/** UTF-16 units of one run; spread as arguments, so far below the engine's limit of some 100 000. */
const units = new Uint16Array(4096);

/**
 * The text of a whole row, blanks to its right edge included. `columns`, if given, gets the column of
 * each string index appended.
 */
export function lineText(line: Line, columns?: number[]): string {
  const { _data: data, length } = line;
  let text = '';
  let count = 0;
  let column = 0;
  while (column < length) {
    const content = data[column * CELL_WORDS] as number;
    const codepoint = content & CODEPOINT_MASK;
    const start = count;
    if (content & IS_COMBINED) {
      const combined = line._combined[column] ?? '';
      text += String.fromCharCode.apply(null, units.subarray(0, count) as unknown as number[]) + combined;
      count = 0;
      if (columns) for (let i = 0; i < combined.length; i++) columns.push(column);
    } else if (codepoint > 0xffff) {
      units[count++] = 0xd800 + ((codepoint - 0x10000) >> 10);
      units[count++] = 0xdc00 + ((codepoint - 0x10000) & 0x3ff);
    } else {
      units[count++] = codepoint === 0 ? 0x20 : codepoint;
    }
    if (columns) for (let i = start; i < count; i++) columns.push(column);
    column += content >>> WIDTH_SHIFT || 1;
    if (count > 4000) {
      text += String.fromCharCode.apply(null, units.subarray(0, count) as unknown as number[]);
      count = 0;
    }
  }
  return text + String.fromCharCode.apply(null, units.subarray(0, count) as unknown as number[]);
}

/**
 * The text of a row that runs on into `next`. A wide character that did not fit leaves the last column
 * empty; that hole was never written and is no space of the text.
 */
export function wrappedText(line: Line, next: Line, columns?: number[]): string {
  const text = lineText(line, columns);
  const last = (line._data[(line.length - 1) * CELL_WORDS] ?? 0) & (CODEPOINT_MASK | IS_COMBINED);
  const hasHole = last === 0 && cellWidth(line, line.length - 1) === 1 && cellWidth(next, 0) === 2;
  if (!hasHole) return text;
  columns?.pop();
  return text.slice(0, -1);
}

/** Joins rows where they wrap. `lines` are the rows of one screen, top first. */
export function logicalLines(lines: readonly Line[]): LogicalLine[] {
  const found: LogicalLine[] = [];
  for (let row = 0; row < lines.length; ) {
    const first = row;
    const columns: number[] = [];
    /** String index at which each row of this line begins. */
    const begins: number[] = [];
    let text = '';
    for (;;) {
      const line = lines[row] as Line;
      const next = lines[row + 1];
      begins.push(text.length);
      row++;
      if (next?.isWrapped) {
        text += wrappedText(line, next, columns);
      } else {
        text += lineText(line, columns);
        break;
      }
    }
    const trimmed = trimBlanks(text);
    found.push({ text: trimmed, row: first, at: (index) => positionOf(index, first, begins, columns) });
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
  const col = columns[index] ?? (columns.length === 0 ? 0 : (columns[columns.length - 1] as number) + 1);
  return { row: first + last, col };
}
