/** The command line between the end of a prompt and the cursor, as its user sees it. */
import type { Buffer } from './emulator.ts';
import { logicalLines } from './lines/text.ts';

/** Longer ones are cut, as shells cut what they tell. */
const LENGTH_LIMIT = 2000;

/** @param from the row among the lines of `buffer`, and the column, in which the prompt ends */
export function typedLine(
  { lines, ybase, y }: Buffer,
  from: { row: number; col: number },
): string | undefined {
  const rows = Array.from({ length: ybase + y - from.row }, (_, row) => lines.get(from.row + row));
  const [first, ...more] = logicalLines(rows.filter((line) => line !== undefined));
  if (from.row < 0 || first === undefined) return undefined;
  let start = 0;
  while (start < first.text.length && first.at(start).row === 0 && first.at(start).col < from.col) start++;
  const text = [first.text.slice(start), ...more.map((line) => line.text)].join('\n');
  return text === '' ? undefined : text.slice(0, LENGTH_LIMIT);
}
