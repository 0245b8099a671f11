/** The rules for elements, each on the smallest screen that shows it. */

import { describe, expect, test } from 'vitest';
import { type DetectedElement, detectElements, Screen } from '../../packages/terminal/src/index.ts';

const INVERSE = '\x1b[7m';
const PLAIN = '\x1b[m';
const BLUE = '\x1b[44m';
const HIDE_CURSOR = '\x1b[?25l';

function detect(lines: readonly string[], { cols = 60, rows = 12, after = '' } = {}): DetectedElement[] {
  const screen = new Screen({ cols, rows, scrollback: 0 });
  screen.write(Buffer.from(`${lines.join('\r\n')}${after}`));
  return detectElements(screen);
}

function summary(elements: readonly DetectedElement[]): string[] {
  return elements.map(({ kind, row, col, width, text, focused, checked }) => {
    const state = `${focused ? ' focused' : ''}${checked === undefined ? '' : checked ? ' on' : ' off'}`;
    return `${kind} ${row},${col}+${width} ${text}${state}`;
  });
}

describe('boxes', () => {
  test.each([
    ['light', ['┌─ Beds ──┐', '│         │', '└─────────┘']],
    ['heavy', ['┏━ Beds ━━┓', '┃         ┃', '┗━━━━━━━━━┛']],
    ['double', ['╔═ Beds ══╗', '║         ║', '╚═════════╝']],
    ['rounded', ['╭─ Beds ──╮', '│         │', '╰─────────╯']],
    ['mixed', ['╒═ Beds ══╕', '│         │', '╘═════════╛']],
    ['ASCII', ['+- Beds --+', '|         |', '+---------+']],
    ['with a fastened title', ['┌─┤ Beds ├┐', '│         │', '└─────────┘']],
  ])('%s', (_, lines) => {
    expect(detect(lines)).toEqual([{ kind: 'box', row: 0, col: 0, width: 11, height: 3, text: 'Beds' }]);
  });

  test('a title of wide characters', () => {
    expect(summary(detect(['┌─ 畑 ─┐', '│      │', '└──────┘']))).toEqual(['box 0,0+8 畑']);
  });

  test('drawings and tables without a title are none', () => {
    expect(detect(['┌───┐  +-----+', '│ a │->|  b  |', '└───┘  +-----+'])).toEqual([]);
  });
});

describe('buttons', () => {
  test('two of one label are two buttons', () => {
    const lines = ['┌────────────────────┐', '│  [ OK ]   [ OK ]   │', '└────────────────────┘'];
    expect(summary(detect(lines))).toEqual(['button 1,3+6 OK', 'button 1,12+6 OK']);
  });

  test('words on blocks of their own in the last rows of a box', () => {
    const lines = [
      '┌──────────────────────┐',
      '│ Cover the beds?      │',
      '│                      │',
      `│  ${INVERSE}  Yes  ${PLAIN}   ${BLUE}  No  ${PLAIN}    │`,
      '└──────────────────────┘',
    ];
    expect(summary(detect(lines))).toEqual(['button 3,3+7 Yes', 'button 3,13+6 No']);
  });

  test('wide labels are measured in columns', () => {
    const lines = ['┌────────────────────┐', '│ [ はい ] [ いいえ ]│', '└────────────────────┘'];
    expect(summary(detect(lines))).toEqual(['button 1,2+8 はい', 'button 1,11+10 いいえ']);
  });

  test.each([
    ['[ERROR] out of water'],
    ['[  OK  ] Started water pump.'],
    ['[ OK ]'],
    ['<body>'],
    ['a[1] = b[ i ];'],
    ['(F)ile (E)dit'],
    ['Proceed? [Y/n] '],
    ['[#####     ] 50%'],
    ['[          ]  0%'],
    ['Usage: garden [OPTIONS] <FILE>'],
    ['[Default] (see below)'],
    ['#include <stdio.h>'],
  ])('%s is text', (line) => {
    expect(detect(['', line, ''])).toEqual([]);
  });
});

describe('toggles', () => {
  test('brackets and parentheses, with the one on another ground focused', () => {
    const lines = ['[x] Water', `${INVERSE}[ ] Sow${PLAIN}`, '[ ] Pick', '', '(*) Today', '( ) Later'];
    expect(summary(detect(lines, { after: HIDE_CURSOR }))).toEqual([
      'checkbox 0,0+9 Water on',
      'checkbox 1,0+7 Sow focused off',
      'checkbox 2,0+8 Pick off',
      'radio 4,0+9 Today on',
      'radio 5,0+9 Later off',
    ]);
  });

  test('characters that are boxes themselves', () => {
    expect(summary(detect(['☑ Water', '☐ Sow', '', '◉ Today', '○ Later']))).toEqual([
      'checkbox 0,0+7 Water on',
      'checkbox 1,0+5 Sow off',
      'radio 3,0+7 Today on',
      'radio 4,0+7 Later off',
    ]);
  });

  test.each([
    ['a task list', ['- [x] water', '- [ ] sow']],
    ['a log', ['[*] Scanning beds', '[*] 14 found', '[x] slugs in bed 3']],
    ['a test report', [' ✓ waters', ' ✗ sows', ' ● expected 3']],
    ['services', ['● pump.service  active', '○ frost.service inactive']],
    ['source code', ['  ( ) => { }', '  [ ].concat([x] as const)']],
  ])('%s has none', (_, lines) => {
    expect(detect(lines)).toEqual([]);
  });
});

describe('lists', () => {
  const list = ['Beds', '', '  Tomatoes      ', `${INVERSE}  Basil         ${PLAIN}`, '  Mint          '];

  test('one row on another ground among rows that line up with it', () => {
    expect(summary(detect(list, { after: HIDE_CURSOR }))).toEqual([
      'list_row 2,2+8 Tomatoes',
      'list_row 3,2+5 Basil focused',
      'list_row 4,2+4 Mint',
    ]);
  });

  test('a background does what inverse does', () => {
    const lines = list.map((line) => line.replace(INVERSE, BLUE));
    expect(summary(detect(lines, { after: HIDE_CURSOR }))).toContain('list_row 3,2+5 Basil focused');
  });

  test('a pointer and a colour do as well', () => {
    const lines = ['Which bed?', '  Tomatoes', '\x1b[36m❯ Basil\x1b[m', '  Mint'];
    expect(summary(detect(lines, { after: HIDE_CURSOR }))).toEqual([
      'list_row 1,2+8 Tomatoes',
      'list_row 2,2+5 Basil focused',
      'list_row 3,2+4 Mint',
    ]);
  });

  test.each([
    ['a status line', ['one', 'two', 'three', `${INVERSE}three.txt   3,1   All${PLAIN}`]],
    ['a heading', [`${INVERSE}PID USER  CPU%${PLAIN}`, '  1 root   0.0', '  7 ada    1.5', '  9 ada    0.1']],
    ['a match of a search', ['the beds', `water ${INVERSE}the${PLAIN} beds`, 'the beds again']],
    ['selected text', ['one', `${INVERSE}two${PLAIN}`, `${INVERSE}three${PLAIN}`, 'four']],
  ])('%s is none', (_, lines) => {
    expect(detect(lines)).toEqual([]);
  });
});

describe('inputs, links, tabs and hints', () => {
  test('underscores behind a label, with the value typed so far', () => {
    expect(summary(detect(['Name: Ada_______  Mail: __________'], { after: HIDE_CURSOR }))).toEqual([
      'input 0,6+10 Ada',
      'input 0,24+10 ',
    ]);
  });

  test('a frame of one line with the cursor in it', () => {
    const lines = ['╭──────────────────╮', '│ > water the beds │', '╰──────────────────╯'];
    expect(summary(detect(lines, { after: '\x1b[2;18H' }))).toEqual(['input 1,1+18 water the beds focused']);
  });

  test('a line of underscores in a text is none', () => {
    expect(detect(['Notes', '____________________', 'snake_case __init__ ___'])).toEqual([]);
  });

  test('links by OSC 8, and addresses without the punctuation around them', () => {
    const lines = [
      'see \x1b]8;;https://example.org/a\x07the guide\x1b]8;;\x07 now',
      '(https://example.org/wiki/Bed_(garden)), or http://localhost:8080/.',
    ];
    expect(summary(detect(lines, { cols: 80 }))).toEqual([
      'link 0,4+9 the guide',
      'link 1,1+37 https://example.org/wiki/Bed_(garden)',
      'link 1,44+22 http://localhost:8080/',
    ]);
  });

  test('the tab that joins what lies beneath is the open one', () => {
    const lines = [`${INVERSE} Beds ${PLAIN} Tools ${INVERSE} Weather ${PLAIN}`, 'Three beds.'];
    expect(summary(detect(lines))).toEqual([
      'tab 0,1+4 Beds',
      'tab 0,7+5 Tools focused',
      'tab 0,14+7 Weather',
    ]);
  });

  test('keys and labels of a status bar', () => {
    const lines = ['text', '', '^G Help  ^O Write  ^X Exit'];
    const styled = lines.map((line) => line.replaceAll(/\^\w/g, (key) => `${INVERSE}${key}${PLAIN}`));
    expect(summary(detect(styled))).toEqual([
      'key_hint 2,0+7 ^G Help',
      'key_hint 2,9+8 ^O Write',
      'key_hint 2,19+7 ^X Exit',
    ]);
    expect(summary(detect(['q:Quit  d:Delete  ?:Help']))).toHaveLength(3);
    expect(detect(['Press q to quit, or h: it helps'])).toEqual([]);
  });
});

test('whatever is on a screen of any size, detection ends and stays inside', () => {
  const characters = [...'[]()<>x *_:─│┌┐└┘+-|❯◉◯ aF1^q:畑é/.http'];
  let seed = 7;
  const random = (below: number) => {
    seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
    return (seed >>> 8) % below;
  };
  for (const [cols, rows] of [
    [1, 1],
    [2, 3],
    [7, 60],
    [80, 24],
    [300, 5],
  ] as const) {
    for (let round = 0; round < 20; round++) {
      const screen = new Screen({ cols, rows, scrollback: 0 });
      let text = '';
      for (let i = 0; i < cols * rows; i++) {
        text += `\x1b[${random(9) === 0 ? 7 : random(2) * (40 + random(3))}m${characters[random(characters.length)]}`;
      }
      screen.write(Buffer.from(text));
      for (const element of detectElements(screen)) {
        expect(element.col + element.width).toBeLessThanOrEqual(Math.max(cols, 2));
        expect(element.row + element.height).toBeLessThanOrEqual(rows);
        expect(
          Math.min(element.col, element.row, element.width - 1, element.height - 1),
        ).toBeGreaterThanOrEqual(0);
      }
    }
  }
});
