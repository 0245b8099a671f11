/** What stdin of `write` becomes: the table of the first generation's parser, byte for byte. */
import { expect, test } from 'vitest';
import { interpretEscapes } from '../../apps/delta-sessions/src/escapes.ts';

test.each([
  ['ls -la\\n', 'ls -la\n'],
  ['a\\tb\\rc\\bd\\fe\\vf', 'a\tb\rc\bd\fe\vf'],
  ['\\x1b[A', '\x1b[A'],
  ['\\x1B[B\\X1b', '\x1b[B\\X1b'],
  ['\\u00e9\\u4e2D', 'é中'],
  ['\\uD83D\\ude00', '😀'],
  ['\\uD83Dx', '\ufffdx'],
  ['\\\\n', '\\n'],
  ['\\\\\\n', '\\\n'],
  ['C:\\\\temp', 'C:\\temp'],
  ['\\0 \\e \\a \\q \\x1 \\xg0 \\u001 \\N \\', '\\0 \\e \\a \\q \\x1 \\xg0 \\u001 \\N \\'],
  ['two\nlines', 'two\nlines'],
  ['nul \0 stays', 'nul \0 stays'],
  ['né\\n', 'né\n'],
  ['', ''],
])('%j becomes %j', (given, expected) => {
  expect(interpretEscapes(Buffer.from(given)).toString()).toBe(expected);
});

test('\\xHH is one byte, whatever it is, and bytes that are no text pass through', () => {
  const given = Buffer.concat([Buffer.from('\\xff\\x80'), Buffer.from([0xfe, 0xed])]);
  expect([...interpretEscapes(given)]).toEqual([0xff, 0x80, 0xfe, 0xed]);
});
