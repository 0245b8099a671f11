/** The keys that leave, among all that is typed: found in every encoding, and nothing else is lost or late. */
import { expect, test } from 'vitest';
import { KEY_PAUSE_MS, parseDetachKeys, TypedKeys } from '../../apps/cli/src/attach/detach-keys.ts';

const CTRL_BACKSLASH = '\x1c';

function keys(spelling = 'Ctrl+\\ d') {
  return new TypedKeys([{ keys: parseDetachKeys(spelling), action: 'detach' as const }]);
}

/** What is passed on, with <detach> where the keys were found. */
function typed(pieces: readonly string[], spelling?: string): string {
  const typing = keys(spelling);
  const found = pieces.flatMap((piece) => typing.take(Buffer.from(piece, 'latin1')));
  return found.map(({ bytes, action }) => bytes.toString('latin1') + (action ? `<${action}>` : '')).join('');
}

test.each([
  ['plainly', [`a${CTRL_BACKSLASH}db`], 'a<detach>b'],
  ['key by key', [CTRL_BACKSLASH, 'd'], '<detach>'],
  ['with the keys of kitty', ['\x1b[92;5u', 'd'], '<detach>'],
  ['with events of kitty', ['\x1b[92;5:1u\x1b[92;5:3u\x1b[57442;5:3u', '\x1b[100;1:1u'], '<detach>'],
  ['with Caps Lock and Num Lock', ['\x1b[92;197u\x1b[100u'], '<detach>'],
  ['with the keys of xterm', ['\x1b[27;5;92~d'], '<detach>'],
  ['cut in two', ['\x1b[92', ';5ud'], '<detach>'],
])('they are found %s', (_, pieces, expected) => {
  expect(typed(pieces)).toBe(expected);
});

test.each([
  ['another key after the first', [CTRL_BACKSLASH, '\x0e'], `${CTRL_BACKSLASH}\x0e`],
  ['the second alone', ['d'], 'd'],
  ['Escape alone', ['\x1b'], '\x1b'],
  ['an arrow between them', [CTRL_BACKSLASH, '\x1b[A', 'd'], `${CTRL_BACKSLASH}\x1b[Ad`],
  ['both in a paste', [`\x1b[200~${CTRL_BACKSLASH}d\x1b[201~`], `\x1b[200~${CTRL_BACKSLASH}d\x1b[201~`],
  ['bytes that are no text', ['\xff\xfe\x80'], '\xff\xfe\x80'],
  ['the mouse', ['\x1b[<0;10;5M'], '\x1b[<0;10;5M'],
  ['the old mouse', ['\x1b[M !!d'], '\x1b[M !!d'],
  ['Alt and a key', ['\x1bd'], '\x1bd'],
])('%s is passed on as it is', (_, pieces, expected) => {
  expect(typed(pieces)).toBe(expected);
});

test('the first key twice, and then the second: the one before is passed on', () => {
  expect(typed([CTRL_BACKSLASH, CTRL_BACKSLASH, 'd'])).toBe(`${CTRL_BACKSLASH}<detach>`);
});

test('the first key alone is passed on after a pause', () => {
  const typing = keys();
  expect(typing.take(Buffer.from(CTRL_BACKSLASH))).toEqual([]);
  expect(typing.pauseMs).toBe(KEY_PAUSE_MS);
  expect(typing.flush().toString()).toBe(CTRL_BACKSLASH);
  expect(typing.pauseMs).toBeUndefined();
  expect(typing.take(Buffer.from('d')).map(({ bytes }) => bytes.toString())).toEqual(['d']);
});

test.each([
  ['Ctrl+] d', '\x1dd'],
  ['ctrl-p,ctrl-q', '\x10\x11'],
  ['^]', '\x1d'],
  ['C-a', '\x01'],
])('they may be %s', (spelling, bytes) => {
  expect(typed([bytes], spelling)).toBe('<detach>');
});

test.each(['', 'd', 'Ctrl+Alt+x', 'Ctrl+1', 'Ctrl+a b c d', 'F1'])('%j is refused', (spelling) => {
  expect(() => parseDetachKeys(spelling)).toThrow();
});
