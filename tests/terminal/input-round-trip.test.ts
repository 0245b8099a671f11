import { describe, expect, test } from 'vitest';
import {
  encodeKey,
  InvalidKeyError,
  type Key,
  type KeyModes,
  namedKeys,
  parseKeys,
} from '../../packages/terminal/src/index.ts';

/** Reads keys as a program would. It shares nothing with the encoder but the specifications. */
function decode(text: string): string {
  const kitty = /^\x1b\[(\d+)(?::\d+)*(?:;(\d*)(?::1)?)?(?:;[\d:]+)?u(?:\x1b\[[\d:;]+:3u)?$/.exec(text);
  if (kitty) return spell(numbered(Number(kitty[1])), Number(kitty[2] || 1));
  const other = /^\x1b\[27;(\d+);(\d+)~$/.exec(text);
  if (other) {
    const name = numbered(Number(other[2]));
    // The code is that of the shifted letter.
    return spell(/^\p{Lu}$/u.test(name) ? name.toLowerCase() : name, Number(other[1]));
  }
  const tilde = /^\x1b\[(\d+)(?:;(\d+))?~(?:\x1b\[[\d:;]+:3~)?$/.exec(text);
  if (tilde) return spell(TILDE[Number(tilde[1])], Number(tilde[2] ?? 1));
  if (/^(\x1b)?\x1b\[Z$/.test(text)) return spell('Tab', text.length === 4 ? 4 : 2);
  const letter = /^\x1b\[(?:1;(\d+))?([A-S])(?:\x1b\[1;\d+:3[A-S])?$/.exec(text);
  if (letter) return spell(LETTERS[letter[2] ?? ''], Number(letter[1] ?? 1));
  const ss3 = /^\x1bO(\d*)([A-Sj-y])$/.exec(text);
  if (ss3) return spell(LETTERS[ss3[2] ?? ''] ?? KEYPAD[ss3[2] ?? ''], Number(ss3[1] || 1));
  if (text.startsWith('\x1b') && text.length > 1) return spell(...plain(text.slice(1), 3));
  return spell(...plain(text, 1));
}

function plain(text: string, modifiers: number): [string, number] {
  const byte = text.codePointAt(0) ?? 0;
  if (text.length === 1 && CONTROL[byte]) return [CONTROL[byte], modifiers];
  if (byte === 8) return ['Backspace', modifiers + 4];
  if (byte === 0) return [' ', modifiers + 4];
  if (byte < 27) return [String.fromCharCode(byte + 96), modifiers + 4];
  if (byte < 32) return [String.fromCharCode(byte + 64), modifiers + 4];
  const lower = text.toLowerCase();
  return lower === text ? [text, modifiers] : [lower, modifiers + 1];
}

function numbered(number: number): string {
  if (number >= 57376 && number <= 57387) return `F${number - 57376 + 13}`;
  if (number >= 57399 && number <= 57408) return `KP${number - 57399}`;
  return CONTROL[number] ?? KITTY_KEYPAD[number - 57409] ?? String.fromCodePoint(number);
}

const CONTROL: Record<number, string> = { 9: 'Tab', 13: 'Enter', 27: 'Escape', 127: 'Backspace' };
const KITTY_KEYPAD = ['KPDecimal', 'KPDivide', 'KPMultiply', 'KPMinus', 'KPPlus', 'KPEnter'];
const TILDE: Record<number, string> = Object.fromEntries([
  ...Object.entries({ 2: 'Insert', 3: 'Delete', 5: 'PageUp', 6: 'PageDown', 13: 'F3', 15: 'F5' }),
  ...[17, 18, 19, 20, 21, 23, 24].map((number, index) => [number, `F${index + 6}`]),
]);
const LETTERS: Record<string, string> = {
  A: 'Up',
  B: 'Down',
  C: 'Right',
  D: 'Left',
  H: 'Home',
  F: 'End',
  P: 'F1',
  Q: 'F2',
  R: 'F3',
  S: 'F4',
};
const KEYPAD: Record<string, string> = {
  M: 'KPEnter',
  j: 'KPMultiply',
  k: 'KPPlus',
  m: 'KPMinus',
  n: 'KPDecimal',
  o: 'KPDivide',
  ...Object.fromEntries(Array.from('pqrstuvwxy', (final, digit) => [final, `KP${digit}`])),
};

function spell(name: string | undefined, modifiers: number): string {
  return `${modifiers - 1}:${name ?? 'nothing'}`;
}

/** The key that a program is bound to read where the legacy encoding gives several one spelling. */
function legacyReading(key: Key, modes: KeyModes): string {
  const bits = (key.shift ? 1 : 0) + (key.alt ? 2 : 0) + (key.ctrl ? 4 : 0) + (key.super ? 8 : 0) + 1;
  const high = /^F(1[3-9]|2\d)$/.exec(key.name);
  if (high && modes.kittyFlags === 0) return spell(`F${Number(high[1]) - 12}`, bits + 1);
  const keypad: Record<string, string> = {
    KPEnter: 'Enter',
    KPPlus: '+',
    KPMinus: '-',
    KPMultiply: '*',
    KPDivide: '/',
    KPDecimal: '.',
  };
  if (key.name.startsWith('KP') && !modes.applicationKeypad) {
    if (modes.kittyFlags === 0) return spell(keypad[key.name] ?? key.name.slice(2), bits);
    if (modes.kittyFlags < 8 && bits === 1 && key.name !== 'KPEnter') {
      return spell(keypad[key.name] ?? key.name.slice(2), bits);
    }
  }
  const isLegacyControl = modes.kittyFlags === 0 && modes.modifyOtherKeys < 2 && !key.shift && !key.super;
  if (key.ctrl && isLegacyControl && key.name.length === 1) {
    const alias = CONTROL_ALIASES[key.name.toLowerCase()];
    if (alias) return spell(alias.slice(1), alias.startsWith('^') ? bits : bits - 4);
  }
  const lower = key.name.toLowerCase();
  const isUpper = key.name.length === 1 && lower !== key.name && !key.ctrl && !key.super && !key.shift;
  return key.name.length === 1 ? spell(lower, bits + (isUpper ? 1 : 0)) : spell(key.name, bits);
}

/** `^` keeps Ctrl; without it the byte is a key of its own. */
const CONTROL_ALIASES: Record<string, string> = {
  i: ' Tab',
  m: ' Enter',
  h: '^Backspace',
  '[': ' Escape',
  '{': ' Escape',
  '3': ' Escape',
  '?': ' Backspace',
  '8': ' Backspace',
  '2': '^ ',
  '@': '^ ',
  '`': '^ ',
  '4': '^\\',
  '|': '^\\',
  '5': '^]',
  '}': '^]',
  '6': '^^',
  '~': '^^',
  '7': '^_',
  '/': '^_',
};

// The focus is told as a key is, and is none.
const realKeys = namedKeys.filter(({ code }) => code.kind !== 'focus');
const names = [...realKeys.map(({ name }) => name), ...'abimhzAZé0123456789!#/?@[\\]^_`{|}~,;=字😀'];
const modifierSets = Array.from({ length: 16 }, (_, bits) =>
  ['Shift+', 'Alt+', 'Ctrl+', 'Super+'].filter((_name, bit) => bits & (1 << bit)).join(''),
);
const keys = names.flatMap((name) => modifierSets.flatMap((held) => parseKeys(`${held}${name}`)));

const legacy: KeyModes = {
  applicationCursor: false,
  applicationKeypad: false,
  kittyFlags: 0,
  modifyOtherKeys: 0,
};

function encode(key: Key, modes: KeyModes): string | undefined {
  try {
    return Buffer.from(encodeKey(key, modes)).toString();
  } catch (error) {
    if (error instanceof InvalidKeyError) return undefined;
    throw error;
  }
}

describe('a program reads the key that was sent', () => {
  test.each<[string, Partial<KeyModes>]>([
    ['legacy', {}],
    ['application modes', { applicationCursor: true, applicationKeypad: true }],
    ['modifyOtherKeys 1', { modifyOtherKeys: 1 }],
    ['modifyOtherKeys 2', { modifyOtherKeys: 2 }],
    ...[1, 3, 5, 8, 9, 15, 24, 31].map((kittyFlags): [string, Partial<KeyModes>] => [
      `kitty flags ${kittyFlags}`,
      { kittyFlags },
    ]),
  ])('in %s', (_name, partial) => {
    const modes = { ...legacy, ...partial };
    const wrong = keys.flatMap((key) => {
      const bytes = encode(key, modes);
      if (bytes === undefined) return [];
      const read = decode(bytes);
      const meant = legacyReading(key, modes);
      return read === meant
        ? []
        : [`${key.token} was read as ${read}, not ${meant}: ${JSON.stringify(bytes)}`];
    });
    expect(wrong).toEqual([]);
  });

  test('the kitty protocol has bytes for every key and modifier, and different ones for each', () => {
    const seen = new Map<string, string>();
    for (const key of keys) {
      const bytes = encode(key, { ...legacy, kittyFlags: 8 });
      expect(bytes, key.token).toBeDefined();
      // "A" and "Shift+a" are one key, as are all spellings of BackTab, Plus and the like.
      const meant = legacyReading(key, { ...legacy, kittyFlags: 8 });
      expect(seen.get(bytes ?? '') ?? meant, key.token).toBe(meant);
      seen.set(bytes ?? '', meant);
    }
  });
});
