/**
 * A screen as plain text with its cursor drawn in: what `snapshot --format text` prints.
 */

import type { Line } from '../lines/cells.ts';
import { lineText } from '../lines/text.ts';
import type { Screen } from '../screen.ts';

/** The row with the character under `col` in brackets, or `[_]` where there is none. */
function markedRow(line: Line, col: number): string {
  const columns: number[] = [];
  const text = lineText(line, columns);
  // The second half of a wide character belongs to the character that begins before it.
  const target = columns.findLast((column) => column <= col) ?? 0;
  const start = columns.indexOf(target);
  const end = columns.lastIndexOf(target) + 1;
  const under = text.slice(start, end);
  const isBlank = under === '' || under === ' ';
  return `${text.slice(0, start).padEnd(start)}[${isBlank ? '_' : under}]${text.slice(end)}`;
}

export function markedText(screen: Screen): string {
  const { cols, rows } = screen.size;
  const { row, col, visible } = screen.cursor;
  const texts = screen.rowTexts();
  const line = screen.lines()[row];
  if (visible && line !== undefined) texts[row] = markedRow(line, col);
  const header = `--- Terminal ${cols}x${rows} | Cursor: (${row}, ${col})${visible ? '' : ' hidden'} ---`;
  return [header, ...texts].join('\n').replace(/\n+$/, '');
}
