/** Texts of answers, by themselves: what is cut, what is translated, what is bounded. */
import { describe, expect, test } from 'vitest';
import { Collected } from '../../packages/mcp/src/answers/collect.ts';
import { LongTexts } from '../../packages/mcp/src/answers/long-texts.ts';
import { readable } from '../../packages/mcp/src/answers/readable.ts';
import { inToolWords } from '../../packages/mcp/src/answers/tool-words.ts';
import { MAX_LONG_TEXT_BYTES, MAX_LONG_TEXTS } from '../../packages/mcp/src/limits.ts';

test.each([
  ["Run 'pilotty list-sessions --all' to see them.", 'Call list {"all":true} to see them.'],
  ["Look with 'pilotty snapshot -s ed --format text'.", 'Call look {"session":"ed"}.'],
  [
    "Run 'pilotty snapshot --elements' and use a ref.",
    'Call look {"session":"here","elements":true} and use a ref.',
  ],
  ["press 'pilotty key -s a Ctrl+C'", 'press send {"session":"a","input":["Ctrl+C"]}'],
  [
    "'pilotty type -s a TEXT --enter --wait-prompt'",
    'send {"session":"a","input":["TEXT","Enter"],"wait":{"prompt":true}}',
  ],
  [
    "'pilotty exec -s a --wait' waits for the rest",
    'exec {"session":"a","continue":true} waits for the rest',
  ],
  ["'pilotty output -s a --since 12' has all", 'output {"session":"a","since":12} has all'],
  ["'pilotty type -s a --secret env:NAME --enter'", 'send {"session":"a","secret_env":"NAME"}'],
  ["end them with 'pilotty kill -s old'", 'end them with kill {"sessions":["old"]}'],
  [
    'For the key write Ctrl+C, for the text --literal C-c.',
    'For the key write Ctrl+C, for the text {"text":"C-c"}.',
  ],
  ['Give it longer with --timeout.', 'Give it longer with timeout_ms.'],
  // A person can run it.
  ["Run 'pilotty doctor' to find the cause.", "Run 'pilotty doctor' to find the cause."],
])('%s', (said, translated) => {
  expect(inToolWords(said, 'here')).toBe(translated);
});

describe('a long text', () => {
  const shownOf = (text: string, maxBytes: number) =>
    new LongTexts()
      .show(text, maxBytes, 'it')
      .map((part) => ('text' in part ? part.text : `<${part.type}>`))
      .join('\n');

  test('is shown whole where it fits', () => {
    expect(shownOf('a\nb', 3)).toBe('a\nb');
    expect(shownOf('', 3)).toBe('');
  });

  test('is shown by its beginning and its end, in whole lines and whole characters', () => {
    const lines = Array.from({ length: 100 }, (_, index) => `line ${index} ü`).join('\n');
    const shown = shownOf(lines, 200);
    expect(shown).toMatch(
      /^line 0 ü\n.*line 5 ü\n\[\d+ of \d+ bytes are left out here; pilotty:.*\nline 88 ü\n.*line 99 ü\n<rest>$/s,
    );
    expect(shownOf('ü'.repeat(500), 101)).not.toContain('\uFFFD');
  });

  test('is kept as long as it is among the newest', () => {
    const texts = new LongTexts();
    const keep = (text: string) => {
      const rest = texts.show(text, 1, 'it').find((part) => part.type === 'rest');
      return rest?.type === 'rest' ? rest.uri.replace('pilotty://texts/', '') : '';
    };
    const ids = Array.from({ length: MAX_LONG_TEXTS + 1 }, (_, index) => keep(`text ${index}`));
    expect(ids.map((id) => texts.get(id) !== undefined)).toEqual(ids.map((_, index) => index > 0));
    keep('x'.repeat(MAX_LONG_TEXT_BYTES));
    expect(ids.some((id) => texts.get(id) !== undefined)).toBe(false);
  });
});

test.each([
  ['\x1b[1;31mred\x1b[0m and \x1b]0;a title\x07plain', 'red and plain'],
  ['one\r\ntwo\r\n', 'one\ntwo\n'],
  ['10%\r50%\r100%\ndone', '100%\ndone'],
  ['bell\x07 \x1bPq#0\x1b\\ \x1b(B \x9b31m', 'bell\\u0007   \\u009b31m'],
  ['unfinished \x1b]52;c;', 'unfinished '],
])('%j is shown as %j', (output, shown) => {
  expect(readable(output)).toBe(shown);
});

describe('output as it comes', () => {
  test('is whole up to the bound, also where a character comes in parts', () => {
    const collected = new Collected(100);
    for (const byte of Buffer.from('grün')) collected.add(Buffer.from([byte]));
    expect(collected.text).toBe('grün');
  });

  test('beyond it the beginning and the end are kept, and the rest is counted', () => {
    const collected = new Collected(8);
    collected.add(Buffer.from('abcdef'));
    collected.add(Buffer.from('ghijklmn'));
    collected.add(Buffer.from('op'));
    expect(collected.text).toBe('abcd\n[8 bytes were dropped here: it is too long to be kept]\nmnop');
  });
});
