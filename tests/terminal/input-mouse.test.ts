import { expect, test } from 'vitest';
import {
  encodeMouse,
  type MouseAction,
  type MouseEncoding,
  type MouseEvent,
  type MouseTracking,
} from '../../packages/terminal/src/index.ts';

const at = { row: 4, col: 9 };

function report(
  event: Partial<MouseEvent>,
  tracking: MouseTracking,
  encoding: MouseEncoding,
): string | undefined {
  const bytes = encodeMouse(
    { action: 'press', button: 'left', ...at, ...event },
    { mouse: tracking, mouseEncoding: encoding },
  );
  return bytes && Buffer.from(bytes).toString(encoding === 'default' ? 'latin1' : 'utf8');
}

test.each<[string, Partial<MouseEvent>, MouseEncoding, string]>([
  ['a left press', {}, 'sgr', '\x1b[<0;10;5M'],
  ['a middle press', { button: 'middle' }, 'sgr', '\x1b[<1;10;5M'],
  ['a right release', { action: 'release', button: 'right' }, 'sgr', '\x1b[<2;10;5m'],
  ['a drag', { action: 'move' }, 'sgr', '\x1b[<32;10;5M'],
  ['a move', { action: 'move', button: 'none' }, 'sgr', '\x1b[<35;10;5M'],
  ['the wheel up', { action: 'wheel-up' }, 'sgr', '\x1b[<64;10;5M'],
  ['the wheel down', { action: 'wheel-down', button: 'none' }, 'sgr', '\x1b[<65;10;5M'],
  ['the wheel left', { action: 'wheel-left' }, 'sgr', '\x1b[<66;10;5M'],
  ['the wheel right', { action: 'wheel-right' }, 'sgr', '\x1b[<67;10;5M'],
  ['Shift', { shift: true }, 'sgr', '\x1b[<4;10;5M'],
  ['Alt', { alt: true }, 'sgr', '\x1b[<8;10;5M'],
  ['Ctrl', { ctrl: true }, 'sgr', '\x1b[<16;10;5M'],
  [
    'all three on the wheel',
    { action: 'wheel-up', shift: true, alt: true, ctrl: true },
    'sgr',
    '\x1b[<92;10;5M',
  ],
  ['a far corner', { row: 999, col: 999 }, 'sgr', '\x1b[<0;1000;1000M'],
  ['the middle of a cell', {}, 'sgr-pixels', '\x1b[<0;76;72M'],
  ['the first cell', { row: 0, col: 0 }, 'sgr-pixels', '\x1b[<0;4;8M'],
  ['a press', {}, 'urxvt', '\x1b[32;10;5M'],
  ['a release', { action: 'release' }, 'urxvt', '\x1b[35;10;5M'],
  ['the wheel', { action: 'wheel-down' }, 'urxvt', '\x1b[97;10;5M'],
  ['a press', {}, 'default', '\x1b[M *%'],
  ['a release', { action: 'release' }, 'default', '\x1b[M#*%'],
  ['the wheel', { action: 'wheel-up' }, 'default', '\x1b[M`*%'],
  ['the last cell', { row: 222, col: 222 }, 'default', '\x1b[M \xff\xff'],
  ['a press', {}, 'utf8', '\x1b[M *%'],
  ['a far press', { col: 222 }, 'utf8', '\x1b[M \u00ff%'],
  ['the last cell', { row: 2014, col: 2014 }, 'utf8', '\x1b[M \u07ff\u07ff'],
])('%s (%j) in %s is %j', (_name, event, encoding, bytes) => {
  expect(report(event, 'any', encoding)).toBe(bytes);
});

test('a program hears only of what it asked for', () => {
  const events: [string, { action: MouseAction; button: 'left' | 'none' }][] = [
    ['press', { action: 'press', button: 'left' }],
    ['release', { action: 'release', button: 'left' }],
    ['drag', { action: 'move', button: 'left' }],
    ['move', { action: 'move', button: 'none' }],
    ['wheel', { action: 'wheel-up', button: 'none' }],
  ];
  const heard = (tracking: MouseTracking) =>
    events.filter(([, event]) => report(event, tracking, 'sgr') !== undefined).map(([name]) => name);
  expect({
    none: heard('none'),
    x10: heard('x10'),
    press: heard('press'),
    drag: heard('drag'),
    any: heard('any'),
  }).toEqual({
    none: [],
    x10: ['press'],
    press: ['press', 'release', 'wheel'],
    drag: ['press', 'release', 'drag', 'wheel'],
    any: ['press', 'release', 'drag', 'move', 'wheel'],
  });
});

test('X10 compatibility mode reports no modifiers', () => {
  expect(report({ ctrl: true }, 'x10', 'default')).toBe('\x1b[M *%');
});

test('a position that the encoding cannot carry is refused and not clipped', () => {
  expect(() => report({ col: 223 }, 'any', 'default')).toThrow(/ends at row and column 222.*CSI \? 1006 h/);
  expect(() => report({ row: 2015 }, 'any', 'utf8')).toThrow(RangeError);
  expect(() => report({ row: -1 }, 'any', 'sgr')).toThrow(RangeError);
  expect(() => report({ col: 1.5 }, 'any', 'sgr')).toThrow(RangeError);
});

test('a press needs a button', () => {
  expect(() => report({ button: 'none' }, 'any', 'sgr')).toThrow('A mouse press needs a button');
});
