import { expect, test } from 'vitest';
import { applyDiff, diffSince, lookOf, Screen } from '../../packages/terminal/src/index.ts';
import { randomNumbers, randomStream } from './random-stream.ts';

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function lines(from: number, to: number): string {
  return Array.from({ length: to - from + 1 }, (_, i) => `this is line number ${from + i}`).join('\r\n');
}

/** What `second` changes on a screen that shows `first`. */
function changes(first: string, second: string, rows = 10) {
  const screen = new Screen({ cols: 40, rows, scrollback: 0 });
  screen.write(bytes(first));
  const past = lookOf(screen);
  screen.write(bytes(second));
  return diffSince(past, screen);
}

test('nothing changed is no rows', () => {
  expect(changes(lines(1, 10), '\x1b[31m')).toEqual({ scrolled: 0, rows: [] });
});

test('one changed row is one row', () => {
  expect(changes(lines(1, 10), '\x1b[4;1HX')).toEqual({
    scrolled: 0,
    rows: [{ row: 3, text: 'Xhis is line number 4' }],
  });
});

test('a highlight that moves changes the rows it left and came to', () => {
  const bar = (row: number, style: string) => `\x1b[${row};1H\x1b[${style}mthis is line number ${row}`;
  expect(changes(lines(1, 10) + bar(2, '7'), bar(2, '0') + bar(3, '7'))?.rows.map(({ row }) => row)).toEqual([
    1, 2,
  ]);
});

test('seven rows scrolled by are a shift and the rows that came in', () => {
  expect(changes(lines(1, 24), `\r\n${lines(25, 31)}`, 24)).toEqual({
    scrolled: 7,
    rows: Array.from({ length: 7 }, (_, i) => ({ row: 17 + i, text: `this is line number ${25 + i}` })),
  });
});

test('scrolling back is a negative shift, and a blank row that came in goes without saying', () => {
  expect(changes(lines(1, 10), '\x1b[H\x1bM')).toEqual({ scrolled: -1, rows: [] });
});

test('what stands still while the rest scrolls is told again', () => {
  const status = '\x1b[10;1H-- status --\x1b[1;9r\x1b[9;1H';
  expect(changes(`${lines(1, 9)}${status}`, '\r\nthis is line number 10')).toEqual({
    scrolled: 1,
    rows: [
      { row: 8, text: 'this is line number 10' },
      { row: 9, text: '-- status --' },
    ],
  });
});

test('there is no diff when the whole screen is shorter', () => {
  expect(changes(lines(1, 10), `\x1b[H${'different in every row of all\r\n'.repeat(9)}`)).toBeUndefined();
});

test('there is no diff across a resize', () => {
  const screen = new Screen({ cols: 40, rows: 4, scrollback: 0 });
  const past = lookOf(screen);
  screen.resize(41, 4);
  expect(diffSince(past, screen)).toBeUndefined();
});

test('a diff applied to the rows before gives the rows after', () => {
  let diffs = 0;
  for (let seed = 1; seed <= 500; seed++) {
    const random = randomNumbers(seed);
    const screen = new Screen({ cols: 20, rows: 8, scrollback: 0 });
    screen.write(bytes(lines(1, 8)));
    screen.write(bytes(randomStream(random, 20)));
    const before = screen.rowTexts();
    const past = lookOf(screen);
    screen.write(bytes(randomStream(random, 1 + Math.floor(random() * 6))));
    const diff = diffSince(past, screen);
    if (diff === undefined) continue;
    diffs++;
    expect(applyDiff(before, diff), `seed ${seed}`).toEqual(screen.rowTexts());
  }
  expect(diffs).toBeGreaterThan(200);
});
