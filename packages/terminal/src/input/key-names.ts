/**
 * Every key that has a name, every modifier, and the numbers that terminals know them by.
 * The parser, the encoders and the reference documentation all read this table.
 *
 * Sources: xterm's ctlseqs ("PC-Style Function Keys", "VT220-Style Function Keys"), terminfo's
 * xterm-256color, and the functional key table of the kitty keyboard protocol.
 */

/** How a key is encoded; which member applies decides everything else about it. */
export type KeyCode =
  /** Stands for a character that is awkward to write. */
  | { readonly kind: 'character'; readonly text: string }
  /** One control byte, which is the key's number in kitty's protocol and modifyOtherKeys as well. */
  | { readonly kind: 'control'; readonly byte: number }
  /** `CSI final`, or `SS3 final` in application cursor mode. */
  | { readonly kind: 'cursor'; readonly final: string }
  /** `SS3 final`; `CSI 1 ; m final` with modifiers. */
  | { readonly kind: 'function'; readonly final: string }
  /** `CSI number ~`. */
  | { readonly kind: 'tilde'; readonly number: number }
  /** `SS3 final` in application keypad mode, its text otherwise. */
  | { readonly kind: 'keypad'; readonly final: string; readonly text: string; readonly kitty: number }
  /** Another key with Shift; `kitty` where that protocol gives it a number of its own. */
  | { readonly kind: 'shifted'; readonly of: string; readonly kitty?: number }
  /** `CSI final`, for a program that asked for focus events. */
  | { readonly kind: 'focus'; readonly final: 'I' | 'O' };

export interface NamedKey {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly code: KeyCode;
}

export type ModifierName = 'ctrl' | 'alt' | 'shift' | 'super';

export interface NamedModifier {
  readonly name: string;
  readonly modifier: ModifierName;
  /** One-letter aliases are those of vim and tmux; before a `+` in upper case only, so that `a+b` is no Alt. */
  readonly aliases: readonly string[];
}

export const modifiers: readonly NamedModifier[] = [
  { name: 'Ctrl', modifier: 'ctrl', aliases: ['Control', 'C'] },
  { name: 'Alt', modifier: 'alt', aliases: ['Meta', 'Option', 'A', 'M'] },
  { name: 'Shift', modifier: 'shift', aliases: ['S'] },
  { name: 'Super', modifier: 'super', aliases: ['Cmd', 'Command', 'Win', 'Windows', 'D'] },
];

const control = (byte: number): KeyCode => ({ kind: 'control', byte });
const character = (text: string): KeyCode => ({ kind: 'character', text });
const cursor = (final: string): KeyCode => ({ kind: 'cursor', final });
const tilde = (number: number): KeyCode => ({ kind: 'tilde', number });
const keypad = (final: string, text: string, kitty: number): KeyCode => ({
  kind: 'keypad',
  final,
  text,
  kitty,
});

/** F5–F12 skip 16 and 22, as the rows of a VT220 keyboard did. */
const FUNCTION_KEY_NUMBERS = [15, 17, 18, 19, 20, 21, 23, 24];

const functionKeys: NamedKey[] = Array.from({ length: 24 }, (_, index) => {
  const name = `F${index + 1}`;
  if (index < 4) return { name, aliases: [], code: { kind: 'function', final: 'PQRS'.charAt(index) } };
  if (index < 12) return { name, aliases: [], code: tilde(FUNCTION_KEY_NUMBERS[index - 4] ?? 0) };
  // A PC keyboard has no F13; terminfo's kf13–kf24 for xterm-256color are Shift+F1–F12.
  return { name, aliases: [], code: { kind: 'shifted', of: `F${index - 11}`, kitty: 57376 + index - 12 } };
});

const keypadDigits: NamedKey[] = Array.from({ length: 10 }, (_, digit) => ({
  name: `KP${digit}`,
  aliases: [`KP_${digit}`, `Numpad${digit}`, `k${digit}`],
  code: keypad('pqrstuvwxy'.charAt(digit), String(digit), 57399 + digit),
}));

/** Aliases come from web key names (Playwright), vim and tmux. */
export const namedKeys: readonly NamedKey[] = [
  { name: 'Enter', aliases: ['Return', 'CR'], code: control(0x0d) },
  { name: 'Tab', aliases: [], code: control(0x09) },
  { name: 'BackTab', aliases: ['BTab'], code: { kind: 'shifted', of: 'Tab' } },
  { name: 'Escape', aliases: ['Esc'], code: control(0x1b) },
  { name: 'Space', aliases: [], code: character(' ') },
  { name: 'Backspace', aliases: ['BS', 'BSpace'], code: control(0x7f) },
  { name: 'Delete', aliases: ['Del', 'DC'], code: tilde(3) },
  { name: 'Insert', aliases: ['Ins', 'IC'], code: tilde(2) },
  { name: 'Home', aliases: [], code: cursor('H') },
  { name: 'End', aliases: [], code: cursor('F') },
  { name: 'PageUp', aliases: ['PgUp', 'PPage'], code: tilde(5) },
  { name: 'PageDown', aliases: ['PgDn', 'PgDown', 'NPage'], code: tilde(6) },
  { name: 'Up', aliases: ['ArrowUp'], code: cursor('A') },
  { name: 'Down', aliases: ['ArrowDown'], code: cursor('B') },
  { name: 'Left', aliases: ['ArrowLeft'], code: cursor('D') },
  { name: 'Right', aliases: ['ArrowRight'], code: cursor('C') },
  ...functionKeys,
  { name: 'FocusIn', aliases: [], code: { kind: 'focus', final: 'I' } },
  { name: 'FocusOut', aliases: [], code: { kind: 'focus', final: 'O' } },
  { name: 'Plus', aliases: [], code: character('+') },
  { name: 'Minus', aliases: [], code: character('-') },
  // vim's names for the characters that its angle brackets and mappings would swallow.
  { name: 'Less', aliases: ['lt'], code: character('<') },
  { name: 'Bar', aliases: [], code: character('|') },
  { name: 'Backslash', aliases: ['Bslash'], code: character('\\') },
  ...keypadDigits,
  { name: 'KPEnter', aliases: ['KP_Enter', 'NumpadEnter', 'kEnter'], code: keypad('M', '\r', 57414) },
  { name: 'KPPlus', aliases: ['KP_Add', 'NumpadAdd', 'kPlus', 'KP+'], code: keypad('k', '+', 57413) },
  {
    name: 'KPMinus',
    aliases: ['KP_Subtract', 'NumpadSubtract', 'kMinus', 'KP-'],
    code: keypad('m', '-', 57412),
  },
  {
    name: 'KPMultiply',
    aliases: ['KP_Multiply', 'NumpadMultiply', 'kMultiply', 'KP*'],
    code: keypad('j', '*', 57411),
  },
  {
    name: 'KPDivide',
    aliases: ['KP_Divide', 'NumpadDivide', 'kDivide', 'KP/'],
    code: keypad('o', '/', 57410),
  },
  {
    name: 'KPDecimal',
    aliases: ['KP_Decimal', 'NumpadDecimal', 'kPoint', 'KP.'],
    code: keypad('n', '.', 57409),
  },
];

const codes = new Map(namedKeys.map((key) => [key.name, key.code]));

/** What a canonical name stands for; nothing for a character. */
export function findKeyCode(name: string): KeyCode | undefined {
  return codes.get(name);
}
