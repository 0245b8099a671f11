/** What the Tab key completes, in the shells themselves, and what it costs: no daemon is started for it. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test as plainTest } from 'vitest';
import { aliases, groups } from '../../apps/cli/src/commands/index.ts';
import { completionTable } from '../../apps/cli/src/completion/table.ts';
import { type Pilotty, test } from '../harness/pilotty.ts';
import { missing, needs, PATH } from '../harness/programs.ts';
import { until } from '../harness/until.ts';
import { runInProcess } from './in-process.ts';

const BASH_COMPLETION = [
  '/usr/share/bash-completion/bash_completion',
  '/opt/homebrew/etc/profile.d/bash_completion.sh',
];

const SHELLS = {
  bash: {
    argv: ['bash', '--norc', '--noprofile', '-i'],
    load: "PS1='$ '; source <(pilotty completion bash)",
  },
  'bash with bash-completion': {
    argv: ['bash', '--norc', '--noprofile', '-i'],
    load: `PS1='$ '; for file in ${BASH_COMPLETION.join(' ')}; do [ -r $file ] && . $file; done; source <(pilotty completion bash)`,
  },
  zsh: {
    argv: ['zsh', '-f', '-i'],
    load: "PS1='$ '; autoload -U compinit; compinit -u -D; setopt no_beep; source <(pilotty completion zsh)",
  },
  fish: {
    argv: ['fish', '--no-config', '-i'],
    load: 'function fish_prompt; echo "\\$ "; end; pilotty completion fish | source',
  },
};

/** What is typed before Tab, and what the line must be then. */
const COMPLETED = [
  ['snaps', 'snapshot'],
  ['help wait-op', 'help wait-options'],
  ['help snaps', 'help snapshot'],
  ['send --wait-gone-', 'send --wait-gone-regex'],
  ['snapshot --format comp', 'snapshot --format compact'],
  ['snapshot --format=comp', 'snapshot --format=compact'],
  ['snapshot -f comp', 'snapshot -f compact'],
  ['scroll dow', 'scroll down'],
  ['kill -s build', 'kill -s build-7'],
  ['kill --session=build', 'kill --session=build-7'],
  ['ls --tag nigh', 'ls --tag nightly'],
  ['ls --tag team:', 'ls --tag team:web=blue'],
  ['ls --tag=team:web=', 'ls --tag=team:web=blue'],
  ['output -s over', 'output -s over-and-done'],
  ['key PageU', 'key PageUp'],
  ['send -s build-7 hello Esca', 'send -s build-7 hello Escape'],
  ['paste -s build-7 note', 'paste -s build-7 notes.txt'],
  ['spawn --cwd subd', 'spawn --cwd subdir/'],
  ['spawn --name x zzprog', 'spawn --name x zzprogram'],
  ['run -t 5s zzprogram note', 'run -t 5s zzprogram notes.txt'],
  ['completion zs', 'completion zsh'],
] as const;

test.for(Object.entries(SHELLS))('Tab completes in %s', async ([name, { argv, load }], { pilotty }) => {
  const [shell = ''] = argv;
  needs(shell);
  if (name.includes('with') && !BASH_COMPLETION.some((file) => existsSync(file)))
    missing('bash-completion not found; on Debian: apt-get install bash-completion');
  const env = prepare(pilotty);
  await pilotty.spawn('build-7', ['cat'], { tags: ['nightly', 'team:web=blue'] });
  await pilotty.spawn('over-and-done', ['true']);
  await pilotty.client.request('session.wait', { session: 'over-and-done', exit: true });
  await pilotty.spawn('shell', argv, { env, size: { cols: 200, rows: 50 } });
  const line = async () => {
    const { text = '' } = await pilotty.client.request('session.snapshot', {
      session: 'shell',
      format: 'text',
    });
    return (
      text
        .replaceAll(/\[(.)\]/g, '$1')
        .replaceAll('_', ' ')
        .trimEnd()
        .split('\n')
        .at(-1)
        ?.trimEnd() ?? ''
    );
  };
  const press = (parts: { text?: string; key?: string }[]) =>
    pilotty.client.request('session.send', { session: 'shell', parts: parts as never });
  await press([{ text: `${load}; clear` }, { key: 'Enter' }]);
  for (const [typed, completed] of COMPLETED) {
    let seen = '';
    const shows = async (wanted: RegExp) => {
      seen = await line();
      return wanted.test(seen);
    };
    await until('an empty line', () => shows(/^\$$/), { lastSeen: () => seen });
    await press([{ text: `pilotty ${typed}` }, { key: 'Tab' }]);
    // zsh offers both forms of an option that takes a value.
    const wanted = new RegExp(`pilotty ${completed.replaceAll(/[.+*?]/g, '\\$&')}=?$`);
    await until(`'${typed}' to be completed`, () => shows(wanted), { lastSeen: () => seen });
    await press([{ key: 'Ctrl+U' }]);
  }
});

/** A home to complete in; `pilotty` is on PATH, and a program with a name of its own. */
function prepare(pilotty: Pilotty): Record<string, string> {
  const programs = join(pilotty.directory, 'programs');
  mkdirSync(programs);
  const script = (name: string, text: string) =>
    writeFileSync(join(programs, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  script('pilotty', `exec ${pilotty.program.map((word) => `'${word}'`).join(' ')} "$@"`);
  script('zzprogram', 'exit 0');
  writeFileSync(join(pilotty.home, 'notes.txt'), '');
  mkdirSync(join(pilotty.home, 'subdir'));
  return { ...pilotty.env, PATH: `${programs}:${PATH}` };
}

test("the names are the running daemon's, and without one there are none, and none is started", async ({
  pilotty,
}) => {
  for (const list of ['sessions', 'running', 'tags'])
    expect(await pilotty.run('completion', '--list', list)).toMatchObject({
      code: 0,
      stdout: '',
      stderr: '',
    });
  expect(pilotty.processes()).toEqual([]);
  await pilotty.spawn('b', ['cat'], { tags: ['ci', 'team:web'] });
  await pilotty.spawn('a', ['true'], { tags: ['ci'] });
  await pilotty.client.request('session.wait', { session: 'a', exit: true });
  expect(await pilotty.run('completion', '--list', 'sessions')).toMatchObject({ code: 0, stdout: 'a\nb\n' });
  expect(await pilotty.run('completion', '--list', 'running')).toMatchObject({ code: 0, stdout: 'b\n' });
  expect(await pilotty.run('completion', '--list', 'tags')).toMatchObject({
    code: 0,
    stdout: 'ci\nteam:web\n',
  });
  // A wait that goes by the session used last is not led astray by a look.
  expect((await pilotty.run('completion', '--list', 'sessions', '--json')).json()).toMatchObject({
    names: ['a', 'b'],
  });
});

test('of a session that has ended, what can only be refused is not offered', async ({ pilotty }) => {
  await pilotty.spawn('over', ['true']);
  await pilotty.client.request('session.wait', { session: 'over', exit: true });
  const { stdout } = await pilotty.run('completion', 'bash');
  const offered = (command: string) =>
    new RegExp(`^ *${command}\\) case .* --session \\| -s\\) kind=\\$'(\\w+)'`, 'm').exec(stdout)?.[1];
  const refused = [
    ['exec', 'true'],
    ['take'],
    ['release'],
    ['hand-over', '--message', 'look'],
    ['key', 'Enter'],
    ['signal', 'INT'],
  ];
  for (const [command = '', ...words] of refused) {
    const { code } = (await pilotty.run(command, '-s', 'over', ...words)).error();
    expect([command, offered(command), code]).toEqual([command, 'running', 'SESSION_EXITED']);
  }
  expect(offered('attach')).toBe('running');
  for (const command of ['output', 'status', 'restart']) expect(offered(command)).toBe('sessions');
});

plainTest('a shell that is not known is refused, and so is nothing at all', async () => {
  expect(await runInProcess(['completion', 'tcsh'])).toMatchObject({ code: 2, requests: [] });
  expect(await runInProcess(['completion'])).toMatchObject({ code: 2, requests: [] });
  expect(await runInProcess(['completion', 'bash', '--list', 'tags'])).toMatchObject({
    code: 2,
    requests: [],
  });
});

plainTest.for(['bash', 'zsh', 'fish'])(
  'the script of %s has every command and every option',
  async (shell) => {
    const { stdout } = await runInProcess(['completion', shell]);
    for (const { names, options } of await completionTable({ groups, aliases })) {
      for (const name of names) expect(stdout).toMatch(new RegExp(`\\b${name}\\b`));
      for (const { long } of options) expect(stdout).toContain(shell === 'fish' ? `-l ${long}` : `--${long}`);
    }
  },
);

/** What no list of words can complete: times, numbers, texts, patterns, names that are new. */
const FREE = new Set(
  'TIME MOMENT N TEXT RE ROW,COL HASH REV NAMES KEY FIRST:LAST COLSxROWS K=V TERM LINES PID CURSOR OFFSET COL ROW SOURCE NAME HOST PORT ADDRESS HOST:PORT ORIGIN WHICH KEYS SIZE POLICY COMMAND URL RULE PLACE ID FLEET SIZE[,AGE]'.split(
    ' ',
  ),
);

plainTest('each value of an option is completed, or known to be free', async () => {
  const options = (await completionTable({ groups, aliases })).flatMap((command) => command.options);
  const uncompleted = options.filter(({ value }) => value?.kind === 'none' && !FREE.has(value.label));
  expect(uncompleted.map(({ long, value }) => `--${long} ${value?.label}`)).toEqual([]);
});
