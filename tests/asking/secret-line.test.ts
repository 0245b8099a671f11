/** What is typed of a secret at a terminal in raw mode: what counts, what erases, what ends it. */
import { expect, test } from 'vitest';
import { SecretLine, type Typed } from '../../apps/cli/src/terminal/secret-line.ts';

const typed = (...pieces: string[]): Typed | undefined => {
  const line = new SecretLine();
  let end: Typed | undefined;
  for (const piece of pieces) end ??= line.take(Buffer.from(piece));
  return end;
};

test.for<[string, string[], Typed | undefined]>([
  ['in pieces, also of a character', ['gr', '\xfc'.normalize(), 'ße\r'], { text: 'grüße' }],
  ['nothing', ['\n'], { text: '' }],
  ['erased to the last byte of a character', ['aü\x7fb\x08c\r'], { text: 'ac' }],
  ['erased beyond its beginning', ['\x7f\x7fa\r'], { text: 'a' }],
  ['begun anew', ['wrong\x15right\r'], { text: 'right' }],
  [
    'cursor keys, focus and the marks of a paste',
    ['\x1b[A\x1bOP\x1b[I\x1b[200~pasted\x1b[201~\r'],
    { text: 'pasted' },
  ],
  ['Ctrl+C', ['abc\x03'], 'cancelled'],
  ['Ctrl+D', ['\x04'], 'cancelled'],
  ['Escape', ['abc', '\x1b'], 'cancelled'],
  ['not ended', ['abc'], undefined],
])('%s', ([, pieces, end]) => {
  expect(typed(...pieces)).toEqual(end);
});
