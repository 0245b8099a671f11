import { expect, test } from 'vitest';
import { Screen, type Signal } from '../../packages/terminal/src/index.ts';

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function drawn(text: string, cols = 20, rows = 4): Screen {
  const screen = new Screen({ cols, rows, scrollback: 100 });
  screen.write(bytes(text));
  return screen;
}

const mark = (signal: object) => ({
  type: 'mark',
  line: 0,
  col: 0,
  start: expect.any(Number),
  end: expect.any(Number),
  exitCode: undefined,
  commandLine: undefined,
  hasText: false,
  ...signal,
});
const progress = (state: string, percent?: number) => ({ type: 'progress', progress: { state, percent } });

test.each<[string, string, object[]]>([
  ['a title', '\x1b]2;vim\x07', [{ type: 'title', title: 'vim' }]],
  ['a title that is also the icon’s', '\x1b]0;vim\x1b\\', [{ type: 'title', title: 'vim' }]],
  ['an icon’s name, which nobody sees', '\x1b]1;vim\x07', []],
  ['a directory', '\x1b]7;file://box/srv/%C3%A9\x07', [{ type: 'cwd', cwd: '/srv/é' }]],
  ['a directory, iTerm2', '\x1b]1337;CurrentDir=/srv\x07', [{ type: 'cwd', cwd: '/srv' }]],
  ['a directory, ConEmu', '\x1b]9;9;"/srv"\x07', [{ type: 'cwd', cwd: '/srv' }]],
  ['a directory, VS Code', '\x1b]633;P;Cwd=/srv\\x3bx\x07', [{ type: 'cwd', cwd: '/srv;x' }]],
  ['what is no directory', '\x1b]7;nowhere\x07\x1b]1337;File=:AAAA\x07', []],
  ['three bells at once', '\x07\x07\x07', [{ type: 'bell', count: 3 }]],
  [
    'a notification',
    '\x1b]9;done; really\x07',
    [{ type: 'notification', title: undefined, body: 'done; really' }],
  ],
  [
    'a notification with a title',
    '\x1b]777;notify;make;all; of it\x1b\\',
    [{ type: 'notification', title: 'make', body: 'all; of it' }],
  ],
  [
    'a notification, kitty',
    '\x1b]99;;Hello\x1b\\',
    [{ type: 'notification', title: undefined, body: 'Hello' }],
  ],
  [
    'a notification, kitty, in pieces, one of them as base64',
    '\x1b]99;i=7:d=0;Ag\x1b\\\x1b]99;i=7:d=0:p=title;ent\x1b\\\x1b]99;i=7:p=body:e=1;ZG9uZQ==\x1b\\',
    [{ type: 'notification', title: 'Agent', body: 'done' }],
  ],
  ['what is no text of a notification, kitty', '\x1b]99;i=7:p=close;\x1b\\\x1b]99;i=8:p=?;\x1b\\', []],
  ['an unknown command of OSC 777 or of ConEmu', '\x1b]777;preexec\x07\x1b]9;2;box\x07', []],
  ['progress', '\x1b]9;4;1;42\x07', [progress('running', 42)]],
  ['progress without a number', '\x1b]9;4;1\x07', [progress('running', 0)]],
  ['progress beyond the end', '\x1b]9;4;1;999\x07', [progress('running', 100)]],
  ['failed progress', '\x1b]9;4;2;50\x07\x1b]9;4;2\x07', [progress('error', 50), progress('error')]],
  ['progress towards nobody knows what', '\x1b]9;4;3;7\x07', [progress('indeterminate')]],
  ['paused progress', '\x1b]9;4;4;50\x07', [progress('paused', 50)]],
  ['the end of progress', '\x1b]9;4;0;\x07', [{ type: 'progress', progress: undefined }]],
  ['no progress at all', '\x1b]9;4;9;1\x07\x1b]9;4;;\x07', []],
  ['a prompt', '\x1b]133;A\x07', [mark({ mark: 'prompt' })]],
  ['a prompt with options', '\x1b]133;A;click_events=1\x07', [mark({ mark: 'prompt' })]],
  ['a command line', '$ \x1b]133;B\x07', [mark({ mark: 'command', col: 2 })]],
  ['output', 'ls\r\n\x1b]133;C\x07', [mark({ mark: 'output', line: 1 })]],
  [
    'output of a command that the shell names',
    '\x1b]133;C;cmdline_url=echo%20a%3Bb\x07',
    [mark({ mark: 'output', commandLine: 'echo a;b' })],
  ],
  ['the end of a command', '\x1b]133;D;130\x07', [mark({ mark: 'finished', exitCode: 130 })]],
  ['the end of a command, with options', '\x1b]133;D;1;aid=7\x07', [mark({ mark: 'finished', exitCode: 1 })]],
  ['an end without a command', '\x1b]133;D\x07', [mark({ mark: 'finished' })]],
  ['an unknown mark', '\x1b]133;Z\x07\x1b]133;constructor\x07\x1b]133\x07', []],
  [
    'a command as VS Code’s integration tells it',
    '\x1b]633;A\x07$ \x1b]633;B\x07\x1b]633;E;echo \\x3b\\\\;nonce\x07\x1b]633;C\x07\x1b]633;D;0\x07\x1b]633;C\x07',
    [
      mark({ mark: 'prompt' }),
      mark({ mark: 'command', col: 2 }),
      mark({ mark: 'output', col: 2, commandLine: 'echo ;\\' }),
      mark({ mark: 'finished', col: 2, exitCode: 0 }),
      mark({ mark: 'output', col: 2 }),
    ],
  ],
  ['an unfinished announcement', '\x1b]2;half\x18\x1b]9;half', []],
])('%s is told', (_, text, signals) => {
  expect(drawn(text).takeSignals()).toEqual(signals);
});

test('signals come in the order of the bytes, once', () => {
  const screen = drawn('\x07\x1b]2;a\x07\x07\x1b]9;4;3\x07\x1b]7;/tmp\x07\x07');
  const types = screen.takeSignals().map(({ type }) => type);
  expect(types).toEqual(['bell', 'title', 'bell', 'progress', 'cwd', 'bell']);
  expect(screen.takeSignals()).toEqual([]);
});

test('the latest state can be asked for, however it came about', () => {
  const screen = drawn('\x1b]2;a\x07\x1b]9;4;1;10\x07\x1b]9;4;1;20\x07\x1b]7;/a\x07\x1b]7;/b\x07\x07');
  expect([screen.title, screen.progress, screen.cwd, screen.bellCount]).toEqual([
    'a',
    { state: 'running', percent: 20 },
    '/b',
    1,
  ]);
  screen.write(bytes('\x1b]9;4;0\x07'));
  expect(screen.progress).toBeUndefined();
});

test('titles are pushed and popped, ten deep', () => {
  const pushes = Array.from({ length: 12 }, (_, i) => `\x1b]2;${i}\x07\x1b[22;0t`).join('');
  const screen = drawn(`${pushes}\x1b]2;last\x07\x1b[22;1t`);
  const titles = Array.from({ length: 12 }, () => {
    screen.write(bytes('\x1b[23;2t'));
    return screen.title;
  });
  expect(titles).toEqual(['11', '10', '9', '8', '7', '6', '5', '4', '3', '2', '2', '2']);
});

test('a title is cut at 4096 characters', () => {
  expect(drawn(`\x1b]2;${'x'.repeat(100_000)}\x07`).title).toBe('x'.repeat(4096));
});

test('signals that nobody takes do not fill memory, and the last ones are kept', () => {
  const signals = drawn(`${'\x1b]2;a\x07\x07'.repeat(100_000)}\x1b]2;last\x07`).takeSignals();
  expect(signals.length).toBeLessThan(3000);
  expect(signals.at(-1)).toEqual({ type: 'title', title: 'last' });
});

test('a mark names its line, however far it has scrolled since', () => {
  const screen = drawn('');
  const prompts: number[] = [];
  for (let i = 0; i < 200; i++) {
    screen.write(bytes('\x1b]133;A\x07$ cmd\r\none\r\ntwo\r\n'));
    for (const signal of screen.takeSignals() as Extract<Signal, { type: 'mark' }>[])
      prompts.push(signal.line);
  }
  expect(prompts).toEqual(Array.from({ length: 200 }, (_, i) => i * 3));
  // The screen has four rows, the cursor stands on the last.
  expect(screen.topLine).toBe(597);
  screen.write(bytes('\x1b[3J'));
  expect(screen.topLine).toBe(597);
  screen.write(bytes('\x1bc\x1b]133;A\x07'));
  expect(screen.takeSignals()).toMatchObject([{ line: 597 }]);
});

test('the clipboard is not written, whatever the size, and attempts are counted', () => {
  const screen = drawn(`\x1b]52;c;aGk=\x07\x1b]52;p;${'QUFB'.repeat(50_000)}\x1b\\\x1b]52;c;?\x07`);
  expect([screen.clipboardWriteCount, screen.takeReplies(), screen.takeSignals()]).toEqual([
    2,
    undefined,
    [],
  ]);
});

test('a cell knows the address behind it', () => {
  const screen = drawn(
    'a\x1b]8;id=1;https://x.test/?a;b\x1b\\漢\x1b[1mz\x1b[0m\x1b]8;;\x1b\\b\r\n\x1b]8;;file:///c\x07c\x1b]8;;\x07',
  );
  const links = [0, 1].map((row) => [0, 1, 3, 4].map((col) => screen.linkAt(row, col)));
  const address = 'https://x.test/?a;b';
  expect(links).toEqual([
    [undefined, address, address, undefined],
    ['file:///c', undefined, undefined, undefined],
  ]);
  expect(screen.linkAt(99, 99)).toBeUndefined();
  screen.write(bytes('\x1b[H\x1b[2Kxxxxxx'));
  expect(screen.linkAt(0, 1)).toBeUndefined();
});

test('a link leaves underlines as they are', () => {
  const styles = (before: string) => {
    const screen = drawn(`${before}\x1b]8;;http://x\x07\x1bP$qm\x1b\\`);
    return new TextDecoder().decode(screen.takeReplies());
  };
  expect(styles('')).toBe('\x1bP1$r0m\x1b\\');
  expect(styles('\x1b[4m')).toBe('\x1bP1$r0;4m\x1b\\');
  expect(styles('\x1b[4:3m')).toBe('\x1bP1$r0;4:3m\x1b\\');
});

test('links without end are evicted, oldest first, and cost later lines nothing', () => {
  const screen = new Screen({ cols: 20, rows: 4, scrollback: 10_000 });
  const address = (i: number) => `http://x/${i}/${'y'.repeat(2000)}`;
  for (let i = 0; i < 5000; i++) screen.write(bytes(`\x1b]8;;${address(i)}\x07x\x1b]8;;\x07\r\n`));
  expect([screen.linkAt(2, 0), screen.linkAt(-4900, 0)]).toEqual([address(4999), undefined]);
});

test.each<[string, string]>([
  ['BEL', '\x07'],
  ['ST', '\x1b\\'],
  ['C1 ST', '\u009c'],
])(
  'a mark that %s ends tells the bytes it stands on, wherever they are split, among what is no UTF-8',
  (_, end) => {
    const before = [0xe2, 0x82, 0x41, 0xff, 0xc3, 0xa9, 0x0d, 0x0a, 0xf0, 0x9f, 0x98, 0x80];
    const first = bytes(`\x1b]133;C;cmdline_url=é${end}`);
    const second = bytes(`\x1b]633;D;3${end}`);
    const stream = Uint8Array.from([...before, ...first, ...before, ...second, ...before]);
    const places = [
      [before.length, before.length + first.length],
      [2 * before.length + first.length, 2 * before.length + first.length + second.length],
    ];
    for (let split = 0; split <= stream.length; split++) {
      const screen = new Screen({ cols: 20, rows: 4, scrollback: 0 });
      screen.write(stream.subarray(0, split));
      screen.write(stream.subarray(split));
      const marks = screen.takeSignals() as Extract<Signal, { type: 'mark' }>[];
      expect(
        marks.map((found) => [found.start, found.end]),
        `split at ${split}`,
      ).toEqual(places);
    }
  },
);

test('a command line that the shell does not tell is what stands behind the prompt', () => {
  const prompt = '\x1b]133;A\x07two\r\nlines$ \x1b]133;B\x07';
  const screen = drawn(`${prompt}for i in a b c d e; do\r\n> echo 你好\r\n> done\r\n\x1b]133;C\x07`);
  expect(screen.takeSignals().at(-1)).toMatchObject({
    commandLine: 'for i in a b c d e; do\n> echo 你好\n> done',
  });
});
