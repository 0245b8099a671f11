import type { Key } from './key.ts';

/** A character key as a keyboard has it: the key, whether Shift is down, and the text that comes of it. */
export interface TypedCharacter {
  /** What the key gives without Shift. */
  readonly plain: string;
  /** What it gives with Shift, where that does not depend on the keyboard's layout: for letters. */
  readonly shifted?: string;
  readonly shift: boolean;
  /** What is typed when no other modifier is held; nothing if only the layout knows. */
  readonly text?: string;
}

/**
 * `A` is Shift+a. With Ctrl or Super a letter's case is mere style (`Ctrl+C` is written so
 * everywhere and never means Ctrl+Shift+c), so there Shift counts only when it is named.
 */
export function typedCharacter(key: Key): TypedCharacter {
  const plain = key.name.toLowerCase();
  const shifted = key.name.toUpperCase();
  const isLetter =
    plain !== shifted &&
    isOneCodePoint(plain) &&
    isOneCodePoint(shifted) &&
    (key.name === plain || key.name === shifted);
  if (isLetter) {
    const shift = key.shift || (key.name === shifted && !key.ctrl && !key.super);
    return { plain, shifted, shift, text: shift ? shifted : plain };
  }
  if (key.shift && key.name !== ' ') return { plain: key.name, shift: true };
  return { plain: key.name, shift: key.shift, text: key.name };
}

export function isOneCodePoint(text: string): boolean {
  return text !== '' && text.length === String.fromCodePoint(text.codePointAt(0) ?? 0).length;
}
