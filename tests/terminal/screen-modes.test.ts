import { expect, test } from 'vitest';
import { Screen, type ScreenModes } from '../../packages/terminal/src/index.ts';

function modesAfter(text: string): ScreenModes {
  const screen = new Screen({ cols: 20, rows: 4, scrollback: 0 });
  screen.write(new TextEncoder().encode(text));
  return screen.modes;
}

const INITIAL: ScreenModes = {
  applicationCursor: false,
  applicationKeypad: false,
  bracketedPaste: false,
  focusEvents: false,
  mouse: 'none',
  mouseEncoding: 'default',
  alternateScroll: false,
  kittyFlags: 0,
  modifyOtherKeys: 0,
  synchronizedOutput: false,
  insert: false,
  wraparound: true,
  reverseWraparound: false,
  originMode: false,
};

test('a new screen has the modes of a new terminal', () => {
  expect(modesAfter('')).toEqual(INITIAL);
});

test.each<[string, Partial<ScreenModes>]>([
  ['\x1b[?1h', { applicationCursor: true }],
  ['\x1b=', { applicationKeypad: true }],
  ['\x1b=\x1b>', {}],
  ['\x1b[?66h', { applicationKeypad: true }],
  ['\x1b[?2004h', { bracketedPaste: true }],
  ['\x1b[?1004h', { focusEvents: true }],
  ['\x1b[?9h', { mouse: 'x10' }],
  ['\x1b[?1000h', { mouse: 'press' }],
  ['\x1b[?1002h', { mouse: 'drag' }],
  ['\x1b[?1003h', { mouse: 'any' }],
  ['\x1b[?1003h\x1b[?1003l', {}],
  ['\x1b[?1000;1006h', { mouse: 'press', mouseEncoding: 'sgr' }],
  ['\x1b[?1005h', { mouseEncoding: 'utf8' }],
  ['\x1b[?1015h\x1b[?1006h', { mouseEncoding: 'sgr' }],
  ['\x1b[?1006h\x1b[?1015l', { mouseEncoding: 'sgr' }],
  ['\x1b[?1015h', { mouseEncoding: 'urxvt' }],
  ['\x1b[?1016h', { mouseEncoding: 'sgr-pixels' }],
  ['\x1b[?1016h\x1b[?1016l', {}],
  ['\x1b[?1007h', { alternateScroll: true }],
  ['\x1b[?2026h', { synchronizedOutput: true }],
  ['\x1b[?2026h\x1b[?2026l', {}],
  ['\x1b[4h', { insert: true }],
  ['\x1b[?7l', { wraparound: false }],
  ['\x1b[?45h', { reverseWraparound: true }],
  ['\x1b[?6h', { originMode: true }],
  ['\x1b[>4;1m', { modifyOtherKeys: 1 }],
  ['\x1b[>4;2m', { modifyOtherKeys: 2 }],
  ['\x1b[>4;2m\x1b[>4m', {}],
  ['\x1b[>4;2m\x1b[>m', {}],
  ['\x1b[>4;2m\x1b[>4n', {}],
  ['\x1b[>4;2m\x1b[>1;3m', { modifyOtherKeys: 2 }],
  ['\x1b[=5u', { kittyFlags: 5 }],
  ['\x1b[=5;1u\x1b[=2;2u', { kittyFlags: 7 }],
  ['\x1b[=7u\x1b[=2;3u', { kittyFlags: 5 }],
  ['\x1b[=255u', { kittyFlags: 31 }],
  ['\x1b[>1u', { kittyFlags: 1 }],
  ['\x1b[>1u\x1b[>15u\x1b[<u', { kittyFlags: 1 }],
  ['\x1b[>1u\x1b[>15u\x1b[<2u', {}],
  ['\x1b[>1u\x1b[<9u', {}],
  ['\x1b[=3u\x1b[>1u\x1b[<u', { kittyFlags: 3 }],
  ['\x1b[>1u\x1b[?1049h', { kittyFlags: 0 }],
  ['\x1b[>1u\x1b[?1049h\x1b[>3u\x1b[?1049l', { kittyFlags: 1 }],
  ['\x1b[>1u\x1b[?1049h\x1b[>3u\x1b[?1049l\x1b[?1049h', { kittyFlags: 3 }],
])('%j', (text, expected) => {
  expect(modesAfter(text)).toEqual({ ...INITIAL, ...expected });
});

test.each([
  ['RIS', '\x1bc'],
  ['DECSTR', '\x1b[!p'],
])('%s takes every mode and a hidden cursor back', (_, reset) => {
  const everything =
    '\x1b[?1h\x1b=\x1b[?2004;1004;1003;1006;1007;2026;45;6h\x1b[?7l\x1b[4h\x1b[>5u\x1b[>4;2m\x1b[?25l\x1b[6 q';
  const screen = new Screen({ cols: 20, rows: 4, scrollback: 0 });
  screen.write(new TextEncoder().encode(everything + reset));
  expect([screen.modes, screen.cursor.visible, screen.cursor.shape]).toEqual([INITIAL, true, 'block']);
});

test('a program that pushes keyboard flags without end does not fill memory, and pops back to none', () => {
  expect(modesAfter('\x1b[>1u'.repeat(10_000) + '\x1b[<u'.repeat(40)).kittyFlags).toBe(0);
});
