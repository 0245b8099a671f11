import { expect, test } from 'vitest';
import { Screen, styledLines } from '../../packages/terminal/src/index.ts';
import { randomNumbers, randomStream } from './random-stream.ts';

function drawn(text: string, cols = 40, rows = 1): Screen {
  const screen = new Screen({ cols, rows, scrollback: 10 });
  screen.write(new TextEncoder().encode(text));
  return screen;
}

test('what is not set is absent', () => {
  expect(styledLines(drawn('plain'))).toEqual([[{ text: 'plain' }]]);
});

test('a row where nothing shows has no spans', () => {
  expect(styledLines(drawn('\x1b[31m   '))).toEqual([[]]);
});

test('a palette colour is its number, a true colour its hexadecimal', () => {
  expect(styledLines(drawn('\x1b[31;104ma\x1b[38;5;200mb\x1b[38;2;1;2;255;49mc'))).toEqual([
    [
      { text: 'a', fg: 1, bg: 12 },
      { text: 'b', fg: 200, bg: 12 },
      { text: 'c', fg: '#0102ff' },
    ],
  ]);
});

test.each([
  ['1', { bold: true }],
  ['2', { dim: true }],
  ['3', { italic: true }],
  ['4', { underline: 'single' }],
  ['21', { underline: 'double' }],
  ['4:3', { underline: 'curly' }],
  ['4:4', { underline: 'dotted' }],
  ['4:5', { underline: 'dashed' }],
  ['4;58:5:3', { underline: 'single', underlineColor: 3 }],
  ['4;58:5:3;59', { underline: 'single' }],
  ['58:5:3', {}],
  ['5', { blink: true }],
  ['7', { inverse: true }],
  ['8', { invisible: true }],
  ['9', { strikethrough: true }],
  ['53', { overline: true }],
])('SGR %s is told as %o', (parameters, style) => {
  expect(styledLines(drawn(`\x1b[${parameters}mx`))).toEqual([[{ text: 'x', ...style }]]);
});

test('a link is told by its address, and is not underlined for it', () => {
  expect(styledLines(drawn('\x1b]8;id=1;https://a.example/?a;b\x1b\\here\x1b]8;;\x1b\\.'))).toEqual([
    [{ text: 'here', link: 'https://a.example/?a;b' }, { text: '.' }],
  ]);
});

test('wide characters and clusters are told once', () => {
  expect(styledLines(drawn('漢字👩🏽‍💻e\u0301'))).toEqual([[{ text: '漢字👩🏽‍💻e\u0301' }]]);
});

test('blanks to the right are told where they show', () => {
  expect(styledLines(drawn('\x1b[44ma\x1b[K', 4))).toEqual([[{ text: 'a   ', bg: 4 }]]);
});

test('rows that have scrolled off come first', () => {
  expect(styledLines(drawn('\x1b[1ma\r\n\x1b[mb\r\nc', 4, 1), { first: -1, last: 1 })).toEqual([
    [{ text: 'b' }],
    [{ text: 'c' }],
  ]);
});

test('the text of the spans is the text of the row', () => {
  for (let seed = 1; seed <= 200; seed++) {
    const screen = drawn(randomStream(randomNumbers(seed), 60), 20, 5);
    const texts = styledLines(screen).map((spans) =>
      spans
        .map((span) => span.text)
        .join('')
        .trimEnd(),
    );
    expect(texts, `seed ${seed}`).toEqual(screen.rowTexts().map((text) => text.trimEnd()));
  }
});
