/**
 * The kitty keyboard protocol: https://sw.kovidgoyal.net/kitty/keyboard-protocol/
 *
 * A key that we send is pressed and let go. Where the program asked for event types, the release
 * follows the press, as it would from a keyboard; keys that go as text have no release.
 */
import { type Key, modifierNumber } from './key.ts';
import { findKeyCode } from './key-names.ts';
import { isOneCodePoint, typedCharacter } from './typed-character.ts';

const DISAMBIGUATE = 1;
const EVENT_TYPES = 2;
const ALTERNATE_KEYS = 4;
const ALL_KEYS = 8;
const ASSOCIATED_TEXT = 16;

/** Bytes for a key that these flags change; undefined where the legacy bytes stay as they are. */
export function encodeKitty(key: Key, flags: number): string | undefined {
  const code = findKeyCode(key.name);
  const isModified = modifierNumber(key) > 1;
  if (flags & ALL_KEYS) return encodeKittySequence(key, flags);
  switch (code?.kind) {
    case 'cursor':
    case 'function':
    case 'tilde':
    case 'shifted':
      return flags & (DISAMBIGUATE | EVENT_TYPES) ? encodeKittySequence(key, flags) : undefined;
    case 'control':
      // Enter, Tab and Backspace stay bytes, so that `reset` can be typed after a crash.
      if (!(flags & DISAMBIGUATE) || (!isModified && key.name !== 'Escape')) return undefined;
      return encodeKittySequence(key, flags);
    case 'keypad':
      if (!(flags & DISAMBIGUATE)) return undefined;
      return isModified || key.name === 'KPEnter' ? encodeKittySequence(key, flags) : code.text;
    default:
      if (!(flags & DISAMBIGUATE)) return undefined;
      return typedText(key) ?? encodeKittySequence(key, flags);
  }
}

/** The key as an escape code, whether or not the flags would have left it as text. */
export function encodeKittySequence(key: Key, flags: number): string | undefined {
  const parts = kittyParts(key);
  if (parts === undefined) return typedGrapheme(key, flags);
  const { number, final, shifted, shift, text } = parts;
  const modifiers = modifierNumber(key, shift);
  const keyField = shift && shifted && flags & ALTERNATE_KEYS ? `${number}:${codePoints(shifted)}` : number;
  const hasText = text !== undefined && flags & ALL_KEYS && flags & ASSOCIATED_TEXT;
  const fields = [keyField, modifiers > 1 ? modifiers : '', hasText ? codePoints(text) : ''];
  while (fields.at(-1) === '') fields.pop();
  // The number 1 is the default and is left out when it stands alone: CSI A, not CSI 1 A.
  const press = `\x1b[${fields.length === 1 && number === 1 ? '' : fields.join(';')}${final}`;
  // Enter, Tab and Backspace have no release unless all keys are escape codes.
  const isTyping = /^(Enter|Tab|Backspace)$/.test(key.name) && !(flags & ALL_KEYS);
  const release = flags & EVENT_TYPES && !isTyping ? `\x1b[${keyField};${modifiers}:3${final}` : '';
  return press + release;
}

interface KittyParts {
  readonly number: number;
  readonly final: string;
  readonly shift: boolean;
  readonly shifted?: string;
  readonly text?: string;
}

function kittyParts(key: Key): KittyParts | undefined {
  const code = findKeyCode(key.name);
  const { shift } = key;
  switch (code?.kind) {
    case 'control':
      return { number: code.byte, final: 'u', shift };
    case 'cursor':
      return { number: 1, final: code.final, shift };
    case 'function':
      // CSI R is the answer to a cursor position query; F3 moved to 13 ~.
      return code.final === 'R' ? { number: 13, final: '~', shift } : { number: 1, final: code.final, shift };
    case 'tilde':
      return { number: code.number, final: '~', shift };
    case 'shifted':
      return code.kitty === undefined ? undefined : { number: code.kitty, final: 'u', shift };
    case 'keypad': {
      const isText = modifierNumber(key) === 1 && code.text >= ' ';
      return { number: code.kitty, final: 'u', shift, ...(isText ? { text: code.text } : {}) };
    }
    default: {
      const typed = typedCharacter(key);
      if (!isOneCodePoint(typed.plain)) return undefined;
      const text = key.alt || key.ctrl || key.super ? undefined : typed.text;
      return {
        number: typed.plain.codePointAt(0) ?? 0,
        final: 'u',
        shift: typed.shift,
        ...(typed.shifted === undefined ? {} : { shifted: typed.shifted }),
        ...(text === undefined ? {} : { text }),
      };
    }
  }
}

/** The text of a key that types some; Shift+Space would lose its Shift and is not among them. */
function typedText(key: Key): string | undefined {
  if (key.alt || key.ctrl || key.super || (key.shift && key.name === ' ')) return undefined;
  return typedCharacter(key).text;
}

/** A character of several code points is no key: number 0 with the text, or the text alone. */
function typedGrapheme(key: Key, flags: number): string | undefined {
  const text = typedText(key);
  if (text === undefined) return undefined;
  return flags & ALL_KEYS && flags & ASSOCIATED_TEXT ? `\x1b[0;;${codePoints(text)}u` : text;
}

function codePoints(text: string): string {
  return Array.from(text, (character) => character.codePointAt(0)).join(':');
}
