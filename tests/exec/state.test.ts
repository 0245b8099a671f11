/** What a command changes is still so for the next one, and nothing else is. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { needs } from '../harness/programs.ts';
import { until } from '../harness/until.ts';
import { SHELLS, type Shell, test } from './shell-session.ts';

/** What to run first, what to run then, and what that prints. */
const KEPT: readonly {
  what: string;
  first: string;
  next: string;
  prints: string;
  fish?: [string, string];
}[] = [
  { what: 'directory', first: 'mkdir -p a/b; cd a/b', next: 'pwd | grep -o a/b', prints: 'a/b\n' },
  {
    what: 'variable',
    first: 'V="1  2"',
    next: 'echo "$V"',
    prints: '1  2\n',
    fish: ['set -g V "1  2"', 'echo "$V"'],
  },
  {
    what: 'exported variable',
    first: 'export E=x',
    next: "sh -c 'echo $E'",
    prints: 'x\n',
    fish: ['set -gx E x', "sh -c 'echo $E'"],
  },
  {
    what: 'function',
    first: 'f() { echo "f $1"; }',
    next: 'f 1',
    prints: 'f 1\n',
    fish: ['function f; echo f $argv[1]; end', 'f 1'],
  },
  {
    what: 'alias',
    first: "alias say='echo said'",
    next: 'say it',
    prints: 'said it\n',
    fish: ["alias say='echo said'", 'say it'],
  },
  { what: 'umask', first: 'umask 027', next: 'umask', prints: '0027\n' },
  {
    what: 'option',
    first: 'set -u',
    next: 'case $- in *u*) echo on;; esac; set +u',
    prints: 'on\n',
    fish: ['', 'echo on'],
  },
  {
    what: 'trap',
    first: "trap 'echo usr1' USR1",
    next: 'kill -USR1 $$; :',
    prints: 'usr1\n',
    fish: ['function t --on-signal USR1; set -g got usr1; end', 'kill -USR1 $fish_pid; sleep 0.1; echo $got'],
  },
  {
    what: 'status',
    first: 'sh -c "exit 7"',
    next: 'echo $?',
    prints: '7\n',
    fish: ['sh -c "exit 7"', 'echo $status'],
  },
  {
    what: 'background job',
    first: 'sleep 60 >/dev/null 2>&1 &',
    next: 'jobs >j; grep -ci running j; kill %1',
    prints: '1\n',
  },
];

test.for(SHELLS)('%s keeps what a command changed', { timeout: 60_000 }, async (shell, { shells }) => {
  needs(shell);
  const session = await shells.start([shell]);
  const printed: Record<string, string> = {};
  const expected: Record<string, string> = {};
  for (const { what, first, next, prints, fish } of KEPT) {
    const [before, after] = shell === 'fish' ? (fish ?? [first, next]) : [first, next];
    await shells.exec(session, before);
    printed[what] = (await shells.exec(session, after)).stdout;
    expected[what] = shell === 'zsh' && what === 'umask' ? '027\n' : prints;
  }
  expect(printed).toEqual(expected);
});

test('the answer tells the directory that the shell is in', async ({ shells }) => {
  const session = await shells.start(['bash']);
  expect((await shells.exec(session, "mkdir 'a b'; cd 'a b'")).cwd).toMatch(/\/work\/a b$/);
});

const OURS = '__pilotty(_line|_status)?';
const LEFT: Record<Shell, string> = {
  bash: `set | grep -E '^${OURS}='`,
  zsh: `typeset | grep -E '\\b${OURS}='`,
  fish: `set --names | grep -xE '${OURS}'; functions --all | grep __pilotty_return`,
  ksh: `set | grep -E '^${OURS}='`,
  dash: `set | grep -E '^${OURS}='`,
};

test.for(SHELLS)('nothing of ours is left behind in %s', async (shell, { shells }) => {
  needs(shell);
  const session = await shells.start([shell]);
  await shells.exec(session, 'false');
  const { stdout } = await shells.exec(session, LEFT[shell]);
  expect(stdout).toBe('');
});

const HISTORY: Partial<Record<Shell, { rc: string; file: string; typed: string }>> = {
  bash: {
    rc: '.bashrc',
    file: 'HISTFILE=~/.h; HISTSIZE=100; HISTCONTROL=\n',
    typed: 'history -a; history; cat ~/.h',
  },
  zsh: {
    rc: '.zshrc',
    file: 'HISTFILE=~/.h; HISTSIZE=100; SAVEHIST=100\n',
    typed: 'fc -AI; fc -l 1; cat ~/.h',
  },
  fish: { rc: '.unused', file: '', typed: 'history save; history' },
};

test.for(['bash', 'zsh', 'fish'] as const)(
  'nothing is left in the history of %s',
  async (shell, { shells, pilotty }) => {
    needs(shell);
    const { rc, file, typed } = HISTORY[shell] as { rc: string; file: string; typed: string };
    shells.write(rc, file);
    const session = await shells.start([shell]);
    await shells.exec(session, 'echo from-exec');
    await pilotty.run('type', '-s', session, 'echo typed-here', '--enter');
    await pilotty.run('wait-for', '-s', session, '^typed-here', '--regex');
    await shells.exec(session, 'echo from-exec');
    await pilotty.run('type', '-s', session, `${typed}; echo the-end`, '--enter');
    await pilotty.run('wait-for', '-s', session, '^the-end', '--regex');
    const { stdout } = await pilotty.run('output', '-s', session);
    expect(stdout).toContain('echo typed-here');
    const listed = stdout.slice(stdout.indexOf('the-end'));
    expect(listed).toContain('echo typed-here');
    expect(listed).not.toMatch(/exec\/\d|from-exec/);
  },
);

test('a bash that keeps lines with a space before has each line of ours taken out, then never takes one', async ({
  shells,
}) => {
  // Before each command its user writes down what the history has.
  shells.write('.bashrc', "HISTFILE=~/.h; HISTCONTROL=; PS0='$(history -a)'\n");
  const session = await shells.start(['bash']);
  for (const command of ['true', 'true', 'true']) await shells.exec(session, command);
  expect((await shells.exec(session, 'grep -c exec ~/.h')).stdout).toBe('1\n');
});

test.for([
  ['none', '', 'unset'],
  ['one that is empty', 'HISTIGNORE=', '<>'],
  ['its own', "HISTIGNORE='ls:cd *'", '<ls:cd *>'],
  ['an exported one', "export HISTIGNORE='ls:cd *'", '<ls:cd *>'],
  ['a readonly one', 'readonly HISTIGNORE=ls', '<ls>'],
  ['one, and exports all', 'set -a; HISTIGNORE=ls', '<ls>'],
  ['none, and refuses what is not set', 'set -u', 'unset'],
] as const)(
  'a command in a bash whose HISTIGNORE is %s finds that',
  async ([, rc, found], { shells, pilotty }) => {
    shells.write('.bashrc', `HISTCONTROL=\n${rc}\n`);
    const session = await shells.start(['bash']);
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the shell's
    const look = 'echo "${HISTIGNORE-unset}" "${HISTIGNORE+<$HISTIGNORE>}"';
    const expected = found === 'unset' ? 'unset \n' : `${found.slice(1, -1)} ${found}\n`;
    for (const _ of [1, 2, 3]) expect((await shells.exec(session, look)).stdout).toBe(expected);
    const lines = (await pilotty.run('commands', '-s', session)).json().commands;
    expect(lines.map(({ command }: { command: string }) => command)).toEqual([look, look, look]);
  },
);

test.for([
  ['its own', 'ls', 'ls:pwd'],
  ['none', undefined, 'pwd'],
])(
  'what its user makes of HISTIGNORE stays, also where %s is added to ours',
  async ([, own, made], { shells, pilotty }) => {
    shells.write('.bashrc', 'HISTCONTROL=\n');
    const session = await shells.start(['bash']);
    await shells.exec(session, own === undefined ? 'true' : `HISTIGNORE='${own}'`);
    await pilotty.run('type', '-s', session, 'HISTIGNORE="$HISTIGNORE:pwd"; echo added', '--enter');
    await pilotty.run('wait-for', '-s', session, '^added', '--regex');
    expect((await shells.exec(session, 'echo "$HISTIGNORE"')).stdout).toBe(`${made}\n`);
    await shells.exec(session, 'unset HISTIGNORE');
    expect((await shells.exec(session, 'set | grep ^HISTIGNORE; history | grep -c exec')).stdout).toBe('0\n');
  },
);

test('the screen shows no more than the prompt afterwards', async ({ shells, pilotty }) => {
  shells.write('.bashrc', "PS1='ready> '\n");
  const session = await shells.start(['bash']);
  await pilotty.run('wait-for', '-s', session, 'ready>');
  for (const command of ['echo one', 'cd /', 'false']) await shells.exec(session, command);
  await pilotty.run('wait', '-s', session, '--prompt');
  const { stdout } = await pilotty.run('snapshot', '-s', session, '--format', 'text', '--settle', '50');
  expect(stdout).toBe('--- Terminal 80x24 | Cursor: (0, 7) ---\nready> [_]\n');
});

test.for(['bash', 'zsh', 'fish'] as const)(
  'what ran in %s is listed as it was given',
  async (shell, { shells, pilotty }) => {
    needs(shell);
    const session = await shells.start([shell]);
    await shells.exec(session, 'echo a\nsh -c "exit 3"');
    await pilotty.run('wait', '-s', session, '--command-finished');
    const { commands } = (await pilotty.run('commands', '-s', session)).json();
    expect(commands).toMatchObject([{ command: 'echo a\nsh -c "exit 3"', exit_code: 3, answered: true }]);
    // What it printed was the answer: that it is not here is said, and not shown as nothing.
    const output = await pilotty.run('output', '-s', session, '--cmd', '-1');
    expect([output.code, output.stdout, output.error().suggestion]).toEqual([
      1,
      '',
      expect.stringContaining('exec'),
    ]);
  },
);

test('private files hold the command only while it runs, and nobody else can read them', async ({
  shells,
  pilotty,
}) => {
  const session = await shells.start(['bash']);
  await shells.exec(session, 'true');
  const places = execFiles(pilotty.socketDir);
  const { stdout } = await shells.exec(
    session,
    `# word-42\nstat -c '%a %F' ${places} ${places}/*/ ${places}/*/*`,
  );
  expect(new Set(stdout.trimEnd().split('\n'))).toEqual(
    new Set(['700 directory', '600 fifo', '600 regular file']),
  );
  const left = await shells.exec(session, `grep -rl --devices=skip word-4[2] ${places}; true`);
  expect(left.stdout.split('\n').filter((path) => !path.endsWith('/code'))).toEqual(['']);
  await pilotty.run('stop');
  await until('its files to be gone', () => !existsSync(places));
});

test('what a daemon that was killed left is removed by the next, and a shell that is killed leaves nothing', async ({
  shells,
  pilotty,
}) => {
  const session = await shells.start(['bash']);
  const killed = await shells.exec(session, 'echo last; kill -9 $$');
  expect(killed).toMatchObject({ outcome: 'exited', signal: 'SIGKILL', exit_code: null, stdout: 'last\n' });
  const second = await shells.start(['bash']);
  void shells.exec(second, '# word-43\nsleep 60').catch(() => {});
  const places = execFiles(pilotty.socketDir);
  const holds = (word: string) => textsBelow(places).some((text) => text.includes(word));
  await until('the command to be written', () => holds('word-43'));
  expect(holds('kill -9')).toBe(false);
  process.kill((await pilotty.run('info')).json().pid, 'SIGKILL');
  expect((await pilotty.run('spawn', 'cat')).code).toBe(0);
  expect(holds('word-43')).toBe(false);
});

function textsBelow(directory: string): string[] {
  try {
    const files = readdirSync(directory, { recursive: true, withFileTypes: true });
    return files
      .filter((file) => file.isFile())
      .map(({ parentPath, name }) => readFileSync(join(parentPath, name), 'utf8'));
  } catch {
    // Not there, or gone since it was listed.
    return [];
  }
}

/** The directory of the files of exec. */
function execFiles(socketDir: string): string {
  const name = readdirSync(socketDir).find((entry) => entry.startsWith('pilotty.exec-'));
  return join(socketDir, name ?? 'none');
}
