/** Secrets leave no trace in recorded text, wherever the output was cut into pieces. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TextRedactor } from '../../packages/daemon/src/recording/text-redactor.ts';
import { compileRegex } from '../../packages/daemon/src/search/regex.ts';

const ESC = '\x1b';

function secrets(...patterns: string[]) {
  return {
    any: compileRegex(patterns.map((each) => `(?:${each})`).join('|')),
    each: patterns.map(compileRegex),
  };
}

/** What is released, joined; and of each piece what came from it. */
function redact(pattern: string, pieces: readonly string[]): { text: string; byPiece: string[] } {
  const redactor = new TextRedactor<number>(secrets(pattern));
  const byPiece = pieces.map(() => '');
  let text = '';
  const released = [...pieces.flatMap((piece, index) => redactor.push(index, piece)), ...redactor.end()];
  for (const { tag, text: part } of released) {
    byPiece[tag] += part;
    text += part;
  }
  return { text, byPiece };
}

const patterns = [
  'token-[a-z0-9]+',
  'ab+c',
  '(?i)SECRET|pass(word)?=\\S*',
  '[0-9]{4}-[0-9]{4}',
  '\\bab\\b',
  'a\\Bb',
  '^ab|ba$',
  'BEGIN[\\s\\S]*?END',
  'a.c',
  'ä€+😀',
];
const words = [
  'token-',
  'token-a1',
  'ab',
  'abc',
  'b',
  'c',
  ' ',
  '\r\n',
  'secret',
  'PASSWORD=',
  'x',
  '1234-',
  '5678',
];
const pieces = fc.array(
  fc.oneof(
    fc.constantFrom(...words, 'BEGIN', 'END', 'ä', '€', '😀', 'a', '-'),
    fc.constantFrom(`${ESC}[31m`, `${ESC}[K`, `${ESC}]0;token-a1\x07`, `${ESC}(B`),
  ),
  { maxLength: 30 },
);

test.each(patterns)('%s: cut anywhere, the outcome is that of the whole, and no match is left', (pattern) => {
  fc.assert(
    fc.property(pieces, fc.array(fc.nat()), (parts, cuts) => {
      const whole = [...parts.join('')];
      const at = [...new Set(cuts.map((cut) => cut % (whole.length + 1)))].sort((a, b) => a - b);
      const cut = [0, ...at].map((from, index) => whole.slice(from, at[index] ?? whole.length).join(''));
      const { text } = redact(pattern, cut);
      expect(text).toBe(redact(pattern, [whole.join('')]).text);
      // Each character comes with the piece it was in.
      expect(redact(pattern, cut).byPiece.join('')).toBe(text);
      const shown = plain(text);
      const regex = compileRegex(pattern);
      const original = plain(whole.join(''));
      const matcher = regex.matcher(original);
      // By UTF-16 unit: none of these characters is wider than one column but 😀.
      let covered = original;
      while (matcher.find())
        if (matcher.end() > matcher.start())
          covered =
            covered.slice(0, matcher.start()) +
            masked(original, matcher.start(), matcher.end()) +
            covered.slice(matcher.end());
      // More may be covered than matches, never less.
      [...covered].forEach((unit, index) => {
        if (unit === '*') expect([...shown][index]).toBe('*');
      });
      expect([...shown].length).toBe([...covered].length);
    }),
    { numRuns: 300 },
  );
});

function masked(text: string, start: number, end: number): string {
  // 😀 is two units, and two columns wide.
  return text.slice(start, end).replace(/[^\r\n]/g, '*');
}

/** Without sequences. */
function plain(text: string): string {
  return text.replace(new RegExp(`${ESC}(?:\\[[0-9]*[mK]|\\]0;[^\x07]*\x07|\\(B)`, 'g'), '');
}

test('what a colour divides is a match all the same, and the colour stays', () => {
  const pieces = [`${ESC}[1mtoken${ESC}[0m-`, `ab${ESC}[`, '31mcd', ' end'];
  expect(redact('token-[a-z]+', pieces).text).toBe(`${ESC}[1m*****${ESC}[0m***${ESC}[31m** end`);
});

test('titles and links are searched too', () => {
  expect(redact('token-[a-z]+', [`${ESC}]0;my tok`, `en-ab${ESC}\\x`]).text).toBe(
    `${ESC}]0;my ********${ESC}\\x`,
  );
});

test('a wide character is covered by two columns', () => {
  expect(redact('密码[a-z]+', ['密码abc!']).text).toBe('*******!');
});

test('text is released as soon as it can be no match', () => {
  const redactor = new TextRedactor<number>(secrets('token-[a-z]+'));
  expect(redactor.push(0, '$ tok')).toEqual([{ tag: 0, text: '$ ' }]);
  expect(redactor.push(1, 'yo')).toEqual([
    { tag: 0, text: 'tok' },
    { tag: 1, text: 'yo' },
  ]);
  expect(redactor.isHolding).toBe(false);
});

test('a match without end is covered, and not kept in memory', () => {
  const redactor = new TextRedactor<number>(secrets('begin.*end'));
  const released = [...redactor.push(0, `begin${'x'.repeat(300_000)}`), ...redactor.end()];
  const text = released.map((part) => part.text).join('');
  expect(text.length).toBe(300_005);
  expect(text.slice(0, 65_000)).toBe('*'.repeat(65_000));
});

test('what one pattern matches hides nothing from another', () => {
  const redactor = new TextRedactor<number>(secrets('token-[a-z0-9]+', 'pin=[0-9]+'));
  const released = [...redactor.push(0, 'token-ab1pin=4711 '), ...redactor.end()];
  expect(released.map((part) => part.text).join('')).toBe('***************** ');
});

test('of a match that begins in what is shown already the rest is covered', () => {
  for (const cut of ['', 't', 'tok', 'token-', 'token-a']) {
    const redactor = new TextRedactor<number>(secrets('token-[a-z]+'));
    redactor.startBehind(`pin: ${cut}`);
    expect(redactor.heldText).toBe(cut);
    const rest = 'token-ab'.slice(cut.length);
    const released = [...redactor.push(0, `${rest} end`), ...redactor.end()];
    expect(released).toEqual([{ tag: 0, text: `${'*'.repeat(rest.length)} end` }]);
  }
});
