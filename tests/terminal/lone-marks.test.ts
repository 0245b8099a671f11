/** Marks where there is no character to join. */
import { expect, test } from 'vitest';
import { Screen } from '../../packages/terminal/src/index.ts';

test.each([
  ['at the beginning of a row', '\u0301', [' \u0301', 1]],
  ['behind a cell that was never written', '\x1b[3C\u0301', ['   \u0301', 3]],
  ['behind one that was erased', 'abc\x1b[3D\x1b[X\x1b[C\u0301', [' \u0301bc', 1]],
])('a mark %s stands on a blank', (_, text, [row, col]) => {
  const screen = new Screen({ cols: 10, rows: 2, scrollback: 0 });
  screen.write(Buffer.from(text));
  expect([screen.rowTexts()[0], screen.cursor.col]).toEqual([row, col]);
});
