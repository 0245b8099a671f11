import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { encodeKey, parseKeys } from '../../packages/terminal/src/index.ts';

/** A curses program on a terminal of its own: reads keys up to a NUL and prints what curses calls them. */
const PROGRAM = `
import curses, os, pty, sys
reading, writing = os.pipe()
pid, terminal = pty.fork()
if pid == 0:
    def read(screen):
        curses.raw()
        curses.nonl()
        screen.keypad(True)
        screen.refresh()
        os.write(writing, b"ready\\n")
        while (key := screen.getch()) != 0:
            os.write(writing, curses.keyname(key) + b"\\n")
    curses.wrapper(read)
    os._exit(0)
os.close(writing)
names = os.fdopen(reading, "rb")
names.readline()
os.write(terminal, bytes.fromhex(sys.argv[1]) + b"\\0")
sys.stdout.buffer.write(names.read())
`;

const hasCurses = spawnSync('python3', ['-c', 'import curses, pty']).status === 0;
if (!hasCurses) console.warn('python3 with curses is missing: no program reads the keys');

test.skipIf(!hasCurses)('a curses program reads the keys by their names', () => {
  const expected = {
    Up: 'KEY_UP',
    Down: 'KEY_DOWN',
    Left: 'KEY_LEFT',
    Right: 'KEY_RIGHT',
    Home: 'KEY_HOME',
    End: 'KEY_END',
    Insert: 'KEY_IC',
    Delete: 'KEY_DC',
    PageUp: 'KEY_PPAGE',
    PageDown: 'KEY_NPAGE',
    BackTab: 'KEY_BTAB',
    Backspace: 'KEY_BACKSPACE',
    KPEnter: 'KEY_ENTER',
    F1: 'KEY_F(1)',
    F12: 'KEY_F(12)',
    F13: 'KEY_F(13)',
    F24: 'KEY_F(24)',
    'Shift+Left': 'KEY_SLEFT',
    'Ctrl+Left': 'kLFT5',
    'Ctrl+Shift+Up': 'kUP6',
    'Alt+Down': 'kDN3',
    'Ctrl+Delete': 'kDC5',
    'Ctrl+F5': 'KEY_F(29)',
    Enter: '^M',
    'Ctrl+C': '^C',
    a: 'a',
  };
  // Keypad mode is smkx: application cursor and keypad keys.
  const modes = {
    applicationCursor: true,
    applicationKeypad: true,
    kittyFlags: 0,
    modifyOtherKeys: 0,
  } as const;
  const bytes = Buffer.concat(parseKeys(Object.keys(expected).join(' ')).map((key) => encodeKey(key, modes)));
  const { stdout, stderr } = spawnSync('python3', ['-c', PROGRAM, bytes.toString('hex')], {
    encoding: 'utf8',
    env: { ...process.env, TERM: 'xterm-256color' },
    timeout: 30_000,
  });
  expect(stderr).toBe('');
  expect(stdout.trim().split('\n')).toEqual(Object.values(expected));
});
