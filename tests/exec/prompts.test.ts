/** Whatever a user's rc files and prompts do, and shells in shells. */
import { expect } from 'vitest';
import { needs } from '../harness/programs.ts';
import { until } from '../harness/until.ts';
import { test } from './shell-session.ts';

const BASHRC: Readonly<Record<string, string>> = {
  'that sleeps before the first prompt': 'sleep 1\n',
  'that sleeps at every prompt': "PROMPT_COMMAND='sleep 0.1'\n",
  'whose PROMPT_COMMAND fails and prints': "PROMPT_COMMAND='echo noise; echo more >&2; false'\n",
  'with colours and two lines': "PS1='\\[\\e[1;32m\\]\\u@\\h\\[\\e[0m\\]\\n\\w \\$ '\n",
  'without a prompt': "PS1=''\n",
  'with a prompt as wide as the screen': `PS1='${'p'.repeat(79)}'\n`,
  'with vi keys': 'set -o vi\n',
  'with nounset': 'set -u\n',
  'with noclobber': 'set -o noclobber\n',
  'in POSIX mode': 'set -o posix\n',
  'that traces': 'set -x\n',
  'with strange aliases': "alias echo='echo aliased' printf=false test=false builtin=false\n",
  'with functions of common names':
    'printf() { command echo wrong; }; builtin() { command echo wrong; }; unset -f builtin\n',
  'with a debug trap': "trap 'true' DEBUG\n",
  'without bracketed paste': "bind 'set enable-bracketed-paste off'\n",
  'with text that looks like a prompt': "PS1='>>> '\n",
  'that reads dots': 'shopt -s dotglob nullglob failglob nocasematch\n',
};

test.for(Object.entries(BASHRC))('a bash %s', async ([, rc], { shells }) => {
  shells.write('.bashrc', rc);
  const session = await shells.start(['bash']);
  const first = await shells.exec(session, '\\command printf "%s" one; X=1');
  const second = await shells.exec(session, '\\command printf "%s" "$X"; (exit 3)');
  expect([first.stdout, first.exit_code, second.stdout, second.exit_code]).toEqual(['one', 0, '1', 3]);
});

/** Its environment names the first prompt; the next are set by a command. */
const UNMARKED: [string[], string[]][] = [
  [['dash'], ['ready>', '', '> ', 'sure? ', 'one\ntwo ', '45%']],
  [
    ['bash', '--norc'],
    ['ready>', '', '> ', 'sure? ', 'one\ntwo ', '45%'],
  ],
  [['ksh'], ['$ ', 'ready>', '', '> ', 'sure? ', '45%']],
];

test.for(UNMARKED)('%s without marks is typed to at whatever prompt', async ([argv, prompts], { shells }) => {
  needs(argv[0] ?? '');
  const [first = '', ...others] = prompts;
  const session = await shells.start(argv, { PS1: first }, { shell_integration: false });
  const seen: unknown[] = [(await shells.exec(session, 'echo first; (exit 3)')).exit_code];
  for (const prompt of others) {
    await shells.exec(session, `PS1='${prompt}'`);
    seen.push((await shells.exec(session, 'echo "$PS1"')).stdout);
  }
  expect(seen).toEqual([3, ...others.map((prompt) => `${prompt}\n`)]);
});

test('a python is typed to at whatever prompt', async ({ shells }) => {
  needs('python3');
  const session = await shells.start(['python3', '-q']);
  await shells.exec(session, 'import sys; sys.ps1 = "Sure? "');
  expect((await shells.exec(session, '6 * 7')).stdout).toBe('42\n');
});

test('a prompt that a shell asks something at is no prompt', async ({ shells }) => {
  const session = await shells.start(['bash', '--norc'], {}, { shell_integration: false });
  await shells.exec(session, `PROMPT_COMMAND='[[ $ASK ]] && { unset ASK; read -e -p "\${PS1@P}" X; }'`);
  await shells.exec(session, 'ASK=1');
  await expect(shells.exec(session, 'echo typed')).rejects.toMatchObject({ code: 'CONDITION_FAILED' });
  await shells.client.request('session.type', { session, text: 'answer', enter: true });
  expect((await shells.exec(session, 'echo $X')).stdout).toBe('answer\n');
});

const ZSHRC: Readonly<Record<string, string>> = {
  'with a right prompt and hooks':
    'RPROMPT=right; precmd() { print noise; false }; preexec() { print -r -- $1 }\n',
  'with strange options': 'setopt ksh_arrays sh_word_split null_glob no_clobber no_multios extended_glob\n',
  'with vi keys': 'bindkey -v\n',
  'that warns of what is not set': 'setopt no_unset warn_create_global\n',
  'that corrects': 'setopt correct correct_all\n',
};

test.for(Object.entries(ZSHRC))('a zsh %s', async ([, rc], { shells }) => {
  needs('zsh');
  shells.write('.zshrc', rc);
  const session = await shells.start(['zsh']);
  const first = await shells.exec(session, 'printf one; X=1');
  const second = await shells.exec(session, 'printf "$X"; (exit 3)');
  expect([first.stdout, first.exit_code, second.stdout, second.exit_code]).toEqual(['one', 0, '1', 3]);
});

test('a shell started in a shell takes the commands, until it ends', async ({ shells, pilotty }) => {
  needs('zsh');
  const session = await shells.start(['bash']);
  await shells.exec(session, 'WHO=outer');
  await pilotty.run('type', '-s', session, 'zsh', '--enter');
  const inner = () => shells.exec(session, 'echo $ZSH_VERSION$WHO');
  await until('zsh to take them', async () => /^5/.test((await inner()).stdout));
  const ended = await shells.exec(session, 'echo last; exit 3');
  expect([ended.outcome, ended.stdout, ended.exit_code]).toEqual(['exited', 'last\n', 3]);
  expect((await shells.exec(session, 'echo $WHO')).stdout).toBe('outer\n');
});

test('a shell that a command starts on the terminal takes the next commands', async ({ shells }) => {
  needs('zsh');
  const session = await shells.start(['bash']);
  const versions = async () => (await shells.exec(session, 'echo $ZSH_VERSION-$BASH_VERSION')).stdout;
  await shells.begin(session, 'zsh -f');
  expect(await versions()).toMatch(/^5\..*-$/m);
  // With exec it is no longer the command that runs: that has ended.
  expect((await shells.exec(session, 'exec bash --norc', { pty: true })).outcome).toBe('matched');
  expect(await versions()).toMatch(/^-5/m);
});

test('a shell that another has become takes the commands', async ({ shells, pilotty }) => {
  needs('zsh');
  const session = await shells.start(['bash']);
  await pilotty.run('type', '-s', session, 'exec zsh', '--enter');
  await until('zsh to take them', async () =>
    /^5/.test((await shells.exec(session, 'echo $ZSH_VERSION')).stdout),
  );
});

test('a shell that runs a script is not typed into', async ({ shells, pilotty }) => {
  const session = await shells.start(['bash', '-c', 'echo asks; read x; echo "got $x"; sleep 60']);
  await pilotty.run('wait-for', '-s', session, 'asks');
  await pilotty.run('key', '-s', session, 'y');
  expect((await pilotty.run('exec', '-s', session, 'true')).error().code).toBe('CONDITION_FAILED');
  await pilotty.run('key', '-s', session, 'Enter');
  expect((await pilotty.run('wait-for', '-s', session, 'got y')).code).toBe(0);
});

test('with --pty the command has the terminal, its colours and its input', async ({ shells, pilotty }) => {
  const session = await shells.start(['bash']);
  const tty = await shells.exec(
    session,
    'test -t 0 && test -t 1 && test -t 2 && printf "\\033[31mred\\n"; (exit 6)',
    { pty: true },
  );
  expect([tty.stdout, tty.exit_code]).toEqual(['\x1b[31mred\r\n', 6]);
  const asking = shells.exec(session, "read -rp 'name? ' N; echo hello $N", { pty: true });
  await pilotty.run('wait-for', '-s', session, 'name?');
  await pilotty.run('type', '-s', session, 'you', '--enter');
  expect((await asking).stdout).toBe('name? you\r\nhello you\r\n');
  expect((await shells.exec(session, 'echo $N')).stdout).toBe('you\n');
});

test.for(['zsh', 'fish', 'ksh', 'dash'] as const)(
  'with --pty %s runs on the terminal too',
  async (shell, { shells }) => {
    needs(shell);
    const session = await shells.start([shell]);
    const { stdout, exit_code } = await shells.exec(
      session,
      'test -t 1; and echo tty; test -t 1 && echo tty',
      { pty: true },
    );
    expect([stdout, exit_code]).toEqual([expect.stringContaining('tty\r\n'), 0]);
  },
);

test.for(['stty -icrnl', 'stty raw', 'stty -icanon', 'stty -echo'])(
  'a dash goes on reading commands after %s',
  async (settings, { shells }) => {
    const session = await shells.start(['dash']);
    await shells.exec(session, 'echo first');
    await shells.exec(session, `${settings} </dev/tty`);
    const { stdout, exit_code } = await shells.exec(session, 'echo second; (exit 3)');
    expect([stdout, exit_code]).toEqual(['second\n', 3]);
  },
);
