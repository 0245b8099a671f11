import v8 from 'node:v8';
import vm from 'node:vm';
import xterm from '@xterm/headless';
import { expect, test } from 'vitest';
import { type Core, protect } from '../../packages/terminal/src/drawing.ts';
import { type Fault, Screen } from '../../packages/terminal/src/index.ts';
import { randomNumbers } from './random-stream.ts';

v8.setFlagsFromString('--expose-gc');
const collectGarbage = vm.runInNewContext('gc') as () => void;

const size = { cols: 80, rows: 24, scrollback: 100 };

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** All that begins a string, and what is inside of it again and again. */
const STRINGS: readonly (readonly [string, string])[] = [
  ...[0, 1, 2, 7, 8, 9, 22, 50, 52, 99, 133, 633, 777, 1337, 4711].flatMap((code) => [
    [`\x1b]${code};`, 'x'] as const,
    [`\x1b]${code};`, ';A=1;'] as const,
  ]),
  ['\x1b]4;', '1;?;'],
  ['\x1b]4;', '1;rgb:1/2/3;'],
  ['\x1b]104;', '1;'],
  ...[10, 11, 12, 17, 19, 110].map((code) => [`\x1b]${code};`, '?;'] as const),
  ['\x1b]8;;', 'http://a/'],
  ['\x1b]8;id=1:', 'a=b:'],
  ['\x1b]9;4;', '1;'],
  ['\x1b]7;file://h/', '%41/'],
  ['\x1b]7777777777', '7'],
  ['\x1bP+q', '544e;'],
  ['\x1bP$q', 'm'],
  ['\x1bPq', '#0!10~-'],
  ['\x1bP1;2|', '17/17;'],
  ['\x1bP', '1;'],
  ['\x1b_Ga=T,f=24;', 'AAAA'],
  ['\x1b_', 'x'],
  ['\x1b^', 'x'],
  ['\x1bX', 'x'],
  ['\x1b[', '1;'],
  ['\x1b[', '1:'],
  ['\x1b[38:2', ':1'],
  ['\x1b[', '9'],
  ['\x1b', ' '],
];

test('no string of a program takes more than time in proportion to its length', () => {
  /** The least of several rounds: others, and the collector, take of some of them. It is looked for no longer once it is below `enough`. */
  const took = (begin: string, unit: string, count: number, enough = 0) => {
    const stream = bytes(`${begin}${unit.repeat(count)}\x07\x1b\\`);
    let least = Number.POSITIVE_INFINITY;
    for (let round = 0; round < (enough > 0 ? 8 : 2) && least >= enough; round++) {
      const screen = new Screen(size);
      const before = process.cpuUsage();
      screen.write(stream);
      const { user, system } = process.cpuUsage(before);
      least = Math.min(least, user + system);
      screen.takeReplies();
      screen.dispose();
    }
    return least;
  };
  for (const [begin, unit] of STRINGS) {
    const count = Math.ceil(80_000 / unit.length);
    const small = took(begin, unit, count);
    // What grows with the square of the length takes sixteen times as much; the floor is for what takes next to nothing.
    const most = 8 * Math.max(small, 5_000);
    expect(took(begin, unit, 4 * count, most), JSON.stringify([begin, unit])).toBeLessThan(most);
  }
});

test.each(STRINGS.filter(([begin], index) => STRINGS[index - 1]?.[0] !== begin))(
  'what %j begins is not collected without end',
  (begin, unit) => {
    const screen = new Screen(size);
    screen.write(bytes(begin));
    const piece = bytes(unit.repeat(Math.ceil(65_536 / unit.length)));
    screen.write(piece);
    collectGarbage();
    const before = process.memoryUsage();
    for (let count = 0; count < 96; count++) screen.write(piece);
    collectGarbage();
    const after = process.memoryUsage();
    const grown = after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers;
    expect(grown).toBeLessThan(3 * 1024 * 1024);
    screen.write(bytes('\x07\x1b\\\x18\x1b[m after'));
    expect(screen.rowTexts().join('')).toMatch(/after$/);
  },
);

test('a string too long has no effect, and the next has its own', () => {
  const screen = new Screen(size);
  screen.write(bytes(`\x1b]4;${'1;?;'.repeat(3000)}\x07\x1bP+q${'544e;'.repeat(3000)}\x1b\\`));
  expect(screen.takeReplies()).toBeUndefined();
  screen.write(bytes(`\x1b]7;file://h/${'x'.repeat(10_000)}\x07\x1b]8;;http://${'a'.repeat(9000)}\x07link`));
  expect({ cwd: screen.cwd, link: screen.linkAt(0, 0) }).toEqual({ cwd: undefined, link: undefined });
  screen.write(bytes('\x1b]4;1;?\x07\x1b]7;file://h/tmp\x07'));
  expect(new TextDecoder().decode(screen.takeReplies())).toBe('\x1b]4;1;rgb:cdcd/0000/0000\x07');
  expect(screen.cwd).toBe('/tmp');
});

const SIZES = [
  [80, 24],
  [2, 1],
  [1, 1],
  [3, 2],
  [10, 5],
  [200, 3],
  [5, 50],
] as const;
const FINALS = [...'@ABCDEFGHIJKLMPSTXZ`abcdefghilmnpqrstuwx{|}~'];
const ESCAPES = [...'78DEMHNOZc=>no|}~', '#8', '#3', '(0', '(B', ')A', ' F', '%G'];
const TEXTS = [
  'a',
  'hello',
  '漢字',
  'e\u0301',
  '\u0301',
  '👩🏽‍💻',
  'x'.repeat(90),
  '\n',
  '\r\n',
  '\t',
  '\b',
  '\x0e',
  '\x0f',
];

/** Draws random sequences one by one on screens of all sizes. @returns what failed */
function drawRandom(seed: number, screens: number, sequences: number): string[] {
  const random = randomNumbers(seed);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const number = () => pick(['', '', '0', '1', '2', '3', '5', '24', '80', '9999']);
  const faults: string[] = [];
  for (let count = 0; count < screens; count++) {
    let sequence = '';
    const [cols, rows] = pick(SIZES);
    const onFault = ({ error }: Fault) =>
      faults.push(`${JSON.stringify(sequence)} at ${cols}x${rows}: ${error}`);
    const screen = new Screen({ cols, rows, scrollback: pick([0, 0, 3, 100]), onFault });
    for (let drawn = 0; drawn < sequences; drawn++) {
      const kind = random();
      if (kind < 0.02) {
        sequence = 'resize';
        const [nextCols, nextRows] = pick(SIZES);
        screen.resize(nextCols, nextRows);
        continue;
      }
      if (kind < 0.15) sequence = pick(TEXTS);
      else if (kind < 0.3) sequence = `\x1b${pick(ESCAPES)}`;
      else if (kind < 0.4)
        sequence = `\x1b[?${pick([1, 3, 6, 7, 25, 45, 47, 66, 69, 1047, 1049, 2026])}${pick(['h', 'l'])}`;
      else if (kind < 0.5) sequence = `\x1b[${number()};${number()}${pick(['r', 'H', 'f'])}`;
      else
        sequence = `\x1b[${pick(['', '', '', '?', '>', '='])}${number()}${random() < 0.3 ? `;${number()}` : ''}${pick(['', '', '', ' ', "'", '!', '"', '$'])}${pick(FINALS)}`;
      screen.write(bytes(sequence));
    }
    screen.dispose();
  }
  return faults;
}

test('150 000 random sequences are drawn on screens of all sizes, and none fails', () => {
  expect(drawRandom(20, 500, 300)).toEqual([]);
});

test('erasing up to the last cell of a screen that has not scrolled loses nothing', () => {
  const faults: Fault[] = [];
  const screen = new Screen({ ...size, onFault: (fault) => faults.push(fault) });
  screen.write(bytes('\x1b[5;1Hbefore\x1b[24;80H\x1b[1Jthe end\x1b[Hand all that is printed with it'));
  expect(faults).toEqual([]);
  expect(screen.rowTexts()[0]).toBe('and all that is printed with it');
  expect(screen.rowTexts()[4]).toBe('');
});

test('where a sequence fails all the same, only that is lost', () => {
  const faults: Fault[] = [];
  const screen = new Screen({ ...size, onFault: (fault) => faults.push(fault) });
  const parser = screen.inside.core._inputHandler._parser;
  const fail = () => {
    throw new Error('a fault');
  };
  parser.registerCsiHandler({ final: 'y' }, fail);
  parser.registerEscHandler({ intermediates: '%', final: 'y' }, fail);
  parser.registerOscHandler(4242, { start: fail, put: fail, end: fail });
  screen.write(bytes('one\x1b[5y two\x1b%y three\x1b]4242;text\x07 four\x1b[1;31m five'));
  expect(screen.text()).toBe('one two three four five');
  expect(faults.map(({ sequence }) => sequence)).toEqual(['CSI y', 'ESC %y', 'OSC']);
});

test('the terminal of a browser goes on drawing behind what would stop it', async () => {
  const terminal = new xterm.Terminal({ cols: 80, rows: 24, allowProposedApi: true });
  protect((terminal as unknown as { _core: Core })._core, () => {});
  await new Promise<void>((resolve) => terminal.write('\x1b[24;80H\x1b[1J', resolve));
  await new Promise<void>((resolve) => terminal.write('\x1b[Hstill here', resolve));
  terminal.resize(40, 10);
  await new Promise<void>((resolve) =>
    terminal.write(`\x1b[2;1H\x1b]4;${'1;?;'.repeat(100_000)}\x07and here`, resolve),
  );
  const row = (y: number) => terminal.buffer.active.getLine(y)?.translateToString(true);
  expect([row(0), row(1)]).toEqual(['still here', 'and here']);
});
