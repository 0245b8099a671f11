import { expect, test } from 'vitest';
import { Screen } from '../../packages/terminal/src/index.ts';

const size = { cols: 10, rows: 6, scrollback: 100 };

/** The lines of a screen as a program wrote them. */
function linesAfter(stream: string): string[] {
  const screen = new Screen(size);
  screen.write(new TextEncoder().encode(stream));
  const lines = screen.logicalLines().map(({ text }) => text);
  while (lines.at(-1) === '') lines.pop();
  return lines;
}

/** Two rows that are one line; a third below. */
const WRAPPED = '0123456789abc\r\nnext';

test.each<[string, string, string[]]>([
  ['nothing', '', ['0123456789abc', 'next']],
  ['EL to the right', '\x1b[1;5H\x1b[K', ['0123', 'abc', 'next']],
  ['DECSEL to the right', '\x1b[1;5H\x1b[?K', ['0123', 'abc', 'next']],
  ['EL to the left', '\x1b[1;5H\x1b[1K', ['     56789abc', 'next']],
  ['EL to the left up to the last cell', '\x1b[1;10H\x1b[1K', ['', 'abc', 'next']],
  ['EL of the row above', '\x1b[1;5H\x1b[2K', ['', 'abc', 'next']],
  ['EL of the row itself', '\x1b[2;1H\x1b[2Knew', ['0123456789', 'new', 'next']],
  ['EL to the left of the row itself', '\x1b[2;1H\x1b[1K', ['0123456789', ' bc', 'next']],
  ['ED above', '\x1b[1;10H\x1b[1J', ['', 'abc', 'next']],
  ['ED below', '\x1b[1;5H\x1b[J\x1b[2;1Hnew', ['0123', 'new']],
  ['ECH up to the edge', '\x1b[1;5H\x1b[99X', ['0123', 'abc', 'next']],
  ['ECH of some', '\x1b[1;5H\x1b[2X', ['0123  6789abc', 'next']],
  ['DCH', '\x1b[1;5H\x1b[P', ['012356789', 'abc', 'next']],
  ['ICH', '\x1b[1;5H\x1b[@', ['0123 45678', 'abc', 'next']],
  ['a character inserted', '\x1b[4h\x1b[1;5H-\x1b[4l', ['0123-45678', 'abc', 'next']],
  ['a redraw up to the edge', '\x1b[1;1Hnew text..\x1b[2;1Hold', ['new text..', 'old', 'next']],
  [
    'a redraw up to the edge, a part at a time',
    '\x1b[1;8Hxy\x1b[1;10Hz\x1b[H',
    ['0123456xyz', 'abc', 'next'],
  ],
  ['the last cell repeated', '\x1b[1;8Hx\x1b[2b\x1b[H', ['0123456xxx', 'abc', 'next']],
  ['a redraw that wraps again', '\x1b[1;1Hnew text..old', ['new text..old', 'next']],
  ['a redraw elsewhere', '\x1b[1;5Hxy\x1b[2;1Hz', ['0123xy6789zbc', 'next']],
  ['IL between', '\x1b[2;1H\x1b[Lnew', ['0123456789', 'new', 'abc', 'next']],
  ['IL above', '\x1b[1;1H\x1b[L', ['', '0123456789abc', 'next']],
  ['DL of the row above', '\x1b[1;1H\x1b[M', ['abc', 'next']],
  ['DL of the row below', '\x1b[2;1H\x1b[M', ['0123456789', 'next']],
  ['SL', '\x1b[ @', ['123456789', 'bc', 'ext']],
  ['DECDC', "\x1b[1;5H\x1b['~", ['012356789', 'abc', 'next']],
])('the wrap after %s', (_, sequences, expected) => {
  expect(linesAfter(WRAPPED + sequences)).toEqual(expected);
});

test.each<[string, string, string[]]>([
  ['a line feed at its bottom', '\x1b[2;4r\x1b[4;1H\n', ['one', 'c', '0123456789', '', 'e', 'six']],
  ['SU', '\x1b[2;4r\x1b[S', ['one', 'c', '0123456789', '', 'e', 'six']],
  ['IL', '\x1b[2;4r\x1b[2;1H\x1b[L', ['one', '', '0123456789c', 'e', 'six']],
  ['DL', '\x1b[2;4r\x1b[2;1H\x1b[M', ['one', 'c', '0123456789', '', 'e', 'six']],
  ['SD', '\x1b[2;4r\x1b[T', ['one', '', '0123456789c', 'e', 'six']],
  ['RI at its top', '\x1b[2;4r\x1b[2;1H\x1bM', ['one', '', '0123456789c', 'e', 'six']],
  ['SR', '\x1b[2;4r\x1b[2;1H\x1b[ A', ['one', ' 012345678', ' c', ' 012345678', 'e', 'six']],
  ['DECIC', "\x1b[2;4r\x1b[2;1H\x1b['}", ['one', ' 012345678', ' c', ' 012345678', 'e', 'six']],
])(
  'rows that come to stand below others in a scroll region do not continue them: %s',
  (_, sequences, expected) => {
    // Rows 2 and 3 are one line, and 4 and 5.
    const stream = `one\r\n0123456789c\r\n0123456789e\r\nsix${sequences}`;
    expect(linesAfter(stream)).toEqual(expected);
  },
);

test('a line that wraps at the bottom of a scroll region is one line', () => {
  expect(linesAfter('\x1b[2;4r\x1b[4;1H0123456789abc')).toEqual(['', '', '0123456789abc']);
  expect(linesAfter('\x1b[?1049h\x1b[6;1H0123456789abc')).toEqual(['', '', '', '', '0123456789abc']);
});

test('a line that goes on from above the screen stays one while the screen scrolls, and not when its row is cleared', () => {
  const screen = new Screen(size);
  screen.write(new TextEncoder().encode(`0123456789abc${'\r\n'.repeat(5)}`));
  expect(screen.lineTexts(1)[0]).toBe('0123456789abc');
  screen.write(new TextEncoder().encode('\x1b[H\x1b[2Jnew'));
  expect(screen.lineTexts(1).slice(0, 2)).toEqual(['0123456789', 'new']);
});

test('vim that opens another file draws lines that begin where they begin', () => {
  const long = 'long '.repeat(4).trimEnd();
  expect(linesAfter(`\x1b[H${long}\x1b[1;1Halpha\x1b[K\x1b[2;1Hbeta\x1b[K\x1b[3;1Hgamma\x1b[K`)).toEqual([
    'alpha',
    'beta',
    'gamma',
  ]);
});

test('an erased wrap does not come back when the screen is resized', () => {
  const screen = new Screen(size);
  screen.write(new TextEncoder().encode(`${WRAPPED}\x1b[1;5H\x1b[K\x1b[2;1HBBB`));
  screen.resize(20, 6);
  expect(screen.rowTexts().slice(0, 3)).toEqual(['0123', 'BBB', 'next']);
});

test('a full row at the bottom leaves the oldest row above the screen as it is, however many there are', () => {
  const screen = new Screen({ cols: 10, rows: 3, scrollback: 2 });
  const text = (line: string) => new TextEncoder().encode(line);
  // The beginning of the first line has gone; its end is the oldest row that is left.
  screen.write(text('0123456789abc\r\none\r\ntwo\r\nthree\r\n'));
  expect(screen.scrollbackCount).toBe(2);
  const isContinued = () => screen.scrollbackLines(2)[0]?.isWrapped;
  expect(isContinued()).toBe(true);
  screen.write(text('0123456789'));
  expect(isContinued()).toBe(true);
});

test('a cursor behind a full row at the bottom stays there when the screen gets narrower', () => {
  const screen = new Screen({ cols: 10, rows: 3, scrollback: 2 });
  const text = (line: string) => new TextEncoder().encode(line);
  screen.write(text('0123456789abc\r\none\r\ntwo\r\nthree\r\n123456'));
  screen.resize(6, 3);
  expect(screen.scrollbackLines(2)[0]?.isWrapped).toBe(true);
  screen.write(text('78'));
  expect(screen.text()).toBe('three\n123456\n78');
});
