/** Marks where there is no character to join. */
import { expect, test } from 'vitest';
import { Screen } from '../../packages/terminal/src/index.ts';

test.each([
  ['at the beginning of a row', '\u0301', [' \u0301', 1]],
  ['behind a cell that was never written', '\x1b[3C\u0301', ['   \u0301', 3]],
  ['behind one that was erased', 'abc\x1b[3D\x1b[X\x1b[C\u0301', [' \u0301bc', 1]],
  ['in the middle of a wide character', '漢\x1b[D\u0301', [' \u0301', 1]],
  [
    'behind a character that was dropped in the last column',
    '\x1b[?7l\x1b[10G漢\u0301',
    ['         \u0301', 9],
  ],
])('a mark %s stands on a blank', (_, text, [row, col]) => {
  const screen = new Screen({ cols: 10, rows: 2, scrollback: 0 });
  screen.write(Buffer.from(text));
  expect([screen.rowTexts()[0], screen.cursor.col]).toEqual([row, col]);
});

test.each([
  ['at the beginning of a row is repeated with its blank', '\u0301\x1b[b', ' \u0301 \u0301'],
  [
    'that joins a cell further back is not repeated, nor what stands under the cursor',
    'abc\x1b[2D\u0301\x1b[b',
    'a\u0301bc',
  ],
])('a mark %s', (_, text, row) => {
  const screen = new Screen({ cols: 10, rows: 2, scrollback: 0 });
  screen.write(Buffer.from(text));
  expect(screen.rowTexts()[0]).toBe(row);
});
