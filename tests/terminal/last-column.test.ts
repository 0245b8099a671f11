/** Without wraparound all goes on in the last column, where half of a character is none. */
import { expect, test } from 'vitest';
import { Screen } from '../../packages/terminal/src/index.ts';

function drawn(text: string): { row: string | undefined; widths: number[]; col: number } {
  const screen = new Screen({ cols: 4, rows: 2, scrollback: 0 });
  screen.write(Buffer.from(`\x1b[?7l${text}`));
  const [line] = screen.lines();
  const widths = Array.from({ length: 4 }, (_, col) => ((line?._data[col * 3] ?? 0) >>> 22) & 3);
  return { row: screen.rowTexts()[0], widths, col: screen.cursor.col };
}

test.each([
  ['a wide character that does not fit is dropped', 'ab漢字', 'ab漢', [1, 1, 2, 0]],
  ['what follows goes on in the last column', 'abc漢d', 'abcd', [1, 1, 1, 1]],
  ['a mark joins what stands there, not what was dropped', 'abcd漢\u0301', 'abcd\u0301', [1, 1, 1, 1]],
  ['a character that would become wide stays as it is', 'abc1\ufe0f', 'abc1', [1, 1, 1, 1]],
  ['a narrow character over half of a wide one takes the rest away', 'ab漢d', 'ab d', [1, 1, 1, 1]],
])('%s', (_, text, row, widths) => {
  expect(drawn(text)).toEqual({ row, widths, col: 3 });
});
