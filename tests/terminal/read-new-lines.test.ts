/** What is new on a screen since a look: all that was printed, in order, and nothing that stood there before. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { newLineSteps, PastLines, resultOf, Screen } from '../../packages/terminal/src/index.ts';

const COLS = 12;
const ROWS = 5;

function screenOf(text: string, scrollback = 1000): Screen {
  const screen = new Screen({ cols: COLS, rows: ROWS, scrollback });
  write(screen, text);
  return screen;
}

function write(screen: Screen, text: string): void {
  screen.write(Buffer.from(text.replaceAll('\n', '\r\n')));
}

function newAfter(before: string, after: string, { scrollback = 1000, maxRowsAbove = 1000 } = {}) {
  const screen = screenOf(before, scrollback);
  const past = new PastLines(screen);
  write(screen, after);
  return resultOf(newLineSteps(past, screen, maxRowsAbove));
}

const texts = (lines: readonly { text: string }[]) => lines.map(({ text }) => text);

/** Some of them wrap. */
const printed = fc
  .array(fc.stringMatching(/^[a-c]{0,30}$/), { maxLength: 30 })
  .map((lines) => lines.join('\n'));

/** As they would be read: the line that was begun, if it went on, and all below it; blank ones at the end left out. */
function expected(before: string, after: string): string[] {
  const begun = before.split('\n').at(-1) ?? '';
  const lines = (begun + after).split('\n');
  if (lines[0] === begun) lines.shift();
  while (lines.at(-1) === '') lines.pop();
  return lines;
}

test('what was printed is new, whatever scrolled off, and nothing else', () => {
  fc.assert(
    fc.property(printed, printed, (before, after) => {
      const { lines, missedRows } = newAfter(before, after);
      expect(texts(lines)).toEqual(expected(before, after));
      expect(missedRows).toBe(0);
    }),
  );
});

test('each line says where it stands', () => {
  const lines = newAfter('a\n$ ', 'x\n1\n2\n3\n4\n5\n$ ').lines;
  expect(lines[0]).toEqual({ row: -2, text: '$ x' });
  expect(lines.at(-1)).toEqual({ row: 4, text: '$' });
});

test('of more than is kept, or looked at, the rows that are missing are counted', () => {
  const short = fc
    .array(fc.stringMatching(/^[a-c]{0,5}$/), { maxLength: 30 })
    .map((lines) => lines.join('\n'));
  const bounds = fc.record({ scrollback: fc.nat(9), maxRowsAbove: fc.nat(9) });
  fc.assert(
    fc.property(short, short, bounds, (before, after, bound) => {
      const all = expected(before, after);
      const { lines, missedRows } = newAfter(before, after, bound);
      const told = texts(lines);
      expect(told).toEqual(all.slice(all.length - told.length));
      // Whether the line that was begun before the look went on cannot be seen when it is gone.
      const missing = all.length - told.length;
      expect(missedRows === missing || (missedRows === missing + 1 && after.startsWith('\n'))).toBe(true);
    }),
  );
});

test('a line that was drawn over is new where it looks different, in colour too', () => {
  const { lines } = newAfter('one\ntwo\nthree\n> ', '\x1b[Hone\n\x1b[31mtwo\x1b[m\nthree');
  expect(lines).toEqual([{ row: 1, text: 'two' }]);
  expect(newAfter('10%', '\r20%\r99%').lines).toEqual([{ row: 0, text: '99%' }]);
});

test('after a clear, and at another width, it is the whole screen, and says why', () => {
  const cleared = newAfter('old\n$ ', 'x\n1\n\x1b[H\x1b[2J\nhi\n$ ');
  expect(cleared).toEqual({
    lines: [
      { row: 1, text: 'hi' },
      { row: 2, text: '$' },
    ],
    missedRows: 0,
    whole: 'cleared',
    hasLost: true,
  });
  const screen = screenOf('a long line of text\n$ ');
  const past = new PastLines(screen);
  screen.resize(COLS * 2, ROWS);
  expect(resultOf(newLineSteps(past, screen, 1000))).toMatchObject({
    lines: [{ text: 'a long line of text' }, { text: '$' }],
    whole: 'resized',
  });
});

test('a clear has lost nothing where all that it cleared had been there before', () => {
  expect(newAfter('old\n$ ', 'clear\n\x1b[H\x1b[2J$ ')).toMatchObject({ whole: 'cleared', hasLost: false });
  expect(newAfter('', '\x1b[H\x1b[2Ja menu')).toMatchObject({ hasLost: false });
  const menus = newAfter('1\n2\n3', '\x1b[H\x1b[2Ja\nb\x1b[H\x1b[2Jc');
  expect(menus).toMatchObject({ lines: [{ text: 'c' }], hasLost: false });
  expect(newAfter('1', '\x1b[H\x1b[2Ja\nb\x1b[H\x1b[2Jc').hasLost).toBe(true);
  expect(newAfter('1\n2', '\x1b[2J'.repeat(17)).hasLost).toBe(true);
});

test('what scrolled off before a clear is told once, old lines are not', () => {
  const { lines } = newAfter('old\n$ ', '1\n2\n3\n4\n5\n6\n\x1b[2J\x1b[Hhi');
  expect(texts(lines)).toEqual(['$ 1', '2', 'hi']);
});

test('a higher screen brings back lines that are old', () => {
  const screen = screenOf('1\n2\n3\n4\n5\n6\n7\n$ ');
  const past = new PastLines(screen);
  screen.resize(COLS, ROWS + 3);
  expect(resultOf(newLineSteps(past, screen, 1000))).toMatchObject({ lines: [], missedRows: 0 });
  write(screen, 'x\ny\n$ ');
  expect(texts(resultOf(newLineSteps(past, screen, 1000)).lines)).toEqual(['$ x', 'y', '$']);
});

const ENTER = '\x1b[?1049h\x1b[H';
const LEAVE = '\x1b[?1049l';
const draw = (rows: readonly string[]) => rows.map((text, row) => `\x1b[${row + 1}H\x1b[2K${text}`).join('');

test('a full-screen program that starts has its rows new, one that ends what was printed since it began', () => {
  expect(newAfter('$ ', `vi\n${ENTER}${draw(['', 'x', '~'])}`).lines).toEqual([
    { row: 1, text: 'x' },
    { row: 2, text: '~' },
  ]);
  const ended = newAfter(`old\n$ vi\n${ENTER}text`, `${LEAVE}2 lines\n$ `);
  expect(ended).toMatchObject({
    lines: [
      { row: 2, text: '2 lines' },
      { row: 3, text: '$' },
    ],
    missedRows: 0,
  });
});

test('on the alternate screen the new rows are those that diff would add', () => {
  const rows = fc.array(fc.constantFrom('a', 'b', 'c', 'dd', ''), { minLength: ROWS, maxLength: ROWS });
  fc.assert(
    fc.property(rows, rows, (before, after) => {
      const { lines } = newAfter(ENTER + draw(before), draw(after));
      for (const { row, text } of lines) expect(after[row]).toBe(text);
      const added = new Set(lines.map(({ row }) => row));
      const kept = after.filter((text, row) => text !== '' && !added.has(row));
      let from = 0;
      for (const text of kept) {
        const place = before.indexOf(text, from);
        expect(place).not.toBe(-1);
        from = place + 1;
      }
      if (before.join() === after.join()) expect(lines).toEqual([]);
    }),
  );
  const scrolled = newAfter(ENTER + draw(['1', '2', '3', '4', ':']), draw(['2', '3', '4', '5', ':']));
  expect(scrolled.lines).toEqual([{ row: 3, text: '5' }]);
  const twice = newAfter(ENTER + draw(['1', '2', '~', '~', '']), draw(['1', '2', '2', '~', '']));
  expect(twice.lines).toEqual([{ row: 2, text: '2' }]);
});
