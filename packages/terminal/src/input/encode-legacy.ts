/**
 * Keys as xterm has always sent them: ctlseqs, "Special Keyboard Keys" and "PC-Style Function Keys".
 * What this encoding has no bytes for is undefined, never the bytes of a neighbour.
 */
import { type Key, modifierNumber } from './key.ts';
import { findKeyCode, type KeyCode } from './key-names.ts';
import { typedCharacter } from './typed-character.ts';

const ESC = '\x1b';
const CSI = '\x1b[';
const SS3 = '\x1bO';

export interface LegacyKeyModes {
  /** DECCKM. */
  readonly applicationCursor: boolean;
  /** DECKPAM. */
  readonly applicationKeypad: boolean;
}

export function encodeLegacy(key: Key, modes: LegacyKeyModes): string | undefined {
  const code = findKeyCode(key.name);
  switch (code?.kind) {
    case undefined:
    case 'character':
      return encodeCharacter(key);
    case 'control':
      return encodeControl(key, code.byte);
    case 'keypad':
      return encodeKeypad(key, code, modes.applicationKeypad);
    case 'shifted':
      // Shift+F13 would be Shift+Shift+F1.
      return key.shift ? undefined : encodeLegacy({ ...key, name: code.of, shift: true }, modes);
    case 'cursor':
      return withModifiers(key, modes.applicationCursor ? SS3 : CSI, code.final);
    case 'function':
      return withModifiers(key, SS3, code.final);
    case 'tilde':
      return isModified(key) ? `${CSI}${code.number};${modifierNumber(key)}~` : `${CSI}${code.number}~`;
  }
}

function withModifiers(key: Key, introducer: string, final: string): string {
  return isModified(key) ? `${CSI}1;${modifierNumber(key)}${final}` : `${introducer}${final}`;
}

function isModified(key: Key): boolean {
  return modifierNumber(key) > 1;
}

function encodeCharacter(key: Key): string | undefined {
  if (key.super) return undefined;
  const { shift, text } = typedCharacter(key);
  if (key.ctrl) return shift ? undefined : prefixed(key, controlCharacter(key.name));
  // xterm sends a plain space for Shift+Space, which is another key.
  return shift && key.name === ' ' ? undefined : prefixed(key, text);
}

/**
 * The control character that X11 and xterm make of Ctrl and a character (XLookupString):
 * `@` to `~` lose their upper bits, and the digits and `/` stand in for what a VT100 had there.
 */
function controlCharacter(character: string): string | undefined {
  if (/^[@-~ ]$/.test(character)) return String.fromCharCode(character.charCodeAt(0) & 0x1f);
  return {
    2: '\x00',
    3: '\x1b',
    4: '\x1c',
    5: '\x1d',
    6: '\x1e',
    7: '\x1f',
    8: '\x7f',
    '/': '\x1f',
    '?': '\x7f',
  }[character];
}

function encodeControl(key: Key, byte: number): string | undefined {
  if (key.super) return undefined;
  const plain = String.fromCharCode(byte);
  if (!key.ctrl && !key.shift) return prefixed(key, plain);
  if (key.name === 'Tab' && !key.ctrl) return prefixed(key, `${CSI}Z`);
  if (key.name === 'Backspace' && !key.shift) return prefixed(key, '\b');
  return undefined;
}

/** Modified keypad keys are `SS3 m final` (xterm's modifyKeypadKeys); without DECKPAM they are characters. */
function encodeKeypad(
  key: Key,
  code: Extract<KeyCode, { kind: 'keypad' }>,
  isApplication: boolean,
): string | undefined {
  if (isApplication) return `${SS3}${isModified(key) ? modifierNumber(key) : ''}${code.final}`;
  return key.shift || key.ctrl || key.super ? undefined : prefixed(key, code.text);
}

function prefixed(key: Key, text: string | undefined): string | undefined {
  return text !== undefined && key.alt ? ESC + text : text;
}
