/** Shells of the machine with files of their users: what they mark, and that nobody can tell. */
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect } from 'vitest';
import { type Pilotty, test } from '../harness/pilotty.ts';
import { needs } from '../harness/programs.ts';
import { until } from '../harness/until.ts';

interface Shell {
  argv: string[];
  /** The file its user writes, in the home directory. */
  file: string;
  /** What makes its prompt `there> `. */
  prompt: string;
}

const THERE = 'PS1="there> "\n';
const shells: Record<string, Shell> = {
  bash: { argv: ['bash'], file: '.bashrc', prompt: THERE },
  'bash -l': { argv: ['bash', '-l'], file: '.bash_profile', prompt: THERE },
  zsh: { argv: ['zsh'], file: '.zshrc', prompt: THERE },
  'zsh -l': { argv: ['zsh', '-l'], file: '.zprofile', prompt: THERE },
  fish: {
    argv: ['fish'],
    file: '.config/fish/config.fish',
    prompt: "function fish_prompt; printf 'there> '; end\nset -g fish_greeting\n",
  },
};
const all = Object.entries(shells);
const bashes = all.slice(0, 2);

interface Listed {
  number: number;
  command: string;
  state: string;
  exit_code: number | null;
}

describe.each(all)('%s', (_, shell) => {
  test('lists what ran, with exit codes and what was printed', async ({ pilotty }) => {
    await start(pilotty, shell);
    await ran(pilotty, 'echo one; false');
    await ran(pilotty, 'printf "a;\\\\\\\\b"');
    // What is typed before the prompt is echoed by the terminal too, in front of it.
    await pilotty.run('key', 'Enter', '--wait-prompt');
    await pilotty.run('type', 'never run');
    // A shell that draws when the signal comes may keep a part of the line.
    await lastLine(pilotty, 'there> never run');
    await pilotty.run('key', 'Ctrl+C');
    await lastLine(pilotty, 'there>');
    await ran(pilotty, 'seq 100');
    expect(await listed(pilotty)).toEqual([
      [1, 'echo one; false', 1],
      [2, 'printf "a;\\\\\\\\b"', 0],
      [3, 'seq 100', 0],
    ]);
    expect((await pilotty.run('output', '--cmd', '-3')).stdout).toBe('one\n');
    expect((await pilotty.run('output', '--cmd=2')).stdout).toBe('a;\\b\n');
    expect((await pilotty.run('output', '--cmd', '-1', '--tail', '2')).stdout).toBe('99\n100\n');
    const [first] = (await pilotty.run('commands')).json().commands;
    expect(first).toMatchObject({ cwd: pilotty.home, duration_ms: expect.any(Number) });
  });

  test('tells a command of several lines, and one that is still running', async ({ pilotty }) => {
    await start(pilotty, shell);
    const lines =
      shell.argv[0] === 'fish'
        ? 'for i in 1 2\necho "line $i"\nend'
        : 'for i in 1 2\ndo echo "line $i"\ndone';
    await ran(pilotty, lines);
    expect((await pilotty.run('output', '--cmd', '1')).stdout).toBe('line 1\nline 2\n');
    const [{ command }] = (await pilotty.run('commands')).json().commands;
    expect(command.split(/[\n;] ?/)).toEqual(lines.split('\n'));

    await pilotty.run('type', 'echo begun; cat; echo over', '--enter');
    await pilotty.run('wait-for', '^begun', '--regex');
    expect((await pilotty.run('commands', '--tail', '1')).json().commands).toMatchObject([
      { number: 2, state: 'running', exit_code: null, duration_ms: null, output_range: { end: null } },
    ]);
    expect((await pilotty.run('status')).json().shell).toMatchObject({
      at_prompt: false,
      last_command_number: 2,
    });
    const following = pilotty.start('output', '--cmd', '-1', '--follow');
    await until('the command to be followed', () => following.stdout().includes('begun'));
    await pilotty.run('key', 'Ctrl+D');
    expect((await following.answer).stdout).toBe('begun\nover\n');
  });

  test('looks the same, and leaves everything as it was', async ({ pilotty }) => {
    const exitCode = shell.argv[0] === 'fish' ? '$status' : '$?';
    const lines = [
      `echo ${exitCode}; false`,
      `echo ${exitCode}; printf "no newline"`,
      'env | grep -v -e PILOTTY_SESSION -e PILOTTY_STATE_KEY -e SHLVL -e "^_=" | sort > env.$PILOTTY_SESSION',
    ];
    const looks = await looksOf(pilotty, shell, lines);
    expect(looks.marked).toBe(looks.plain);
    const environment = (name: string) => readFileSync(join(pilotty.home, `env.${name}`), 'utf8');
    expect(environment('marked')).toBe(environment('plain'));
    expect(environment('marked')).not.toMatch(/PILOTTY_ZDOTDIR|PILOTTY_BASH_ENV/);
  });

  test('touches no file of its user', async ({ pilotty }) => {
    write(pilotty, shell.file, shell.prompt);
    // What the shell itself writes is there before.
    for (const options of [['--no-integration'], []]) {
      await pilotty.run('spawn', ...options, '--name', 'one', ...shell.argv);
      await pilotty.run('wait-for', '-s', 'one', 'there>');
      const before = filesOf(pilotty.home);
      await pilotty.run('type', '-s', 'one', 'true', '--enter');
      await pilotty.run('type', '-s', 'one', 'exit', '--enter');
      await pilotty.run('wait', '-s', 'one', '--exit');
      expect(filesOf(pilotty.home)).toEqual(before);
    }
  });

  test('waits for a slow file of its user', async ({ pilotty }) => {
    write(pilotty, shell.file, `sleep 1\n${shell.prompt}`);
    await pilotty.run('spawn', ...shell.argv);
    expect((await pilotty.run('status')).json().shell).toMatchObject({
      at_prompt: null,
      last_command_number: null,
    });
    await atPrompt(pilotty);
    await ran(pilotty, 'echo late');
    expect((await pilotty.run('output', '--cmd', '-1')).stdout).toBe('late\n');
  });

  test('ends with the exit code of what ended it', async ({ pilotty }) => {
    await start(pilotty, shell);
    await pilotty.run('type', 'exit 3', '--enter');
    await pilotty.run('wait', '--exit');
    expect(await listed(pilotty)).toEqual([[1, 'exit 3', 3]]);
  });

  test('runs a full-screen program, and another shell in its place', async ({ pilotty }) => {
    needs('vim', 'zsh');
    await start(pilotty, shell);
    await pilotty.run('type', 'vim -u NONE new.txt', '--enter');
    await pilotty.run('wait-for', 'new.txt');
    expect((await pilotty.run('commands')).json().commands[0]).toMatchObject({ state: 'running' });
    await pilotty.run('type', ':q', '--enter');
    await atPrompt(pilotty);
    write(pilotty, '.zshrc', 'PS1="inside> "\n');
    await pilotty.run('type', 'exec zsh', '--enter');
    await pilotty.run('wait-for', 'inside>');
    await pilotty.run('type', 'echo $((6 * 7))', '--enter');
    expect((await pilotty.run('wait-for', '^42', '--regex')).code).toBe(0);
    await pilotty.run('type', 'exit 5', '--enter');
    await pilotty.run('wait', '--exit');
    expect(await listed(pilotty)).toEqual([
      [1, 'vim -u NONE new.txt', 0],
      [2, 'exec zsh', 5],
    ]);
  });
});

describe.each(bashes)('%s with a file that has', (_, shell) => {
  test.for([
    ['set -u', 'set -u'],
    ['a PROMPT_COMMAND that fails', 'PROMPT_COMMAND="no-such-command 2>/dev/null"'],
    ['an array of PROMPT_COMMAND, one of which prints', 'PROMPT_COMMAND=("false" "printf \'ready\\n\'")'],
    ['a prompt set anew each time', 'PROMPT_COMMAND=\'PS1="<$?> there> "\''],
    ['a prompt of two lines and colours', "PS1='\\[\\e[32m\\]\\w\\[\\e[0m\\]\\nthere> '"],
    ['its own DEBUG trap', 'trap \'printf "[%s]\\n" "$BASH_COMMAND"\' DEBUG'],
    ['its own PS0', "PS0='go\\n'"],
    ['aliases for builtins', "alias printf='echo alias' local='echo alias' builtin='echo alias'"],
    ['odd separators', 'IFS=_pi; shopt -s extglob nullglob nocasematch'],
    ['no expansion of prompts', 'shopt -u promptvars'],
    ['nothing kept of lines with a space before', 'HISTCONTROL=ignoreboth'],
    ['a return', 'true && return; exit 9'],
  ])('%s', async ([name, rc], { pilotty }) => {
    const looks = await looksOf(pilotty, { ...shell, prompt: `${THERE}${rc}\n` }, [
      'false',
      'echo $?; set -- 1; printf "no newline"',
      ' echo spaced',
      'echo "x   y"',
      'echo "x   y"',
    ]);
    expect(looks.marked).toBe(looks.plain);
    if (name === 'no expansion of prompts') return;
    const ran = looks.commands.map(({ command, exit_code }: Listed) => [command, exit_code]);
    const say = (index: number) => expect.stringContaining(`echo end-of-${index}`);
    expect(ran).toEqual([0, 1, 2, 3, 4].map((index) => [say(index), 0]));
    const { output_range: output } = looks.commands[3];
    const bytes = (await pilotty.run('output', '-s', 'marked', '--ansi')).stdout.slice(
      output.start,
      output.end,
    );
    if (name !== 'its own DEBUG trap') expect(bytes).toBe('x   y\r\nend-of-3\r\n');
  });

  test('its own marks: nothing is listed twice', async ({ pilotty }) => {
    const own = `
      PS1='\\[\\e]133;A\\a\\]there> \\[\\e]133;B\\a\\]'
      PS0='\\e]133;C\\a'
      PROMPT_COMMAND='printf "\\e]133;D;%s\\a" $?'`;
    await start(pilotty, { ...shell, prompt: own });
    await ran(pilotty, 'echo one; (exit 4)');
    await ran(pilotty, 'echo two');
    expect(await listed(pilotty)).toEqual([
      [1, 'echo one; (exit 4)', 4],
      [2, 'echo two', 0],
    ]);
    expect((await pilotty.run('output', '--cmd', '1')).stdout).toBe('one\n');
  });

  test('set -e: it ends when it would have', async ({ pilotty }) => {
    await start(pilotty, { ...shell, prompt: `${THERE}set -e\n` });
    await ran(pilotty, '! true');
    await pilotty.run('type', 'false', '--enter');
    await pilotty.run('wait', '--exit');
    expect(await listed(pilotty)).toEqual([
      [1, '! true', 1],
      [2, 'false', 1],
    ]);
  });

  test('what is set anew at the prompt does not end the marks', async ({ pilotty }) => {
    await start(pilotty, shell);
    for (const line of [
      "PS1='other> '",
      "PROMPT_COMMAND='(exit 7)'",
      'false',
      'PROMPT_COMMAND="echo before; $PROMPT_COMMAND"',
      '(exit 4)',
      'unset PS0',
      'unset PROMPT_COMMAND',
      '(exit 5)',
    ]) {
      await ran(pilotty, line);
    }
    const codes = (await listed(pilotty)).map(([, , code]) => code);
    expect(codes).toEqual([0, 0, 1, 0, 4, 0, 0, 5]);
    expect((await pilotty.run('output', '--cmd', '5')).stdout).toBe('');
  });

  test('the history is its own', async ({ pilotty }) => {
    await start(pilotty, shell);
    await ran(pilotty, 'echo $HISTFILE; history');
    const { stdout } = await pilotty.run('output', '--cmd', '-1');
    expect(stdout).toBe(`${pilotty.home}/.bash_history\n    1  echo $HISTFILE; history\n`);
    await pilotty.run('type', 'exit', '--enter');
    await pilotty.run('wait', '--exit');
    expect(readFileSync(join(pilotty.home, '.bash_history'), 'utf8')).toBe('echo $HISTFILE; history\nexit\n');
  });

  test('the history is its own, whatever letters are in the path of the home directory', async ({
    pilotty,
  }) => {
    const home = join(pilotty.home, 'abcdefghijklmnopqrstuvwxyz');
    mkdirSync(home);
    writeFileSync(join(home, shell.file), shell.prompt);
    await pilotty.run('spawn', '--env', `HOME=${home}`, '--', ...shell.argv);
    await pilotty.run('wait-for', 'there>');
    await ran(pilotty, 'echo $HISTFILE');
    expect((await pilotty.run('output', '--cmd', '-1')).stdout).toBe(`${home}/.bash_history\n`);
  });

  test('a shell inside, with the same prompt, is one command', async ({ pilotty }) => {
    await start(pilotty, { ...shell, prompt: `export ${THERE}` });
    await pilotty.run('type', 'PS1="$PS1" bash --norc', '--enter');
    await until('the prompt inside', async () =>
      (await pilotty.run('output', '--cmd', '1')).stdout.includes('there>'),
    );
    await pilotty.run('type', 'exit 6', '--enter');
    await atPrompt(pilotty);
    expect(await listed(pilotty)).toEqual([[1, 'PS1="$PS1" bash --norc', 6]]);
  });
});

test('bash -l reads ENV of its user no more than it would, and gives it on', async ({ pilotty }) => {
  write(pilotty, 'env.sh', 'echo wrongly read\n');
  write(pilotty, '.profile', THERE);
  await pilotty.run('spawn', '--env', `ENV=${pilotty.home}/env.sh`, 'bash', '-l');
  await atPrompt(pilotty);
  await ran(
    pilotty,
    'printenv ENV; shopt -o posix; shopt login_shell inherit_errexit; echo "<$POSIXLY_CORRECT>"',
  );
  expect((await pilotty.run('output')).stdout).not.toContain('wrongly');
  expect((await pilotty.run('output', '--cmd', '1')).stdout.replaceAll(/[ \t]+/g, ' ')).toBe(
    `${pilotty.home}/env.sh\nposix off\nlogin_shell on\ninherit_errexit off\n<>\n`,
  );
});

describe('zsh', () => {
  test.for([
    ['nounset', 'setopt nounset'],
    ['hooks of its own that fail', 'precmd() { false }; preexec_functions=(no_such); PROMPT="<%?> there> "'],
    ['a prompt set anew each time', 'precmd() { PROMPT="<$?> there> " }; RPROMPT=right'],
    ['no mark for a missing end of line', "PROMPT_EOL_MARK=''"],
    ['no prompt_sp', 'unsetopt prompt_sp'],
    ['odd options', 'setopt ksh_arrays sh_word_split prompt_subst glob_subst'],
    ['aliases', "alias print='echo alias' local='echo alias'; alias -g array=x"],
  ])('with a file that has %s looks the same, and is marked', async ([, rc], { pilotty }) => {
    needs('zsh');
    const shell = { ...(shells.zsh as Shell), prompt: `${THERE}${rc}\n` };
    const looks = await looksOf(pilotty, shell, ['false', 'echo $?; printf "no newline"', 'echo "x   y"']);
    expect(looks.marked).toBe(looks.plain);
    expect(looks.commands).toHaveLength(3);
    const { output_range: output } = looks.commands[2];
    const bytes = (await pilotty.run('output', '-s', 'marked', '--ansi')).stdout;
    expect(bytes.slice(output.start, output.end)).toBe('x   y\r\nend-of-2\r\n');
  });

  test('without any file asks a new user as it would', async ({ pilotty }) => {
    needs('zsh');
    const look = async (name: string, ...options: string[]) => {
      await pilotty.run('spawn', '--name', name, ...options, 'zsh');
      await pilotty.run('wait-for', '-s', name, '[%#] |zsh-newuser-install', '--regex');
      return (await pilotty.run('snapshot', '-s', name, '--settle', '300', '--format', 'text')).stdout;
    };
    expect(await look('marked')).toBe(await look('plain', '--no-integration'));
  });

  test('finds the files of a ZDOTDIR, from outside or from its .zshenv', async ({ pilotty }) => {
    needs('zsh');
    write(pilotty, 'outside/.zshrc', 'PS1="outside> "\n');
    write(pilotty, '.zshenv', 'ZDOTDIR=$HOME/within\n');
    write(pilotty, 'within/.zshrc', 'PS1="within> "\n');
    await pilotty.run('spawn', '--env', `ZDOTDIR=${pilotty.home}/outside`, 'zsh');
    await atPrompt(pilotty);
    await ran(pilotty, 'print $ZDOTDIR');
    expect((await pilotty.run('output', '--cmd', '1')).stdout).toBe(`${pilotty.home}/outside\n`);
    await pilotty.run('kill');
    await pilotty.run('spawn', 'zsh');
    await atPrompt(pilotty);
    expect((await pilotty.run('wait-for', 'within>')).code).toBe(0);
  });
});

test.for([
  ['bash', '-c', 'cat'],
  ['bash', '--norc'],
  ['bash', '--rcfile', '/dev/null'],
  ['zsh', '-f'],
  ['fish', '--no-config'],
  ['sh'],
  ['--no-integration', 'bash'],
])('a shell that is asked for something else is left alone: %s', async (words, { pilotty }) => {
  await pilotty.run('spawn', ...words);
  expect((await pilotty.run('status')).json().shell).toEqual({
    at_prompt: null,
    last_command_number: null,
  });
  for (const command of [['commands'], ['output', '--cmd', '-1']]) {
    const answer = await pilotty.run(...command);
    expect(answer.code).toBe(1);
    expect(answer.error()).toMatchObject({
      message: "Session 'default' has no shell with integration",
      suggestion: expect.stringContaining('pilotty spawn bash'),
    });
  }
});

test('the last thousand of ten thousand commands are known, and marks are believed', async ({ pilotty }) => {
  const mark = (text: string) => `\\033]133;${text}\\007`;
  const line = `${mark('A')}$ ${mark('B')}do %s\\n${mark('C')}did %s\\n${mark('D;0')}`;
  const script = `i=0; while [ $i -lt 10000 ]; do i=$((i+1)); printf '${line}' $i $i; done; cat`;
  await pilotty.run('spawn', 'sh', '-c', script);
  await pilotty.run('wait-for', 'did 10000');
  const { commands } = (await pilotty.run('commands')).json();
  expect(commands).toHaveLength(1000);
  expect(commands.at(0)).toMatchObject({ number: 9001, command: 'do 9001', exit_code: 0 });
  expect((await pilotty.run('output', '--cmd', '9500')).stdout).toBe('did 9500\n');
  expect((await pilotty.run('output', '--cmd', '9000')).error().message).toContain('9001 to 10000');
});

test('output of a command that is no longer kept is counted', async ({ pilotty }) => {
  await start(pilotty, { ...(shells.bash as Shell) }, '--retain-bytes', '1000');
  await ran(pilotty, 'seq 1000');
  const answer = await pilotty.run('output', '--cmd', '-1', '--json');
  const result = answer.json();
  const [{ output_range: output }] = (await pilotty.run('commands')).json().commands;
  expect(result.missed_bytes).toBe(result.retention.dropped_bytes - output.start);
  expect(result.output).toMatch(/^\d+\n(?:\d+\n)*1000\n$/);
  await ran(pilotty, 'seq 1000');
  const gone = await pilotty.run('output', '--cmd', '1');
  expect(gone).toMatchObject({ stdout: '', code: 0 });
  expect(gone.stderr).toContain(`missed_bytes=${output.end - output.start} `);
});

async function start(pilotty: Pilotty, { argv, file, prompt }: Shell, ...options: string[]): Promise<void> {
  needs(argv[0] as string);
  write(pilotty, file, prompt);
  await pilotty.run('spawn', ...options, ...argv);
  await atPrompt(pilotty);
}

function atPrompt(pilotty: Pilotty): Promise<true> {
  return until('the prompt', async () => (await pilotty.run('status')).json().shell.at_prompt === true);
}

function lastLine(pilotty: Pilotty, line: string): Promise<true> {
  return until(`'${line}'`, async () => {
    const { text } = (await pilotty.run('snapshot')).json();
    return text.trimEnd().split('\n').at(-1).trimEnd() === line;
  });
}

/** Types a line and waits until it has run. */
async function ran(pilotty: Pilotty, line: string): Promise<void> {
  const before = (await pilotty.run('status')).json().shell.last_command_number ?? 0;
  await pilotty.run('type', line, '--enter');
  await until(`'${line}' to end`, async () => {
    const { at_prompt, last_command_number } = (await pilotty.run('status')).json().shell;
    return last_command_number === before + 1 && at_prompt;
  });
}

async function listed(pilotty: Pilotty): Promise<[number, string, number | null][]> {
  const { commands } = (await pilotty.run('commands')).json();
  return commands.map(({ number, command, exit_code }: Listed) => [number, command, exit_code]);
}

/** All that has been on the screen after the same lines, with and without marks. */
async function looksOf(pilotty: Pilotty, { argv, file, prompt }: Shell, lines: string[]) {
  needs(argv[0] as string);
  write(pilotty, file, prompt);
  const look = async (name: string, ...options: string[]) => {
    await pilotty.run('spawn', '--name', name, ...options, ...argv);
    await waitFor(pilotty, '-s', name, 'there>');
    for (const [index, line] of lines.entries()) {
      await pilotty.run('type', '-s', name, `${line}; echo end-of-${index}`, '--enter');
      await waitFor(pilotty, '-s', name, `(?s)^(no newline)?end-of-${index}\\n.*there>`, '--regex');
    }
    const seen = await pilotty.run('snapshot', '-s', name, '--scrollback', '100', '--format', 'text');
    return seen.stdout;
  };
  const plain = await look('plain', '--no-integration');
  const marked = await look('marked');
  const answer = await pilotty.run('commands', '-s', 'marked');
  return { plain, marked, commands: answer.json().commands };
}

/** The screen shows it, or the test has failed. */
async function waitFor(pilotty: Pilotty, ...words: string[]): Promise<void> {
  expect((await pilotty.run('wait-for', ...words)).code).toBe(0);
}

function write(pilotty: Pilotty, file: string, text: string): void {
  const path = join(pilotty.home, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

/** Every file, with a hash of what is in it, but those of a history and those fish writes when it has the time. */
/** What shells write by themselves, and what the daemon keeps for a restore. */
const NO_FILE_OF_THE_USER = /hist|generated_completions|^\.local\/state\/pilotty\//;

function filesOf(directory: string): Record<string, string> {
  const names = readdirSync(directory, { recursive: true, encoding: 'utf8' });
  const files = names.filter(
    (name) => !NO_FILE_OF_THE_USER.test(name) && statSync(join(directory, name)).isFile(),
  );
  const hash = (name: string) =>
    createHash('sha256')
      .update(readFileSync(join(directory, name)))
      .digest('hex');
  return Object.fromEntries(files.sort().map((name) => [name, hash(name)]));
}

test.for(['bash', 'zsh'] as const)(
  '%s: nothing of the marks is traced, and nothing is exported to a shell inside',
  async (name, { pilotty }) => {
    await start(pilotty, shells[name] as Shell);
    await ran(pilotty, 'set -x');
    await ran(pilotty, 'echo traced');
    await ran(pilotty, 'set +x');
    const { stdout } = await pilotty.run('output');
    const traced = stdout.split('\n').filter((line) => line.startsWith('+'));
    expect(traced.map((line) => line.replace(/^\+\S*\s*/, ''))).toEqual(['echo traced', 'set +x']);
    await ran(pilotty, 'set -a');
    await ran(pilotty, 'true');
    await ran(pilotty, 'env | grep -c -e __pilotty -e 133; set +a');
    expect((await pilotty.run('output', '--cmd', '-1')).stdout).toBe('0\n');
  },
);

test.for(Object.entries(shells))(
  '%s: events and waits tell how commands ended, and what an exec was given',
  async ([, shell], { pilotty }) => {
    await start(pilotty, shell);
    // From the oldest on: a process takes its time to begin, and what came before that is no event of its.
    const live = pilotty.start('events', '--after', '0', '--type', 'command_finished');
    const typed = await pilotty.run('type', 'false', '--enter', '--wait-command-finished');
    expect(typed.json().wait.command_finished).toEqual({ number: 1, command: 'false', exit_code: 1 });
    await ran(pilotty, 'true');
    await pilotty.run('exec', 'test -f /nonexistent');
    const told = [
      ['false', 1],
      ['true', 0],
      ['test -f /nonexistent', 1],
    ];
    const commandsIn = (text: string) =>
      text
        .split('\n')
        .filter((line) => line.includes('command_finished'))
        .map((line) => JSON.parse(line))
        .map(({ command, exit_code }) => [command, exit_code]);
    await until('the events', () => commandsIn(live.stdout()).length === 3);
    expect(commandsIn(live.stdout())).toEqual(told);
    live.child.kill();
    const past = await pilotty.run('events', '--past', '--type', 'command_finished');
    expect(commandsIn(past.stdout)).toEqual(told);
  },
);
