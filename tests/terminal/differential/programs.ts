/**
 * Real programs and what is done with them while their output is recorded.
 *
 * Each waits for text before it goes on. Where it looks, the same bytes must have drawn the same screen in
 * tmux and here; after an end, too.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PATH } from '../../harness/programs.ts';
import type { Size } from './tmux.ts';

export type ProgramStep =
  /** Until this is on the screen. */
  | { wait: string | RegExp | ((size: Size) => string) }
  | { type: string }
  /** Keys by their names, as the program wants them. */
  | { press: string }
  /** So many columns and rows more or fewer. */
  | { resize: [cols: number, rows: number] }
  | 'look'
  /** Until the program ends by itself. */
  | 'end';

export interface Program {
  /** Programs of the machine. */
  needs: string[];
  command: string[];
  env?: Record<string, string>;
  steps: ProgramStep[];
}

const ENTER = '\r';
const CTRL_C = '\x03';
/** Clears the line. Ctrl+C would throw away what is typed behind it. */
const CTRL_U = '\x15';

const C_LOCALE = { LANG: 'C', LC_ALL: 'C' };

const SHELL_SESSION: ProgramStep[] = [
  { wait: '$' },
  { type: 'echo one two three' },
  { wait: 'three' },
  { type: '\x1bb\x1bb\x17' }, // two words back, one word deleted
  { type: '\x05 föur' },
  { wait: 'föur' },
  'look',
  { type: ENTER },
  { wait: /\n.*three föur/ },
  { type: 'ls --color=always\r' },
  { wait: 'link' },
  { type: `printf '%s ' $(seq 1 200)` },
  { wait: /200\)/ },
  { press: 'Up Up' },
  { wait: 'echo' },
  'look',
  { type: `${CTRL_U}exit${ENTER}` },
  'end',
];

const CURSES = `
import curses, locale
locale.setlocale(locale.LC_ALL, '')
def main(screen):
    curses.curs_set(0)
    curses.use_default_colors()
    for i in range(1, 8): curses.init_pair(i, i, -1 if i % 2 else 7 - i)
    rows, cols = screen.getmaxyx()
    screen.box()
    screen.addstr(0, 2, ' lines ', curses.A_REVERSE)
    screen.hline(2, 1, curses.ACS_HLINE, cols - 2)
    screen.vline(3, 10, curses.ACS_VLINE, rows - 5)
    screen.addch(2, 10, curses.ACS_TTEE); screen.addch(2, 0, curses.ACS_LTEE); screen.addch(2, cols - 1, curses.ACS_RTEE)
    for i, name in enumerate(['DIAMOND', 'CKBOARD', 'DEGREE', 'PLMINUS', 'BULLET', 'UARROW', 'BLOCK', 'PI', 'NEQUAL', 'STERLING']):
        screen.addch(1, 2 + i * 2, getattr(curses, 'ACS_' + name))
    for i, style in enumerate(['BOLD', 'DIM', 'UNDERLINE', 'REVERSE', 'BLINK', 'STANDOUT']):
        if 3 + i < rows - 2: screen.addstr(3 + i, 12, style.lower(), getattr(curses, 'A_' + style) | curses.color_pair(i + 1))
    if not locale.getlocale()[1] in (None, 'C'): screen.addstr(3, 25, 'ünïcode 漢字')
    screen.refresh()
    window = curses.newwin(5, 20, rows // 2, 15)
    window.scrollok(True); window.bkgd(' ', curses.color_pair(4)); window.box()
    for i in range(9): window.addstr('\\n  scroll %d' % i); window.refresh()
    screen.addstr(rows - 2, 2, 'press a key'); screen.refresh()
    screen.getch()
    screen.move(4, 0); screen.insertln(); screen.deleteln(); screen.move(3, 12); screen.insstr('inserted'); screen.delch(3, 30)
    screen.addstr(rows - 2, 2, 'and another'); screen.refresh()
    screen.getch()
curses.wrapper(main)
`;

const ANIMATION = `
import random, shutil, sys
random.seed(1)
cols, rows = shutil.get_terminal_size()
print('\\x1b[?1049h\\x1b[?25l\\x1b[2J', end='')
heads = [random.randrange(rows) for _ in range(cols)]
for frame in range(40):
    for col in range(0, cols, 2):
        row = heads[col] = (heads[col] + 1) % rows
        print('\\x1b[%d;%dH\\x1b[1;37m%s' % (row + 1, col + 1, chr(0x30a0 + random.randrange(90)) if col % 4 else 'x'), end='')
        print('\\x1b[%d;%dH\\x1b[0;32m%s' % ((row - 1) % rows + 1, col + 1, '.'), end='')
        print('\\x1b[%d;%dH ' % ((row - 8) % rows + 1, col + 1), end='')
print('\\x1b[m\\x1b[1;1Hdone', end=''); sys.stdout.flush()
input()
`;

export const programs: Readonly<Record<string, Program>> = {
  vim: {
    needs: ['vim'],
    command: [
      'vim',
      '-u',
      'NONE',
      '-i',
      'NONE',
      '-N',
      '-c',
      'syntax on | set number hlsearch mouse=a laststatus=2 statusline=%f\\ %{&columns}x%{&lines}',
      'code.py',
    ],
    steps: [
      { wait: 'import os' },
      { type: '/def\r' },
      { wait: '/def' },
      'look',
      { type: 'ggVjj' },
      { wait: 'VISUAL' },
      'look',
      { type: '\x1b:split words.txt\r' },
      { wait: 'words.txt' },
      { type: ':vsplit\r:echo "split"\r' },
      { wait: /^split/m },
      'look',
      { type: 'ihello \x1b:echo "typed"\r' },
      { wait: /^typed/m },
      { type: '\x06:echo "paged"\r' },
      { wait: /^paged/m },
      { resize: [-10, -2] },
      { wait: ({ cols, rows }) => `${cols}x${rows}` },
      { type: ':echo "resized"\r' },
      { wait: /^resized/m },
      'look',
      { type: ':qa!\r' },
      'end',
    ],
  },
  less: {
    needs: ['less'],
    command: ['less', '-R', '-N', 'words.txt'],
    env: { LESS: '', LESSCHARSET: 'utf-8' },
    steps: [
      { wait: 'word 3' },
      'look',
      { type: ' ' },
      { type: '/150\r' },
      { wait: 'word 150' },
      'look',
      { type: 'k' },
      { wait: 'word 149' },
      { type: 'G' },
      { wait: '(END)' },
      'look',
      { type: 'q' },
      'end',
    ],
  },
  man: {
    needs: ['man', 'less'],
    command: ['man', './page.1'],
    env: { MANPAGER: 'less -R', LESS: '' },
    steps: [{ wait: 'NAME' }, 'look', { type: 'G' }, { wait: 'END' }, 'look', { type: 'q' }, 'end'],
  },
  dialog: {
    needs: ['dialog'],
    command: [
      ...['dialog', '--title', 'Choose', '--menu', 'One of these:', '0', '0', '0'],
      ...['a', 'first', 'b', 'sécond', 'c', 'third', 'd', 'fourth'],
    ],
    steps: [{ wait: 'Cancel' }, 'look', { press: 'Down Down Tab' }, { type: ENTER }, 'end'],
  },
  'dialog in the C locale': {
    needs: ['dialog'],
    command: ['dialog', '--title', 'Sure?', '--yesno', 'Really?', '7', '30'],
    env: C_LOCALE,
    steps: [{ wait: 'Really' }, 'look', { type: '\t' }, { type: ENTER }, 'end'],
  },
  whiptail: {
    needs: ['whiptail'],
    command: [
      ...['whiptail', '--title', 'Pick', '--checklist', 'Some of these:', '9', '36', '3'],
      ...['a', 'first', 'on', 'b', 'second', 'off', 'c', 'third', 'off'],
    ],
    steps: [
      { wait: 'third' },
      'look',
      { press: 'Down Space' },
      { wait: '[*] b' },
      'look',
      { type: '\t\r' },
      'end',
    ],
  },
  mc: {
    needs: ['mc'],
    command: ['mc', '--nosubshell'],
    steps: [{ wait: 'Help' }, 'look', { press: 'F7' }, { wait: /directory name|Cancel/ }],
  },
  nano: {
    needs: ['nano'],
    command: ['nano', '--ignorercfiles', 'words.txt'],
    steps: [
      { wait: 'word 3' },
      'look',
      { type: 'typed text' },
      { wait: 'typed text' },
      { type: '\x16\x16' }, // Ctrl+V: a page
      { type: '\x17' },
      { wait: 'Search' },
      'look',
      { type: `${CTRL_C}\x18` },
      { wait: 'Save' },
      { type: 'n' },
      'end',
    ],
  },
  htop: {
    needs: ['htop'],
    command: ['htop', '--delay=100'],
    steps: [
      { wait: 'F1Help' },
      'look',
      { press: 'F5' },
      { wait: 'List' },
      'look',
      { press: 'Down Up F10' },
      'end',
    ],
  },
  top: {
    needs: ['top'],
    command: ['top', '-d', '100'],
    // It throws away what is typed while it draws, so it is not asked to end.
    steps: [{ wait: 'PID' }],
  },
  'python REPL': {
    needs: ['python3'],
    command: ['python3', '-q'],
    env: { PYTHONSTARTUP: '', PYTHON_BASIC_REPL: '1' },
    steps: [
      { wait: '>>>' },
      { type: 'for i in range(3):\r    print("wörd", i)\r\r' },
      { wait: 'wörd 2' },
      { type: `1/0\r` },
      { wait: 'ZeroDivisionError' },
      { press: 'Up Up' },
      'look',
      { type: `${CTRL_U}exit()\r` },
      'end',
    ],
  },
  bash: {
    needs: ['bash'],
    command: ['bash', '--norc', '--noprofile'],
    env: { PS1: '$ ' },
    steps: SHELL_SESSION,
  },
  zsh: {
    needs: ['zsh'],
    command: ['zsh', '-f'],
    env: { PS1: '%F{green}%B$%b%f ', RPS1: '%F{8}right%f' },
    steps: SHELL_SESSION,
  },
  fish: {
    needs: ['fish'],
    command: [
      'fish',
      '--no-config',
      '--init-command',
      'function fish_prompt; set_color green; echo -n "\\$ "; end',
    ],
    env: { fish_greeting: '' },
    steps: [
      { wait: '$' },
      { type: 'echo one two' },
      { wait: 'two' },
      'look',
      { type: ENTER },
      { wait: /\none two/ },
      { type: 'ls --color=always\r' },
      { wait: 'link' },
      { type: `cat w\t` },
      { wait: 'words.txt' },
      'look',
      { type: `${CTRL_U}exit${ENTER}` },
      'end',
    ],
  },
  'bash, resized': {
    needs: ['bash'],
    command: ['bash', '--norc', '--noprofile'],
    env: { PS1: '$ ' },
    steps: [
      { wait: '$' },
      { type: 'echo a line that is rather long, so that it folds where there is less room for all of it' },
      { wait: 'of it' },
      { resize: [-15, -3] },
      { type: ' and more' },
      { wait: 'more' },
      'look',
      { type: `${CTRL_U}exit${ENTER}` },
      'end',
    ],
  },
  tig: {
    needs: ['tig', 'git'],
    command: ['tig'],
    env: { TIGRC_SYSTEM: '', TIGRC_USER: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' },
    steps: [{ wait: 'Thir' }, 'look', { type: ENTER }, { wait: 'diff' }, 'look', { type: 'qq' }, 'end'],
  },
  ncdu: {
    needs: ['ncdu'],
    command: ['ncdu', '--color', 'dark', '.'],
    // A small screen it complains about.
    steps: [{ wait: /words\.txt|ignore/ }, 'look', { type: 'i' }, { wait: /[Pp]ath|words/ }],
  },
  curses: {
    needs: ['python3'],
    command: ['python3', '-c', CURSES],
    steps: [
      { wait: 'press a key' },
      'look',
      { type: 'x' },
      { wait: 'and another' },
      'look',
      { type: 'x' },
      'end',
    ],
  },
  'curses in the C locale': {
    needs: ['python3'],
    command: ['python3', '-c', CURSES],
    env: C_LOCALE,
    steps: [
      { wait: 'press a key' },
      'look',
      { type: 'x' },
      { wait: 'and another' },
      'look',
      { type: 'x' },
      'end',
    ],
  },
  animation: {
    needs: ['python3'],
    command: ['python3', '-c', ANIMATION],
    steps: [{ wait: 'done' }, 'look', { type: ENTER }, 'end'],
  },
  'ls --color': {
    needs: ['ls'],
    command: ['ls', '-la', '--color=always', '--time-style=+date'],
    steps: ['end'],
  },
  'git log': {
    needs: ['git', 'less'],
    command: ['git', 'log', '--graph', '--stat', '--color=always'],
    env: { GIT_PAGER: 'less -R', LESS: '' },
    steps: [{ wait: 'Thir' }, 'look', { press: 'Down Down Left' }, { type: 'q' }, 'end'],
  },
  seq: {
    needs: ['seq'],
    command: ['sh', '-c', 'seq 1 5000; read line'],
    steps: [{ wait: '5000' }, { type: ENTER }, 'end'],
  },
};

const CODE = `import os

def greet(name: str) -> str:
    """Say hello."""
    return f"hello {name}, 漢字 é"

class Thing:
    value = 42  # the answer
    def run(self):
        for i in range(10):
            if i % 2 == 0:
                print(greet(str(i)))
`;

const PAGE = `.TH PAGE 1
.SH NAME
page \\- a page to read
.SH SYNOPSIS
.B page
[\\fIoption\\fR]...
.SH DESCRIPTION
${'Some \\fBbold\\fR and some \\fIunderlined\\fR words that fill a paragraph. '.repeat(30)}
.SH THE END
`;

/** A home with the same files each time, so that programs show the same. */
export function furnish(home: string): void {
  mkdirSync(join(home, 'directory'), { recursive: true });
  writeFileSync(join(home, 'code.py'), CODE);
  writeFileSync(join(home, 'page.1'), PAGE);
  writeFileSync(join(home, 'run.sh'), '#!/bin/sh\n', { mode: 0o755 });
  writeFileSync(
    join(home, 'words.txt'),
    Array.from({ length: 300 }, (_, i) => `word ${i + 1} wörd\n`).join(''),
  );
  const git = (...words: string[]) =>
    execFileSync('git', words, {
      cwd: home,
      stdio: 'ignore',
      env: {
        PATH,
        HOME: home,
        GIT_CONFIG_NOSYSTEM: '1',
        GIT_AUTHOR_NAME: 'Ada',
        GIT_AUTHOR_EMAIL: 'ada@example.org',
        GIT_AUTHOR_DATE: '2020-01-01T12:00:00Z',
        GIT_COMMITTER_NAME: 'Ada',
        GIT_COMMITTER_EMAIL: 'ada@example.org',
        GIT_COMMITTER_DATE: '2020-01-01T12:00:00Z',
      },
    });
  execFileSync('ln', ['-s', 'code.py', join(home, 'link')]);
  git('init', '-q', '-b', 'main');
  for (const [file, message] of [
    ['code.py', 'First'],
    ['words.txt', 'Second: Wörter'],
    ['page.1', 'Third'],
  ] as const) {
    git('add', file === 'page.1' ? '.' : file);
    git('commit', '-q', '-m', message);
  }
}
