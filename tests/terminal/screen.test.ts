import { expect, test } from 'vitest';
import { markedText, Screen } from '../../packages/terminal/src/index.ts';
import { randomNumbers } from './random-stream.ts';

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function drawn(text: string, cols = 20, rows = 4): Screen {
  const screen = new Screen({ cols, rows, scrollback: 100 });
  screen.write(bytes(text));
  return screen;
}

/** Everything a caller can see. */
function look(screen: Screen) {
  return {
    rows: screen.rowTexts(),
    cursor: screen.cursor,
    modes: screen.modes,
    hash: screen.hash(),
    title: screen.title,
    cwd: screen.cwd,
    bells: screen.bellCount,
    alternate: screen.alternateScreen,
    scrollback: screen.scrollbackTexts(100),
  };
}

test('a stream split at any byte draws the same screen and gives the same answers', () => {
  const stream = bytes(
    'é漢字👨‍👩‍👧 e\u0301\r\n\x1b[1;31mred\x1b[0m\x1b]2;títle\x1b\\\x1b]7;file://host/tmp/a%20b\x07\x07' +
      '\x1b[?1049h\x1b[2;5Halt\x1b[>5u\x1b[?1049l\x1b[?2004h\x1b[?1003;1006h\x1b]11;?\x07\x1b]10;?\x1b\\' +
      '\x1b[6n\x1bP$qm\x1b\\\x1b[?u\x1b[4 q\x1b[3;3H🇩🇪❤️',
  );
  const whole = new Screen({ cols: 20, rows: 4, scrollback: 10 });
  whole.write(stream);
  const expected = { ...look(whole), replies: whole.takeReplies() };
  for (let at = 0; at <= stream.length; at++) {
    const split = new Screen({ cols: 20, rows: 4, scrollback: 10 });
    split.write(stream.subarray(0, at));
    split.write(stream.subarray(at));
    expect({ ...look(split), replies: split.takeReplies() }, `split at byte ${at}`).toEqual(expected);
  }
  const single = new Screen({ cols: 20, rows: 4, scrollback: 10 });
  for (const byte of stream) single.write(Uint8Array.of(byte));
  expect({ ...look(single), replies: single.takeReplies() }).toEqual(expected);
});

test('every row has one entry, without trailing blanks', () => {
  expect(drawn('a  \r\n\r\n  b ').rowTexts()).toEqual(['a', '', '  b', '']);
  expect(drawn('a  \r\n\r\n  b ').text()).toBe('a\n\n  b');
});

test.each([
  ['plain', 'abc', 3],
  ['precomposed', 'é', 1],
  ['combining mark', 'e\u0301x', 2],
  ['stacked marks', 'o\u0302\u0323x', 2],
  ['CJK', '漢字', 4],
  ['Hangul syllables', '한글', 4],
  ['Hangul letters of one syllable', '\u1112\u1161\u11ab', 2],
  ['full-width Latin', 'ＡＢ', 4],
  ['emoji', '😀x', 3],
  ['newer emoji', '🫠x', 3],
  ['skin tone', '👍🏽x', 3],
  ['skin tone on a narrow hand', '☝🏽x', 3],
  ['skin tone behind a digit', '1🏽x', 4],
  ['person with skin tone and profession', '👩🏽‍💻x', 3],
  ['family of three', '👨‍👩‍👧x', 3],
  ['flag', '🇩🇪x', 3],
  ['two flags', '🇩🇪🇫🇷x', 5],
  ['text symbol', '❤x', 2],
  ['emoji presentation', '❤️x', 3],
  ['keycap', '1️⃣x', 3],
  ['box drawing', '┌─┐', 3],
  ['Nerd Font icon', '\ue0b0x', 2],
  ['Devanagari', 'नमस्ते', 4],
  ['Thai', 'ที่', 1],
])('%s takes as many columns as a terminal gives it', (_, text, columns) => {
  const screen = drawn(text);
  expect([screen.rowTexts()[0], screen.cursor.col]).toEqual([text, columns]);
});

test('a mark joins its letter across a change of colour', () => {
  const screen = drawn('e\x1b[31m\u0301x');
  expect([screen.rowTexts()[0], screen.cursor.col]).toEqual(['e\u0301x', 2]);
});

test('a letter followed by a million marks does not make a cell of a million characters', () => {
  const screen = drawn(`e${'\u0301'.repeat(1_000_000)}`);
  expect(screen.text().length).toBeLessThan(20 * 4 * 70);
});

test('logical lines join soft wraps and map back to cells', () => {
  const screen = drawn('abcdefgh漢xyz\r\nnext', 9, 5);
  const [first, second] = screen.logicalLines();
  expect([first?.text, first?.row, second?.text, second?.row]).toEqual(['abcdefgh漢xyz', 0, 'next', 2]);
  expect([0, 7, 8, 9, 12].map((index) => first?.at(index))).toEqual([
    { row: 0, col: 0 },
    { row: 0, col: 7 },
    { row: 1, col: 0 },
    { row: 1, col: 2 },
    { row: 1, col: 5 },
  ]);
  expect(screen.logicalLines().map((line) => line.text)).toEqual(['abcdefgh漢xyz', 'next', '', '']);
});

test.each([
  ['on a blank', 'ab', '(0, 2)', 'ab[_]'],
  ['behind a gap', 'ab\x1b[1;6H', '(0, 5)', 'ab   [_]'],
  ['on a character', 'abc\x1b[1;2H', '(0, 1)', 'a[b]c'],
  ['on a space inside', 'a c\x1b[1;2H', '(0, 1)', 'a[_]c'],
  ['on a wide character', '漢字x\x1b[1;3H', '(0, 2)', '漢[字]x'],
  ['on its second half', '漢字x\x1b[1;4H', '(0, 3)', '漢[字]x'],
  ['behind wide characters', '漢字x\x1b[1;5H', '(0, 4)', '漢字[x]'],
  ['on a letter with a mark', 'e\u0301x\x1b[1;1H', '(0, 0)', '[e\u0301]x'],
  ['past the last column', 'x'.repeat(20), '(0, 19)', `${'x'.repeat(19)}[x]`],
])('marked text shows the cursor %s', (_, text, position, row) => {
  expect(markedText(drawn(text))).toBe(`--- Terminal 20x4 | Cursor: ${position} ---\n${row}`);
});

test('marked text shows no cursor that is hidden', () => {
  expect(markedText(drawn('ab\x1b[?25l'))).toBe('--- Terminal 20x4 | Cursor: (0, 2) hidden ---\nab');
});

test('the hash is an integer that jq and JavaScript keep', () => {
  for (let i = 0; i < 200; i++) {
    const hash = drawn(`line ${i}`).hash();
    expect(Number.isSafeInteger(hash) && hash >= 0).toBe(true);
  }
});

test('the hash tells every visible difference', () => {
  const screens = [
    'text',
    'texts',
    'text\x1b[D',
    'text\x1b[?25l',
    '\x1b[7mtext\x1b[m',
    '\x1b[1mtext\x1b[m',
    '\x1b[3mtext\x1b[m',
    '\x1b[4mtext\x1b[m',
    '\x1b[4:3mtext\x1b[m',
    '\x1b[31mtext\x1b[m',
    '\x1b[38;5;1mtext\x1b[m',
    '\x1b[38;2;1;2;3mtext\x1b[m',
    '\x1b[41mtext\x1b[m',
    'tex\x1b[7mt\x1b[m',
    'text\x1b[42m \x1b[m\x1b[D',
    'text\x1b[2;1H\x1b[7m      \x1b[m\x1b[1;5H',
    'text\x1b[3;1H\x1b[7m      \x1b[m\x1b[1;5H',
    'te\u0301xt',
    'te\u0300xt',
    'ext\x1b[C',
  ].map((text) => drawn(text).hash());
  expect(new Set([...screens, drawn('text', 21).hash(), drawn('text', 20, 5).hash()]).size).toBe(
    screens.length + 2,
  );
});

test('screens that look the same hash the same, however they came about', () => {
  const expected = drawn('one\r\ntwo').hash();
  const ways = [
    'one    \r\ntwo',
    '\x1b[31m\x1b[2J\x1b[39m\x1b[Hone\r\ntwo',
    'xxxxx\r\x1b[Kone\r\ntwo',
    '\x1b[?1049hone\r\ntwo\x1b[?1049l\x1b[H\x1b[2Jone\r\ntwo',
    'one\x1b[31m \x1b[m\r\ntwo',
    'a\r\n'.repeat(20).concat('\x1b[2J\x1b[Hone\r\ntwo'),
  ];
  expect(ways.map((text) => drawn(text).hash())).toEqual(ways.map(() => expected));
});

test('many small changes give as many hashes', () => {
  const screen = drawn('', 80, 24);
  const seen = new Set<number>();
  for (let row = 1; row <= 24; row++) {
    for (let col = 1; col <= 80; col++) {
      screen.write(bytes(`\x1b[${row};${col}H\x1b[7m \x1b[m\x1b[1;1H`));
      seen.add(screen.hash());
    }
  }
  expect(seen.size).toBe(24 * 80);
});

test('title, directory, bell, cursor shape and alternate screen are kept', () => {
  const screen = drawn(
    '\x1b]0;one\x07\x1b[22t\x1b]2;two\x07\x1b[23t\x07\x07\x1b]7;file://box/srv/%C3%A9\x1b\\\x1b[6 q\x1b[?1049h',
  );
  expect(look(screen)).toMatchObject({
    title: 'one',
    cwd: '/srv/é',
    bells: 2,
    alternate: true,
    cursor: { shape: 'bar' },
  });
  screen.write(bytes('\x1b]7;not a path\x07\x1b]7;/100%\x07\x1b[?1049l\x1b[!p'));
  expect(look(screen)).toMatchObject({ cwd: '/100%', alternate: false, cursor: { shape: 'block' } });
});

test('scrollback holds what left the screen, oldest first', () => {
  const screen = drawn('1\r\n2\r\n3\r\n4\r\n5\r\n6\r\n7');
  expect(screen.scrollbackTexts(100)).toEqual(['1', '2', '3']);
  expect(screen.scrollbackTexts(2)).toEqual(['2', '3']);
  expect(screen.scrollbackTexts(0)).toEqual([]);
});

test('a storm of sizes from 1x1 up, through wide characters, leaves a screen of the size asked for', () => {
  const random = randomNumbers(1);
  const screen = new Screen({ cols: 80, rows: 24, scrollback: 200 });
  for (let i = 0; i < 1500; i++) {
    const cols = random() < 0.3 ? 1 + Math.floor(random() * 3) : 1 + Math.floor(random() * 120);
    const rows = random() < 0.3 ? 1 : 1 + Math.floor(random() * 40);
    screen.resize(cols, rows);
    const row = 1 + Math.floor(random() * rows);
    screen.write(
      bytes(
        `\x1b[${row};1H漢字👨‍👩‍👧e\u0301 wrapping wide 漢字漢字漢字\r\n${random() < 0.1 ? '\x1b[?1049h' : ''}`,
      ),
    );
    if (random() < 0.1) screen.write(bytes('\x1b[?1049l\x1b[2;5r'));
    const { row: cursorRow, col } = screen.cursor;
    expect([screen.size, screen.rowTexts().length]).toEqual([{ cols, rows }, rows]);
    expect(cursorRow < rows && cursorRow >= 0 && col < cols && col >= 0).toBe(true);
    screen.hash();
    markedText(screen);
    screen.logicalLines();
  }
  screen.resize(20, 4);
  screen.write(bytes('\x1bcstill alive'));
  expect(screen.text()).toBe('still alive');
});

test('random bytes and sequences never throw and never wedge', () => {
  const random = randomNumbers(2);
  const finals = '@ABCDEFGHIJKLMPSTXZ`abcdefghlmnpqrstux';
  const pick = (choices: string) => choices[Math.floor(random() * choices.length)] ?? '';
  const screen = new Screen({ cols: 80, rows: 24, scrollback: 50 });
  for (let i = 0; i < 6000; i++) {
    const kind = random();
    if (kind < 0.3) {
      screen.write(Uint8Array.from({ length: 20 }, () => Math.floor(random() * 256)));
    } else if (kind < 0.9) {
      const parameters = Array.from({ length: Math.floor(random() * 4) }, () =>
        random() < 0.1 ? 2147483647 : Math.floor(random() * 1100),
      ).join(pick(';;:'));
      screen.write(
        bytes(
          `\x1b[${pick('   ?>=<').trim()}${parameters}${pick('    !$\'" ').trim()}${pick(finals)}漢e\u0301`,
        ),
      );
    } else if (kind < 0.95) {
      screen.write(
        bytes(`\x1b${pick('P]_^X')}${pick('0478')}${pick(';+$q')}${pick('?mq')}${pick('\x07\x1b\x18')}\\`),
      );
    } else {
      screen.resize(1 + Math.floor(random() * 100), 1 + Math.floor(random() * 50));
    }
    if (i % 50 === 0) look(screen);
  }
  screen.write(bytes('\x1b\\\x1bc'));
  screen.resize(20, 4);
  screen.write(bytes('still alive'));
  expect(screen.text()).toBe('still alive');
});

test.each([
  '@',
  'L',
  'M',
  'P',
  'S',
  'T',
  'X',
  'I',
  'Z',
  'b',
  ' @',
  ' A',
  "'}",
  "'~",
  'A',
  'B',
  'C',
  'D',
  'G',
  'd',
])('a count of two thousand million for CSI %s costs no more than a screen', (final) => {
  const screen = drawn(`x\x1b[2147483647${final}`, 80, 24);
  screen.write(bytes('\x1b[2J\x1b[Hdone'));
  expect(screen.text()).toBe('done');
});

test('REP repeats as often as asked for', () => {
  expect(drawn('x\x1b[24b').rowTexts()).toEqual(['x'.repeat(20), 'x'.repeat(5), '', '']);
});

test('a disposed screen ignores what still arrives', () => {
  const screen = drawn('last');
  screen.dispose();
  screen.dispose();
  screen.write(bytes('more'));
  screen.resize(5, 5);
  expect(screen.rowTexts()[0]).toBe('last');
});

test('nothing happens later: rows that get narrower leave no timer behind', () => {
  const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
  const screen = drawn('漢字 '.repeat(2000), 200, 50);
  const before = timers();
  for (const cols of [10, 150, 3, 80]) screen.resize(cols, 50);
  expect(timers()).toBe(before);
});

test('the blank of the DEC special graphics is one', () => {
  expect(drawn('\x1b(0[_]q_q\x1b(B_').rowTexts()[0]).toBe('[ ]─ ─_');
});
