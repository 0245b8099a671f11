/** The 53 key names of the guides, and what the daemon calls them; it knows what the program's modes make of each. */

const NAMED: readonly (readonly [name: string, key: string])[] = [
  ['arrow_up', 'Up'],
  ['arrow_down', 'Down'],
  ['arrow_left', 'Left'],
  ['arrow_right', 'Right'],
  ['enter', 'Enter'],
  ['tab', 'Tab'],
  ['escape', 'Escape'],
  ['space', 'Space'],
  ['backspace', 'Backspace'],
  ['home', 'Home'],
  ['end', 'End'],
  ['page_up', 'PageUp'],
  ['page_down', 'PageDown'],
  ['delete', 'Delete'],
  ['insert', 'Insert'],
];
const CTRL = Array.from(
  'abcdefghijklmnopqrstuvwxyz',
  (letter) => [`ctrl+${letter}`, `Ctrl+${letter}`] as const,
);
const FUNCTION = Array.from({ length: 12 }, (_, index) => [`f${index + 1}`, `F${index + 1}`] as const);

/** All of them in a few words. */
export const keysInWords = `${NAMED.map(([name]) => name).join(', ')}, ctrl+a to ctrl+z, f1 to f12`;

export const keyNames: ReadonlyMap<string, string> = new Map([...NAMED, ...CTRL, ...FUNCTION]);
