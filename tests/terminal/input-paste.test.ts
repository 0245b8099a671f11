import { expect, test } from 'vitest';
import { encodePaste, InvalidEscapeError, interpretEscapes } from '../../packages/terminal/src/index.ts';

function paste(text: string, bracketedPaste: boolean): string {
  return Buffer.from(encodePaste(text, { bracketedPaste })).toString('utf8');
}

test('a paste is bracketed exactly when the program asked for it', () => {
  expect(paste('hi', true)).toBe('\x1b[200~hi\x1b[201~');
  expect(paste('hi', false)).toBe('hi');
  expect(paste('', true)).toBe('\x1b[200~\x1b[201~');
});

test.each([
  ['a\nb', 'a\rb'],
  ['a\r\nb', 'a\rb'],
  ['a\rb', 'a\rb'],
  ['a\n\nb\r\n\r\nc', 'a\r\rb\r\rc'],
  ['\n', '\r'],
  ['tab\tstays, so does é€😀', 'tab\tstays, so does é€😀'],
])('the lines of %j arrive as %j', (text, arrived) => {
  expect(paste(text, false)).toBe(arrived);
});

test.each([
  ['a\x1b[201~b', 'ab'],
  ['\x1b[201~\x1b[201~', ''],
  ['a\x1b[20\x1b[201~1~b', 'ab'],
  ['a\x1b[2\x1b[20\x1b[201~1~01~b', 'ab'],
  ['a\u009b201~b', 'ab'],
  ['a\x1b[\u009b201~201~b', 'ab'],
  ['a\u009b2\x1b[201~01~b', 'ab'],
  ['a\x1b[200~b~[201~', 'a [200~b~[201~'],
])('the end marker in %j does not survive', (text, arrived) => {
  expect(paste(text, true)).toBe(`\x1b[200~${arrived}\x1b[201~`);
  expect(paste(text, false)).toBe(arrived);
});

test('controls in pasted text are blanks, so that none of them is a key', () => {
  const controls = Array.from({ length: 0xa0 }, (_, code) => String.fromCharCode(code)).filter(
    (character) => /\p{Cc}/u.test(character) && !'\t\r\n'.includes(character),
  );
  for (const isBracketed of [true, false])
    for (const control of controls)
      expect(paste(`a${control}b\té`, isBracketed)).toBe(isBracketed ? '\x1b[200~a b\té\x1b[201~' : 'a b\té');
});

test('the start marker of the bracket is no part of a marker in the text', () => {
  expect(paste('01~', true)).toBe('\x1b[200~01~\x1b[201~');
});

test('a megabyte of nested markers is cleaned in one pass', () => {
  const depth = 180_000;
  expect(paste('\x1b[20'.repeat(depth) + '1~'.repeat(depth), true)).toBe('\x1b[200~\x1b[201~');
});

test.each<[string, number[]]>([
  ['plain é', [...Buffer.from('plain é')]],
  ['\\n\\t\\r\\e\\a\\b\\f\\v\\0\\\\', [10, 9, 13, 27, 7, 8, 12, 11, 0, 92]],
  ['\\x41\\xff\\x1B', [0x41, 0xff, 0x1b]],
  ['\\u00e9\\u20AC', [...Buffer.from('é€')]],
  ['\\u{1F600}\\u{41}', [...Buffer.from('😀A')]],
  ['\\ud83d\\ude00', [...Buffer.from('😀')]],
  ['a\\\\nb', [...Buffer.from('a\\nb')]],
  ['\\012', [0, 0x31, 0x32]],
  ['', []],
])('the escapes in %j are those bytes', (text, bytes) => {
  expect([...interpretEscapes(text)]).toEqual(bytes);
});

test.each([
  ['ab\\q', 'Unknown escape "\\q" at position 2'],
  ['\\😀', 'Unknown escape "\\😀" at position 0'],
  ['\\N', 'Unknown escape "\\N" at position 0'],
  ['end\\', 'Incomplete escape "\\" at position 3'],
  ['\\x4', 'Incomplete escape "\\x4" at position 0'],
  ['\\xgg', 'Incomplete escape "\\x" at position 0'],
  ['\\u12', 'Incomplete escape "\\u12" at position 0'],
  ['\\u{}', 'Incomplete escape "\\u{" at position 0'],
  ['\\u{12', 'Incomplete escape "\\u{12" at position 0'],
  ['\\u{110000}', 'No such character: "\\u{110000}" at position 0'],
  ['\\ud83d!', 'Half a surrogate pair: "\\ud83d" at position 0'],
])('%j is refused: %s', (text, message) => {
  expect(() => interpretEscapes(text)).toThrow(message);
  expect(() => interpretEscapes(text)).toThrow(InvalidEscapeError);
});
