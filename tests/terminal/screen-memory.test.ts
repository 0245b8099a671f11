import v8 from 'node:v8';
import vm from 'node:vm';
import { expect, test } from 'vitest';
import { Screen } from '../../packages/terminal/src/index.ts';

v8.setFlagsFromString('--expose-gc');
const collectGarbage = vm.runInNewContext('gc') as () => void;

function usedBytes(): number {
  collectGarbage();
  collectGarbage();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

const size = { cols: 80, rows: 24, scrollback: 1500 };

function filled(row: (number: number) => string, options = size): Screen {
  const screen = new Screen(options);
  for (let number = 0; number < options.rows + options.scrollback; number++)
    screen.write(new TextEncoder().encode(row(number)));
  return screen;
}

const cells = Array.from({ length: 80 }, (_, col) => col);
const CONTENTS: readonly (readonly [string, (number: number) => string])[] = [
  ['plain text', () => 'x'.repeat(80)],
  ['wide characters', () => '漢'.repeat(40)],
  ['marks without end', () => `a${'\u0301'.repeat(63)}`.repeat(80)],
  ['emoji of many parts', () => '👨🏻‍👩🏻‍👧🏻‍👦🏻'.repeat(40)],
  [
    'an underline of another colour in each cell',
    (number) => cells.map((col) => `\x1b[4:3;58;2;${number & 255};${col};7mx`).join(''),
  ],
  [
    'another link in each cell',
    (number) => cells.map((col) => `\x1b]8;;http://h/${number}/${col}\x07x`).join(''),
  ],
  [
    'links with long parameters',
    (number) => `\x1b]8;${'p'.repeat(6000)};http://example/${number}\x07${'x'.repeat(80)}`,
  ],
];

test('a screen says what it takes', { timeout: 180_000 }, () => {
  // Kept to the end: what is given back meanwhile would be measured with the next.
  const kept = [filled(() => 'x'.repeat(80))];
  const said: Record<string, number> = {};
  for (const [content, row] of CONTENTS) {
    const before = usedBytes();
    const screen = filled(row);
    kept.push(screen);
    said[content] = screen.memoryBytes / (usedBytes() - before);
  }
  const wrong = Object.entries(said).filter(([, ratio]) => ratio < 0.7 || ratio > 1.4);
  expect(wrong).toEqual([]);
  expect(kept).toHaveLength(CONTENTS.length + 1);
});

test('marks on every cell have a bound, and it is the oldest rows that lose theirs', () => {
  const options = { cols: 100, rows: 20, scrollback: 3000 };
  const marks = [...'\u0301\u0302\u0303\u0304'].join('').repeat(4);
  const screen = filled(() => `a${marks}`.repeat(100), options);
  const count = (options.rows + options.scrollback) * options.cols;
  const plain = filled(() => 'a'.repeat(100), options).memoryBytes;
  expect(screen.memoryBytes - plain).toBeLessThan(8 * 1024 * 1024 + 25 * count);
  expect(screen.rowTexts()[0]).toContain('a\u0301\u0302');
  expect(screen.scrollbackTexts(options.scrollback)[0]).toBe('a'.repeat(100));
});

test('what was drawn over is not kept', () => {
  const marked = `${'a\u0301\u0302\u0303'.repeat(80)}\r`;
  const over = filled((number) => `${marked}${'b'.repeat(80)}${number % 2 ? '\r\n' : '\r'}`, {
    ...size,
    scrollback: 500,
  });
  const wanted = filled(() => 'b'.repeat(80), { ...size, scrollback: 500 });
  for (let round = 0; round < 1000; round++)
    over.write(new TextEncoder().encode(`${marked}${'b'.repeat(80)}\r`));
  expect(over.memoryBytes).toBeLessThan(wanted.memoryBytes + 4 * 1024 * 1024);
});
