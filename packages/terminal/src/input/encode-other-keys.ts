/**
 * xterm's modifyOtherKeys, `CSI 27 ; m ; code ~`:
 * https://invisible-island.net/xterm/modified-keys.html
 *
 * `code` is the character that the key gives while Shift is held, so Ctrl+Shift+a has 65; for
 * other characters than letters only the keyboard's layout knows it.
 */
import { type Key, modifierNumber } from './key.ts';
import { findKeyCode } from './key-names.ts';
import { isOneCodePoint, typedCharacter } from './typed-character.ts';

/** The key as level 2 sends it; undefined where the legacy bytes stay as they are. */
export function encodeOtherKey(key: Key): string | undefined {
  const code = findKeyCode(key.name);
  const modifiers = modifierNumber(key);
  if (code?.kind === 'control') {
    const isKept =
      (key.name === 'Tab' && modifiers === 2) ||
      (key.name === 'Backspace' && modifiers === 5) ||
      modifiers === 1;
    return isKept ? undefined : sequence(modifiers, code.byte);
  }
  if (code !== undefined && code.kind !== 'character') return undefined;
  const { shift, text } = typedCharacter(key);
  if (text === undefined || !isOneCodePoint(text)) return undefined;
  const isTyped = !key.alt && !key.ctrl && !key.super && !(shift && key.name === ' ');
  return isTyped ? undefined : sequence(modifierNumber(key, shift), text.codePointAt(0) ?? 0);
}

function sequence(modifiers: number, code: number): string {
  return `\x1b[27;${modifiers};${code}~`;
}
