/** Raw input, read back as the text and keys that it is made of. */
import { expect, test } from 'vitest';
import {
  encodeKey,
  InvalidKeyError,
  type KeyModes,
  namedKeys,
  parseKeys,
  readInput,
} from '../../packages/terminal/src/index.ts';

const LEGACY: KeyModes = {
  applicationCursor: false,
  applicationKeypad: false,
  kittyFlags: 0,
  modifyOtherKeys: 0,
};
const MODES: [string, KeyModes][] = [
  ['legacy', LEGACY],
  ['application cursor', { ...LEGACY, applicationCursor: true }],
  ['kitty', { ...LEGACY, kittyFlags: 1 }],
];

test.each([
  ['hello', [{ text: 'hello' }]],
  ['gÿ漢\u{1f600}', [{ text: 'gÿ漢\u{1f600}' }]],
  ['i\x1b:wq\r', [{ text: 'i' }, { key: 'Alt+:' }, { text: 'wq' }, { key: 'Enter' }]],
  ['\x1b[A\x1b[B\t\x7f', [{ key: 'Up' }, { key: 'Down' }, { key: 'Tab' }, { key: 'Backspace' }]],
  ['\x03\x04\x1b', [{ key: 'Ctrl+C' }, { key: 'Ctrl+D' }, { key: 'Escape' }]],
  ['\x1b[1;5C\x1b[Z', [{ key: 'Ctrl+Right' }, { key: 'Shift+Tab' }]],
] as const)('%j is %j', (input, parts) => {
  expect(readInput(Buffer.from(input), LEGACY)).toEqual(parts);
});

test('what no key sends, and what is no UTF-8, is not guessed at', () => {
  for (const input of ['\x1b[200~pasted\x1b[201~', '\x1b[<0;3;4M', '\x1bOA'])
    expect(readInput(Buffer.from(input), LEGACY)).toBeUndefined();
  expect(readInput(Buffer.from([0x68, 0xff]), LEGACY)).toBeUndefined();
});

test.each(MODES)('every key is sent the same again, %s', (_, modes) => {
  const names = namedKeys.map(({ name }) => name).filter((name) => !name.startsWith('KP'));
  const keys = names.flatMap((name) => ['', 'Shift+', 'Ctrl+', 'Alt+'].map((held) => held + name));
  for (const name of keys) {
    const bytes = sent(name, modes);
    if (bytes === undefined) continue;
    const parts = readInput(bytes, modes);
    expect(parts, name).toHaveLength(1);
    const [part] = parts ?? [];
    const again = part && 'key' in part ? sent(part.key, modes) : Buffer.from(part?.text ?? '');
    expect(again, name).toEqual(bytes);
  }
});

/** undefined where the key cannot be sent in these modes. */
function sent(name: string, modes: KeyModes): Buffer | undefined {
  try {
    return Buffer.concat(parseKeys(name).map((key) => encodeKey(key, modes)));
  } catch (error) {
    if (error instanceof InvalidKeyError) return undefined;
    throw error;
  }
}
