/** What a screen of another size shows, and did not show at an earlier look. */
import { expect, test } from 'vitest';
import { PastLines, Screen } from '../../packages/terminal/src/index.ts';

const LINES = Array.from({ length: 30 }, (_, number) => `line ${number} ${'-'.repeat(40)} end`);

function screenOf(cols: number, rows: number): Screen {
  const screen = new Screen({ cols, rows, scrollback: 1000 });
  screen.write(Buffer.from(LINES.join('\r\n')));
  return screen;
}

/** Of the lines that the screen shows, those that count as new. */
function newLines(past: PastLines, screen: Screen): string[] {
  const lines = screen.searchable(screen.topLine, 1000).lines();
  return lines.filter(({ row, text }) => past.textBefore(screen, row, text) !== text).map(({ text }) => text);
}

test('rows that come back with a higher screen are old', () => {
  const screen = screenOf(80, 5);
  const past = new PastLines(screen);
  screen.resize(80, 20);
  expect(screen.text()).toContain('line 12 ');
  expect(newLines(past, screen)).toEqual([]);
  screen.write(Buffer.from('\r\nnew'));
  expect(newLines(past, screen)).toEqual(['new']);
});

test.each([
  ['wider', 40, 100, 5],
  ['wider and higher', 20, 100, 12],
  ['narrower and higher', 60, 30, 20],
])('rows that come back because lines are folded anew are old: %s', (_, from, to, rows) => {
  const screen = screenOf(from, 5);
  const past = new PastLines(screen, rows * Math.ceil(to / from));
  screen.resize(to, rows);
  expect(newLines(past, screen)).toEqual([]);
  expect(newLines(new PastLines(past.state), screen)).toEqual([]);
  screen.write(Buffer.from('\r\nnew'));
  expect(newLines(past, screen)).toEqual(['new']);
});
