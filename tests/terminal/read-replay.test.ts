import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { replayBytes, Screen } from '../../packages/terminal/src/index.ts';
import { randomNumbers, randomStream } from './random-stream.ts';

const size = { cols: 80, rows: 24, scrollback: 1000 };

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function replayed(screen: Screen, options = size): Screen {
  const copy = new Screen(options);
  copy.write(replayBytes(screen));
  return copy;
}

/** Everything a viewer can see or a program can rely on. */
function look(screen: Screen) {
  return {
    hash: screen.hash(),
    rows: screen.rowTexts(),
    // A row whose last cell was erased under the cursor that waits behind it gets a blank there.
    logicalLines: screen.logicalLines().map((line) => line.text.replace(/ +/g, ' ')),
    scrollback: screen.scrollbackTexts(1000),
    modes: screen.modes,
    cursor: screen.cursor,
    title: screen.title,
    cwd: screen.cwd,
    progress: screen.progress,
    alternate: screen.alternateScreen,
  };
}

test.each(['vim', 'htop', 'mc', 'less', 'dialog'])('%s can be replayed at any moment', (program) => {
  const stream = readFileSync(new URL(`fixtures/${program}.bytes`, import.meta.url));
  const whole = new Screen(size);
  whole.write(stream);
  const expected = look(whole);
  const original = new Screen(size);
  let written = 0;
  for (let at = 1; at <= stream.length; at += 37) {
    original.write(stream.subarray(written, at));
    written = at;
    const late = replayed(original);
    expect(look(late), `at byte ${at}`).toEqual(look(original));
    late.write(stream.subarray(at));
    expect(look(late), `the rest after byte ${at}`).toEqual(expected);
  }
});

test('a random stream, replayed, looks the same and goes on the same', () => {
  for (let seed = 1; seed <= 600; seed++) {
    const random = randomNumbers(seed);
    const options = {
      cols: [20, 9, 12, 40][seed % 4] as number,
      rows: [5, 3, 2, 8][(seed >> 2) % 4] as number,
      scrollback: 1000,
    };
    const stream = randomStream(random, 3 + Math.floor(random() * 60));
    const rest = randomStream(random, 20);
    const original = new Screen(options);
    original.write(bytes(stream));
    const late = replayed(original, options);
    const context = `seed ${seed}: ${JSON.stringify(stream)}`;
    expect(look(late), context).toEqual(look(original));
    original.write(bytes(rest));
    late.write(bytes(rest));
    expect(look(late), `${context} then ${JSON.stringify(rest)}`).toEqual(look(original));
  }
});

test('a viewer who joins between any two bytes sees what the others see', () => {
  const stream = bytes(
    'é漢字👨‍👩‍👧 e\u0301\r\n\x1b[1;31mred\x1b[0m\x1b]2;títle\x1b\\\x1b]7;file://host/tmp/a%20b\x07' +
      '\x1b[38;2;1\r;2;3mx\x1b[?1049h\x1b[2;5Halt\x1b[>5u\x1b[?1003;1006h\x1b]8;;https://a.example/\x07link\x1b]8;;\x07' +
      '\x1b[6 q\x1b[?7l0123456789012345678901\x1b[3;3H🇩🇪❤️\x1b(0lqk\x1b[2;3r\x1b[?6h\x1b[2;2Hz\x1b[4h\u0301y',
  );
  const options = { cols: 20, rows: 4, scrollback: 10 };
  const whole = new Screen(options);
  whole.write(stream);
  for (let at = 0; at <= stream.length; at++) {
    const original = new Screen(options);
    original.write(stream.subarray(0, at));
    const late = replayed(original, options);
    late.write(stream.subarray(at));
    expect(look(late), `joined at byte ${at}`).toEqual(look(whole));
  }
});

test('the beginning of a string too long to keep is enough to swallow its rest', () => {
  const original = new Screen(size);
  original.write(bytes(`before\x1b]52;c;${'A'.repeat(100_000)}`));
  const late = replayed(original);
  late.write(bytes(`${'A'.repeat(1000)}\x07after`));
  expect(late.text()).toBe('beforeafter');
  expect(replayBytes(original).length).toBeLessThan(10_000);
});

test('the main screen is there when the program leaves the alternate one', () => {
  const original = new Screen({ cols: 20, rows: 4, scrollback: 10 });
  original.write(bytes('1\r\n2\r\n3\r\n4\r\n5\x1b[1;3H\x1b[31m\x1b[?1049h\x1b[2Jeditor'));
  const late = replayed(original, { cols: 20, rows: 4, scrollback: 10 });
  const leave = bytes('\x1b[?1049lx');
  original.write(leave);
  late.write(leave);
  expect(late.rowTexts()).toEqual(['2 x', '3', '4', '5']);
  expect(look(late)).toEqual(look(original));
});

test('only as much scrollback is replayed as is asked for', () => {
  const original = new Screen({ cols: 20, rows: 2, scrollback: 100 });
  original.write(bytes('1\r\n2\r\n3\r\n4\r\n5'));
  const late = new Screen({ cols: 20, rows: 2, scrollback: 100 });
  late.write(replayBytes(original, { scrollback: 1 }));
  expect([late.scrollbackTexts(10), late.rowTexts()]).toEqual([['3'], ['4', '5']]);
});

test('rows that were one line are folded as one again when the viewer is resized', () => {
  const original = new Screen({ cols: 10, rows: 4, scrollback: 10 });
  original.write(bytes('abcdefghi漢xyz\r\n0123456789ABC\r\n'));
  const late = replayed(original, { cols: 10, rows: 4, scrollback: 10 });
  original.resize(20, 4);
  late.resize(20, 4);
  expect(late.rowTexts()).toEqual(['abcdefghi漢xyz', '0123456789ABC', '', '']);
  expect(late.hash()).toBe(original.hash());
});

test('tab stops, character sets, margins and the saved cursor outlive the replay', () => {
  const setUp = '\x1b[3g\x1b[1;6H\x1bH\x1b[3;5H\x1b[35m\x1b7\x1b[m\x1b[2;3r\x1b[1;1H\x1b)0\x0e';
  const original = new Screen({ cols: 20, rows: 4, scrollback: 10 });
  original.write(bytes(setUp));
  const late = replayed(original, { cols: 20, rows: 4, scrollback: 10 });
  const rest = bytes('q\tq\r\n\n\n\x1b8\x1b[1mx');
  original.write(rest);
  late.write(rest);
  expect(late.rowTexts()).toEqual(['─    ─', '', '    x', '']);
  expect(look(late)).toEqual(look(original));
});

test('a replay asks the viewer nothing', () => {
  const original = new Screen(size);
  original.write(bytes(randomStream(randomNumbers(7), 200)));
  expect(replayed(original).takeReplies()).toBeUndefined();
});

test('a viewer who joins while a wrap is pending before line drawing sees the last character as it is', () => {
  const options = { cols: 5, rows: 3, scrollback: 10 };
  for (const stream of ['abcdc\x1b(0', 'abc\x1b(0', 'abcd\x1b(0q', 'abcd\x0e\x1b)0']) {
    const original = new Screen(options);
    original.write(bytes(stream));
    const late = replayed(original, options);
    expect(look(late), stream).toEqual(look(original));
    original.write(bytes('qx'));
    late.write(bytes('qx'));
    expect(look(late), stream).toEqual(look(original));
  }
});
