/** What DECSC saves, by whatever sequence it is asked for. */
import { expect, test } from 'vitest';
import { Screen } from '../../packages/terminal/src/index.ts';

function rows(text: string): string[] {
  const screen = new Screen({ cols: 10, rows: 3, scrollback: 0 });
  screen.write(Buffer.from(text));
  return screen.rowTexts();
}

test.each([
  ['\x1b7', '\x1b8'],
  ['\x1b[s', '\x1b[u'],
  ['\x1b[?1048h', '\x1b[?1048l'],
  ['\x1b[?1049h', '\x1b[?1049l'],
])('%j saves the character sets, and %j puts them back', (save, restore) => {
  // Graphics in G1, shifted to; then ASCII in both.
  expect(rows(`\x1b)0\x0e${save}\x1b)B\x0fq${restore}q\x0fq`)[0]?.slice(0, 2)).toBe('─q');
});

test.each([
  ['\x1b7', '\x1b8'],
  ['\x1b[?1048h', '\x1b[?1048l'],
])('%j saves origin mode, and %j puts it back', (save, restore) => {
  expect(rows(`\x1b[2;3r\x1b[?6h${save}\x1b[?6l${restore}\x1b[1;1Hx`)).toEqual(['', 'x', '']);
});

test('where nothing was saved, or DECSTR has come since, the cursor goes home in plain', () => {
  expect(rows('\x1b(0\x1b[3;3H\x1b8q')).toEqual(['q', '', '']);
  expect(rows('\x1b[?6h\x1b(0\x1b7\x1b[!p\x1b[3;3H\x1b8q\x1b[2;2r\x1b[1;1Hx')).toEqual(['x', '', '']);
});

test('SU scrolls by the rows that there are after a resize', () => {
  const screen = new Screen({ cols: 10, rows: 9, scrollback: 50 });
  screen.resize(10, 3);
  screen.write(Buffer.from('a\r\nb\r\nc\x1b[9S'));
  expect(screen.scrollbackTexts(50)).toEqual(['a', 'b', 'c']);
});
