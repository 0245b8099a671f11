/**
 * Byte streams as a program in trouble would write them: everything a screen can do, in any order.
 */

/** Mulberry32: the same "random" numbers in every run. */
export function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export const TEXTS = [
  'a',
  'hello ',
  'x'.repeat(23),
  '漢字',
  '한글',
  'e\u0301',
  '👩🏽‍💻',
  '🇩🇪',
  '🇩',
  '❤\ufe0f',
  '❤',
  '🏽',
  'नि',
];
export const MORE_TEXTS = [
  '1\ufe0f\u20e3',
  'ｗ',
  ' ',
  '    ',
  '┌─┐',
  '\r\n',
  '\n',
  '\b',
  '\t',
  '\x1b(0lqqk\x1b(B',
  '\x1b)0\x0elqqk\x0f',
];
export const MODES =
  '1 6 45 9 1000 1002 1003 1004 1005 1006 1007 1015 1016 2004 25 47 1047 1048 1049 2026'.split(' ');
export const STYLES =
  '0 1 2 3 4 4:3 4:5 5 7 8 9 21 22 24 27 31 42 97 38;5;200 48;5;20 38;2;1;2;3 48:2::9:8:7 58:5:3 59 53 39 49'.split(
    ' ',
  );
export const ESCAPES = [
  ...'78DEMH=>c',
  '[4h',
  '[4l',
  '[20h',
  '[20l',
  '[3g',
  '[g',
  '[!p',
  '[1"q',
  '[0"q',
  '[?2J',
];
export const KEYBOARD = ['=1;1u', '=5;2u', '>3u', '>7u', '<1u', '<u', '>4;1m', '>4;2m', '>4m'];
export const TOLD = ['2;a title', '0;títle', '7;file://h/tmp/a%20b', '9;4;1;40'];

/** `length` counts texts and sequences. */
export function randomStream(random: () => number, length: number): string {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const number = () => pick(['', '0', '1', '2', '3', '5', '9', '30']);
  const kinds: (() => string)[] = [
    () => pick(TEXTS),
    () => pick(TEXTS),
    () => pick(MORE_TEXTS),
    () => pick(MORE_TEXTS),
    () => `\x1b[${pick(STYLES)}m`,
    () => `\x1b[${pick(STYLES)};${pick(STYLES)}m`,
    () => `\x1b[${number()};${number()}H`,
    () => `\x1b[${number()}${pick([...'ABCDEFGIZ@PXLMSTb`d'])}`,
    () => `\x1b[${pick(['', '1', '2'])}${pick(['J', 'K'])}`,
    () => `\x1b[?${pick(MODES)}${pick(['h', 'l'])}`,
    () => `\x1b[${number()};${number()}r`,
    () => `\x1b[${pick(['0', '2', '3', '6'])} q`,
    () => `\x1b${pick(ESCAPES)}`,
    () => `\x1b[${pick(KEYBOARD)}`,
    () => `\x1b]${pick(TOLD)}\x07`,
    () => `\x1b]8;;https://${pick(['a', 'b'])}.example/\x1b\\${pick(TEXTS)}\x1b]8;;\x1b\\`,
  ];
  let stream = '';
  for (let count = 0; count < length; count++) stream += pick(kinds)();
  return stream;
}
