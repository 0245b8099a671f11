/**
 * A key to the bytes that a terminal would send for it, in the encoding that the program asked for:
 * the kitty keyboard protocol, xterm's modifyOtherKeys, or xterm's legacy bytes.
 *
 * A key that the encoding cannot tell from another is refused rather than sent as that other.
 */
import { encodeKitty, encodeKittySequence } from './encode-kitty.ts';
import { encodeLegacy } from './encode-legacy.ts';
import { encodeOtherKey } from './encode-other-keys.ts';
import { InvalidKeyError, type Key } from './key.ts';
import { findKeyCode } from './key-names.ts';
import { isOneCodePoint, typedCharacter } from './typed-character.ts';

export interface KeyModes {
  /** DECCKM: cursor keys as SS3. */
  readonly applicationCursor: boolean;
  /** DECKPAM: keypad keys as SS3. */
  readonly applicationKeypad: boolean;
  /** What the program last pushed or set with `CSI > flags u` and `CSI = flags u`; 0 is off. */
  readonly kittyFlags: number;
  /** What the program last set with `CSI > 4 ; level m`. */
  readonly modifyOtherKeys: 0 | 1 | 2;
  /** Mode 1004: the program wants to know when its window gets or loses the focus. */
  readonly focusEvents?: boolean;
}

const utf8 = new TextEncoder();

/** Throws InvalidKeyError, which names a way out, for a key that these modes have no bytes for. */
export function encodeKey(key: Key, modes: KeyModes): Uint8Array {
  const code = findKeyCode(key.name);
  if (code?.kind === 'focus') return encodeFocus(key, code.final, modes);
  if (dependsOnLayout(key, modes)) throw inexpressible(key, modes);
  const text = preferred(key, modes) ?? encodeLegacy(key, modes) ?? fallback(key, modes);
  if (text === undefined) throw inexpressible(key, modes);
  return utf8.encode(text);
}

/** No key, but sent as one: xterm's ctlseqs, "FocusIn/FocusOut". */
function encodeFocus(key: Key, final: 'I' | 'O', modes: KeyModes): Uint8Array {
  if (key.ctrl || key.alt || key.shift || key.super) throw refusal(key, 'the focus has no modifiers');
  if (!modes.focusEvents) throw refusal(key, 'the program has not asked for focus events (CSI ? 1004 h)');
  return utf8.encode(`\x1b[${final}`);
}

/** Every flag of kitty's but this one leaves text as text. */
const KITTY_ALL_KEYS = 8;
const KITTY_DISAMBIGUATE = 1;

/** Shift alone with a digit or a sign makes text, and only the keyboard's layout knows which. */
function dependsOnLayout(key: Key, modes: KeyModes): boolean {
  const kind = findKeyCode(key.name)?.kind;
  if ((kind !== undefined && kind !== 'character') || !isOneCodePoint(key.name)) return false;
  if (key.ctrl || key.alt || key.super || (modes.kittyFlags & KITTY_ALL_KEYS) !== 0) return false;
  return typedCharacter(key).text === undefined;
}

/** Encodings that replace legacy bytes. */
function preferred(key: Key, modes: KeyModes): string | undefined {
  if (modes.kittyFlags > 0) return encodeKitty(key, modes.kittyFlags);
  return modes.modifyOtherKeys === 2 ? encodeOtherKey(key) : undefined;
}

/** Encodings for what has no legacy bytes: modifyOtherKeys 1, and kitty flags that change nothing else. */
function fallback(key: Key, modes: KeyModes): string | undefined {
  if (modes.kittyFlags > 0) return encodeKittySequence(key, modes.kittyFlags);
  return modes.modifyOtherKeys > 0 ? encodeOtherKey(key) : undefined;
}

function inexpressible(key: Key, modes: KeyModes): InvalidKeyError {
  const kind = findKeyCode(key.name)?.kind;
  const isCharacter = kind === undefined || kind === 'character';
  if (isCharacter && !isOneCodePoint(key.name)) {
    return refusal(key, 'a character of several code points cannot be combined with modifiers');
  }
  if (isCharacter && typedCharacter(key).text === undefined) {
    return refusal(
      key,
      'what Shift makes of this key depends on the keyboard layout; write the character that it gives, as in "!"',
    );
  }
  if (kind === 'keypad') {
    return refusal(
      key,
      'the program reads keypad keys as characters; it would have to turn on application keypad mode (ESC =) ' +
        'or the kitty keyboard protocol (CSI > 1 u)',
    );
  }
  const kitty = 'the kitty keyboard protocol (CSI > 1 u)';
  const canModify = modes.modifyOtherKeys === 0 && encodeOtherKey(key) !== undefined;
  return refusal(
    key,
    'the program reads keys in the legacy encoding, which has no bytes for it; it would have to turn on ' +
      (canModify ? `${kitty} or modifyOtherKeys (CSI > 4 ; 2 m)` : kitty),
    encodeKittySequence(key, KITTY_DISAMBIGUATE)?.replace('\x1b', '\\e'),
  );
}

function refusal(key: Key, reason: string, escapes?: string): InvalidKeyError {
  return new InvalidKeyError(key.token, `"${key.token}" cannot be sent: ${reason}`, { escapes });
}
