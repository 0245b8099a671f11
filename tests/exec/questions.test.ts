/** What a shell or REPL asks itself is answered by nobody but its user: exec sends not a byte. */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: they are the shell's
import { expect } from 'vitest';
import { needs } from '../harness/programs.ts';
import { until } from '../harness/until.ts';
import { type Shells, test } from './shell-session.ts';

const plain = (shells: Shells, argv: string[]) => shells.start(argv, {}, { shell_integration: false });

async function screenOf(shells: Shells, session: string): Promise<string> {
  const { text = '', cursor } = await shells.client.request('session.snapshot', { session });
  // Down to the cursor, on however empty a line it stands.
  const rows = [...text.split('\n'), ...Array<string>(cursor.row).fill('')];
  return rows.slice(0, cursor.row + 1).join('\n');
}

/** Types a line that asks, and waits until the question stands there. */
async function ask(shells: Shells, session: string, line: string, question: RegExp): Promise<void> {
  await shells.client.request('session.wait', { session, prompt: true });
  await shells.client.request('session.type', { session, text: line, enter: true });
  await until('the question', async () => question.test(await screenOf(shells, session)));
}

async function expectRefused(shells: Shells, session: string, command = 'echo typed'): Promise<void> {
  // A blank behind the question may be drawn after it.
  await shells.client.request('session.wait', { session, settle_ms: 100 });
  const before = await shells.client.request('session.status', { session });
  const screen = await screenOf(shells, session);
  await expect(shells.exec(session, command, { timeout_ms: 20_000 })).rejects.toMatchObject({
    code: 'CONDITION_FAILED',
    suggestion: expect.stringContaining('Nothing was sent'),
  });
  const after = await shells.client.request('session.status', { session });
  expect([await screenOf(shells, session), after.seq]).toEqual([screen, before.seq]);
}

const EMPTY_LINE = /\n$/;
const questions: [string, [string, RegExp][]][] = [
  [
    'bash',
    [
      ['read -p "Name: " x', /^Name:/m],
      ['read -s -p "Password: " x', /^Password:/m],
      ['read -n1 -p "Sure? " x', /^Sure\?/m],
      ['read -d X -p "Upto X> " x', /^Upto X>/m],
      ['read -e -i text -p "Edit> " x', /^Edit> text/m],
      ['select x in one two; do break; done', /^#\?/m],
      ['cat <<END', /^>/m],
      ['echo "unended', /^>/m],
    ],
  ],
  [
    'zsh',
    [
      ['read "x?Name: "', /^Name:/m],
      ['read -k1 "x?Key "', /^Key/m],
      ['x=text; vared -p "Edit%% " x', /^Edit% text/m],
      ['select x in one two; do break; done', /^\?#/m],
      ['echo "unended', /^dquote>/m],
    ],
  ],
  [
    'fish',
    [
      ['read x', /^read>/m],
      ['read -s -P "Password: " x', /^Password:/m],
      ['read -P "Name> " x', /^Name>/m],
      ['echo "unended', /unended\n *$/],
    ],
  ],
];

for (const [shell, asked] of questions) {
  test(`what ${shell} asks is not answered by an exec`, async ({ shells }) => {
    needs(shell);
    await Promise.all(
      asked.map(async ([line, question]) => {
        const session = await shells.start([shell]);
        await ask(shells, session, line, question);
        await expectRefused(shells, session);
      }),
    );
  });
}

const unmarked: [string[], [string, RegExp][]][] = [
  [
    ['bash', '--norc'],
    [
      ['read -s x; echo', EMPTY_LINE],
      ['read -n1 -p "cost $" x', /^cost \$/m],
      ['echo "unended', /^>/m],
      ['if true', /^>/m],
      ['read -e -p "${PS1@P}" x', /x\nbash-\S+[#$]$/m],
      ['read -p "${PS1@P}" x', /x\nbash-\S+[#$]$/m],
    ],
  ],
  [
    ['zsh', '-f'],
    [
      ['vared -p "$PS1" -c x', /x\n\S+[#%]$/m],
      ['read -sk1 "x?one% "', /^one%/m],
      ['select x in one two; do break; done', /^\?#/m],
    ],
  ],
  [
    ['dash'],
    [
      ['read -p "cost $" x', /^cost \$/m],
      ['read -p "$PS1" x', /x\n[#$]$/m],
      ['echo "unended', /^>/m],
    ],
  ],
  [
    ['ksh'],
    [
      ['read "x?Name: "', /^Name:/m],
      ['read -n1 x', EMPTY_LINE],
    ],
  ],
  [
    ['python3', '-q'],
    [
      ['x = input("> ")', /^>/m],
      ['x = input(">>> ")', /\)\n>>>/m],
      ['import getpass; x = getpass.getpass()', /^Password:/m],
      ['def f():', /^\.\.\./m],
      ['import pdb; pdb.set_trace()', /^\(Pdb\)/m],
    ],
  ],
  // Node 24 goes on with '|'.
  [['node'], [['function f() {', /^(?:\.\.\.|\|)/m]]],
  [['sqlite3'], [['select', /\.\.\.>/]]],
];

for (const [argv, asked] of unmarked) {
  test(`what a ${argv.join(' ')} without marks asks is not answered by an exec`, async ({ shells }) => {
    needs(argv[0] ?? '');
    await Promise.all(
      asked.map(async ([line, question]) => {
        const session = await plain(shells, argv);
        await ask(shells, session, line, question);
        await expectRefused(shells, session, '1');
      }),
    );
  });
}

test('what looks like the prompt, and goes on with a command, is not typed to', async ({ shells }) => {
  needs('zsh', 'dash', 'python3');
  const env = { PS1: '$ ', PS2: '$ ' };
  for (const argv of [['zsh', '-f'], ['dash']]) {
    const session = await shells.start(argv, env, { shell_integration: false });
    await ask(shells, session, 'if true', /true\n\$$/m);
    await expectRefused(shells, session);
  }
  const python = await plain(shells, ['python3', '-q']);
  await ask(shells, python, 'import sys; sys.ps2 = ">>> "', /\n>>>$/);
  await ask(shells, python, 'x = [', /\[\n>>>$/);
  await expectRefused(shells, python, '1');
});

test.for([
  [['bash', '--norc'], 'if true', /^>/m],
  [['dash'], 'if true', /^>/m],
  [['python3', '-q'], 'x = [', /^\.\.\./m],
] as const)(
  'Enter does not make a prompt of what $0 goes on with',
  async ([argv, line, question], { shells }) => {
    needs(argv[0]);
    const session = await plain(shells, [...argv]);
    await ask(shells, session, line, question);
    await shells.client.request('session.key', { session, keys: 'Enter' });
    await until(
      'the next',
      async () =>
        (await screenOf(shells, session)).split('\n').filter((row) => question.test(row)).length > 1,
    );
    await expectRefused(shells, session, '1');
  },
);

test('a question before the first prompt is not answered by an exec', async ({ shells, pilotty }) => {
  shells.write('.bashrc', 'read -p "Wipe the cache? [y/N] " answer\n');
  const session = await shells.start(['bash']);
  await pilotty.run('wait-for', '-s', session, 'cache?');
  await expectRefused(shells, session);
  await pilotty.run('type', '-s', session, 'no', '--enter');
  expect((await shells.exec(session, 'echo "$answer"')).stdout).toBe('no\n');
});

test('a line that was taken for an answer is not followed by Ctrl+C', async ({ shells, pilotty }) => {
  needs('ksh');
  shells.write('asks', "read x?'# '; read y?'Second: '\n");
  const session = await shells.start(['ksh'], { ENV: `${pilotty.home}/asks` });
  await expect(shells.exec(session, 'touch made')).rejects.toMatchObject({
    code: 'CONDITION_FAILED',
    message: expect.stringContaining('the command was not run'),
  });
  expect(await screenOf(shells, session)).toMatch(/Second:$/);
  await shells.client.request('session.type', { session, text: 'answer', enter: true });
  expect((await shells.exec(session, 'echo $y; ls')).stdout).toBe('answer\n');
});

test('a question asked again and again does not become a prompt', async ({ shells, pilotty }) => {
  const session = await plain(shells, ['bash', '--norc']);
  await ask(shells, session, 'while read -e -p "Name: " x; do :; done', /^Name:/m);
  await pilotty.run('type', '-s', session, 'one', '--enter');
  await pilotty.run('type', '-s', session, 'two', '--enter');
  await until('the third', async () => /two\nName:/.test(await screenOf(shells, session)));
  await expectRefused(shells, session);
});
