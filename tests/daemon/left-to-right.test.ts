/** Which lines of a flood need not be searched: told from the bytes, and compared with the screen they made. */
import { expect, test } from 'vitest';
import { mayHavePrinted, wordOf, wordOfRegex } from '../../packages/daemon/src/search/left-to-right.ts';
import { Screen } from '../../packages/terminal/src/index.ts';
import { randomNumbers } from '../terminal/random-stream.ts';

test.for([
  ['', false],
  ['fini\r\nshed\r\n', false],
  ['it is finished\r\n', true],
  ['it fini\x1b[1;31mshed\r\n', true],
  ['fini\tshed', true],
  ['fini\u200bshed', true],
  ['fini—shed', true],
  ['\x1b[32mok\x1b[0m — 3 ✓\r\n', false],
  ['ok\r\n\x1b[3', false],
  ['ok\r', false],
  ['x\n  y\r\r\n', false],
  ['_inished\rf\r\n', true],
  ['finis\x1b[2Chxed', true],
  ['\x1b]0;title\x07', true],
  ['fini\u009b1mshed', true],
  ['x\b\bf', true],
  ['\x0e', true],
] as const)('%j may have put a word on a line of its own: %s', ([output, may]) => {
  expect(mayHavePrinted('finished', Buffer.from(output))).toBe(may);
});

test('the word of a text is the longest that has no blank', () => {
  expect(['all done', '✓ ok', '$ ', ' ', '✓'].map(wordOf)).toEqual(['done', 'ok', '$', undefined, undefined]);
});

test('an expression has a word where that stands in each of its matches', () => {
  const words = [
    '^31313$',
    'done in \\d+ s$',
    'abc+d',
    '^.+x',
    '(?i)done',
    'ab?c',
    'a|b',
    '[ab]',
    'a{2}',
    'tot\\.al',
  ];
  expect(words.map(wordOfRegex)).toEqual(['31313', 'done', 'abc', 'x', ...Array(6).fill(undefined)]);
});

/** Parts of the word, and what may come between them; one of the odd ones in each piece. */
const ODD_TOKENS = [
  '\r',
  '\b',
  '\x1b[2C',
  '\x1b[A',
  '\x1b[2K',
  '\x1b[4h',
  '\x1b[?7l',
  '\x1b[?7h',
  '\x1b[3b',
].concat([
  'é',
  'e\u0301',
  '👍',
  '\u009b1m',
  '\u0085',
  '\x0e',
  '\x0f',
  '\x1b(0',
  '\x1b(B',
  '_',
  '\x1b[2;3r',
  '\x07',
]);
const PLAIN_TOKENS = [
  'a',
  'c',
  'b',
  'b',
  'bc',
  'ab',
  ' ',
  '\r\n',
  '\r\n',
  '\n',
  '\t',
  '\x1b[1m',
  '漢',
  '\u200b',
];

test('no line that came and went with the word in it is passed over', () => {
  const random = randomNumbers(7);
  let passed = 0;
  let skipped = 0;
  for (let round = 0; round < 200; round++) {
    const screen = new Screen({ cols: 3 + Math.floor(random() * 5), rows: 2, scrollback: 10_000 });
    let bytes = Buffer.alloc(0);
    for (let part = 0; part < 20; part++) {
      const odd = ODD_TOKENS[Math.floor(random() * ODD_TOKENS.length)];
      const tokens = [...PLAIN_TOKENS, odd, odd];
      const text = Array.from({ length: 30 }, () => tokens[Math.floor(random() * tokens.length)]).join('');
      bytes = Buffer.concat([bytes, Buffer.from(text)]);
      // Output comes in pieces that are cut anywhere.
      const piece = bytes.subarray(0, Math.floor(random() * bytes.length));
      bytes = bytes.subarray(piece.length);
      const { topLine } = screen;
      screen.write(piece);
      if (screen.topLine - topLine <= 2 || !screen.modes.wraparound) continue;
      const { next } = screen.searchable(topLine, 2);
      if (next === undefined) continue;
      passed++;
      if (mayHavePrinted('ac', piece)) continue;
      skipped++;
      const gone = screen
        .searchable(next, Number.POSITIVE_INFINITY)
        .lines()
        .filter((line) => line.at(line.text.length).row < 0);
      expect(gone.filter(({ text }) => text.includes('ac'))).toEqual([]);
    }
  }
  // What is compared is there.
  expect([passed > 500, skipped > 50]).toEqual([true, true]);
});
