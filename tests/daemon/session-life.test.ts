import { mkdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { test } from '../harness/pilotty.ts';
import { needs, program } from '../harness/programs.ts';
import { until } from '../harness/until.ts';

test('every last word of a program is kept, however fast it ends', async ({ pilotty }) => {
  await pilotty.run('daemon');
  for (let round = 0; round < 5; round++) {
    const names = Array.from({ length: 8 }, (_, index) => `r${round}-${index}`);
    const outputs = await Promise.all(
      names.map(async (name) => {
        await pilotty.run('spawn', '--name', name, ...program('last-words.sh', '20000', '7'));
        await pilotty.run('wait-for', '-s', name, 'the end');
        return pilotty.run('output', '-s', name, '--ansi');
      }),
    );
    const expected = `${Array.from({ length: 20_000 }, (_, index) => `${index + 1}\r\n`).join('')}the end\r\n`;
    for (const { stdout } of outputs) expect(stdout === expected, `${stdout.length} bytes`).toBe(true);
  }
});

test('an exit is told with its code, a death with its signal', async ({ pilotty }) => {
  await pilotty.run('spawn', '--name', 'code', 'sh', '-c', 'exit 7');
  await pilotty.run('spawn', '--name', 'signal', 'sh', '-c', 'kill -USR1 $$');
  const exitOf = async (name: string) => {
    await pilotty.run('wait-for', '-s', name, 'nothing');
    return (await pilotty.run('status', '-s', name)).json().exit;
  };
  const fine = { killed_by_client: false, lifetime_over: false, output_complete: true };
  expect(await exitOf('code')).toEqual({ exit_code: 7, signal: null, success: false, ...fine });
  expect(await exitOf('signal')).toEqual({ exit_code: null, signal: 'SIGUSR1', success: false, ...fine });
});

test('an ended session leaves the list, and is still there to be looked at', async ({ pilotty }) => {
  await pilotty.run('spawn', '--name', 'gone', ...program('last-words.sh', '3', '0'));
  await pilotty.run('wait-for', '-s', 'gone', 'the end');
  await until('the session to leave the list', async () => {
    return (await pilotty.run('list-sessions')).json().sessions.length === 0;
  });
  expect((await pilotty.run('list-sessions', '--all')).json().sessions).toMatchObject([
    { name: 'gone', state: 'exited' },
  ]);
  const screen = (await pilotty.run('snapshot', '-s', 'gone')).json();
  expect(screen).toMatchObject({ outcome: 'exited', text: '1\n2\n3\nthe end', exit: { exit_code: 0 } });
  const typed = await pilotty.run('type', '-s', 'gone', 'x');
  expect(typed.code).toBe(4);
  expect(typed.error()).toMatchObject({ code: 'SESSION_EXITED', details: { exit: { exit_code: 0 } } });
  // The name is free again, and then means the new one.
  expect((await pilotty.run('spawn', '--name', 'gone', 'cat')).code).toBe(0);
  expect((await pilotty.run('status', '-s', 'gone')).json().state).toBe('running');
});

test('kill reaches a program that ignores TERM, and its child in a session of its own', async ({
  pilotty,
}) => {
  await pilotty.run('spawn', '--name', 'stubborn', ...program('stubborn.cjs'));
  await pilotty.run('wait-for', '-s', 'stubborn', '-r', 'child \\d+ ready');
  const { results } = (await pilotty.run('kill', '-s', 'stubborn')).json();
  expect(results).toMatchObject([
    { session: 'stubborn', exit: { signal: 'SIGKILL', killed_by_client: true }, survivors: [] },
  ]);
  expect(pilotty.processes().filter(({ command }) => command.includes('stubborn'))).toEqual([]);
});

test('an interactive shell that is killed goes at once, by the hang-up', async ({ pilotty }) => {
  needs('bash');
  await pilotty.run('spawn', '--name', 'shell', '--env', 'PS1=$ ', 'bash', '--norc');
  await pilotty.run('wait-for', '-s', 'shell', '$ ');
  const { results } = (await pilotty.run('kill', '-s', 'shell')).json();
  expect(results).toMatchObject([{ exit: { signal: 'SIGHUP' } }]);
});

test('what left the terminal on purpose is not killed but reported', async ({ pilotty }) => {
  needs('setsid');
  const away = 'setsid sleep 1000 </dev/null >/dev/null 2>&1 & echo started; exec cat';
  await pilotty.run('spawn', '--name', 'parent', 'sh', '-c', away);
  await pilotty.run('wait-for', '-s', 'parent', 'started');
  const sleeper = await until('the child to be away', () =>
    pilotty.processes().find(({ command }) => command === 'sleep 1000'),
  );
  const { results } = (await pilotty.run('kill', '-s', 'parent')).json();
  expect(results[0].survivors).toEqual([{ pid: sleeper.pid, command: 'sleep 1000' }]);
  process.kill(sleeper.pid, 'SIGKILL');
});

test('kill takes tags, and all', async ({ pilotty }) => {
  for (const [name, tag] of [
    ['a', 'ci'],
    ['b', 'ci'],
    ['c', 'dev'],
  ] as const) {
    await pilotty.run('spawn', '--name', name, '--tag', tag, 'cat');
  }
  const names = async (...args: string[]) =>
    (await pilotty.run('list-sessions', ...args)).json().sessions.map(({ name }: { name: string }) => name);
  const killed = async (...args: string[]) =>
    (await pilotty.run('kill', ...args)).json().results.map(({ session }: { session: string }) => session);
  expect(await names('--tag', 'ci')).toEqual(['a', 'b']);
  expect(await killed('--tag', 'ci')).toEqual(['a', 'b']);
  expect(await killed('--all')).toEqual(['c']);
  expect(await names()).toEqual([]);
});

test('a signal goes to what is in the foreground', async ({ pilotty }) => {
  needs('bash');
  await pilotty.run('spawn', '--name', 'shell', '--env', 'PS1=$ ', 'bash', '--norc');
  await pilotty.run('wait-for', '$ ');
  await pilotty.run('type', 'sleep 1000', '--enter');
  await until('sleep to be in the foreground', async () => {
    return (await pilotty.run('status')).json().foreground?.argv[0] === 'sleep';
  });
  expect((await pilotty.run('signal', 'INT')).code).toBe(0);
  await until('the shell to be in the foreground', async () => {
    return (await pilotty.run('status')).json().foreground?.argv[0] === 'bash';
  });
  expect((await pilotty.run('signal', 'NOPE')).error().code).toBe('INVALID_INPUT');
});

test("environment and directory are the caller's, each time, and nothing else's", async ({ pilotty }) => {
  await pilotty.run('daemon', { env: { FROZEN: 'daemon' } });
  const directory = realpathSync(pilotty.home);
  const env = { MINE: 'é\n2', LINES: '5', COLUMNS: '6', TMUX: '/tmp/tmux', TERM: 'dumb' };
  const answer = await pilotty.run('run', '--env', 'EXTRA=a=b', '--', 'sh', '-c', 'pwd; env', {
    env,
    cwd: directory,
  });
  const lines = answer.stdout.split('\n');
  expect(lines[0]).toBe(directory);
  expect(lines).toEqual(
    expect.arrayContaining(['MINE=é', '2', 'EXTRA=a=b', 'TERM=xterm-256color', 'PILOTTY=1']),
  );
  expect(answer.stdout).not.toMatch(/^(FROZEN|LINES|COLUMNS|TMUX)=/m);
  const bare = await pilotty.run('run', '--clean-env', 'env', { env });
  expect(bare.stdout).not.toContain('MINE=');
});

test("a session's program has no descriptor but its terminal", async ({ pilotty }) => {
  needs('ls');
  const answer = await pilotty.run(
    'run',
    'sh',
    '-c',
    'for fd in /proc/self/fd/*; do readlink $fd; done | sort -u',
  );
  const open = answer.stdout
    .trim()
    .split('\n')
    .filter((line) => !/^\/dev\/pts\/\d+$|^\/proc\/|^pipe:/.test(line));
  expect(open).toEqual([]);
});

test.for([
  ['a program that is not there', ['no-such-program'], /not found in PATH/],
  ['a path that is not there', ['./no-such-program'], /no such file/],
  ['a directory', ['./directory'], /is a directory/],
  ['a file that may not be run', ['./plain'], /permission denied/],
  ['a script whose interpreter is not there', ['./script'], /needs '\/no\/such\/interpreter'/],
  ['a script from another system', ['./broken'], /No such file/],
] as const)('spawn fails and leaves nothing: %s', async ([, argv, reason], { pilotty }) => {
  mkdirSync(join(pilotty.home, 'directory'));
  writeFileSync(join(pilotty.home, 'plain'), '');
  writeFileSync(join(pilotty.home, 'script'), '#!/no/such/interpreter\n', { mode: 0o755 });
  // Only the kernel sees the carriage return, so only the attempt can fail.
  writeFileSync(join(pilotty.home, 'broken'), '#!/bin/sh\r\n', { mode: 0o755 });
  const answer = await pilotty.run('spawn', '--name', 'x', ...argv);
  expect(answer.code).toBe(1);
  expect(answer.error()).toMatchObject({ code: 'SPAWN_FAILED', message: expect.stringMatching(reason) });
  expect((await pilotty.run('list-sessions', '--all')).json().sessions).toEqual([]);
});

test('a directory that cannot be used is SPAWN_FAILED as well', async ({ pilotty }) => {
  const answer = await pilotty.run('spawn', '--cwd', 'nowhere', 'cat');
  expect(answer.error()).toMatchObject({ code: 'SPAWN_FAILED', message: expect.stringContaining('nowhere') });
  symlinkSync(pilotty.home, join(pilotty.directory, 'link'));
  expect((await pilotty.run('spawn', '--cwd', join(pilotty.directory, 'link'), 'cat')).code).toBe(0);
});

test('who acts on a session that has ended is told which ones have not', async ({ pilotty }) => {
  await pilotty.run('spawn', '--name', 'other', 'cat');
  await pilotty.run('spawn', '--name', 'brief', 'true');
  await pilotty.run('wait-for', '-s', 'brief', 'nothing');
  const refused = (await pilotty.run('key', '-s', 'brief', 'x')).error();
  expect(refused).toMatchObject({
    code: 'SESSION_EXITED',
    suggestion: expect.stringContaining('Running sessions: other'),
  });
});

test('the size is what was asked for, and what the program sees', async ({ pilotty }) => {
  await pilotty.run(
    'spawn',
    '--size',
    '100x30',
    'sh',
    '-c',
    'stty size; trap "stty size" WINCH; while :; do read line; done',
  );
  await pilotty.run('wait-for', '30 100');
  expect((await pilotty.run('resize', '120', '40')).json().size).toEqual({ cols: 120, rows: 40 });
  // The trap may run before the line is read, and then what it prints is no answer to that.
  await pilotty.run('type', '', '--enter');
  await until('the new size', async () => (await pilotty.run('output')).stdout.includes('40 120'));
  for (const [cols, rows] of [
    ['0', '5'],
    ['1', '5'],
    ['1001', '5'],
    ['1000', '251'],
  ] as const) {
    expect((await pilotty.run('resize', cols, rows)).error().code).toBe('INVALID_INPUT');
  }
  await pilotty.run('resize', '2', '1');
  await pilotty.run('type', 'wide 漢字', '--enter');
  await pilotty.run('resize', '80', '24');
  expect((await pilotty.run('snapshot')).json().size).toEqual({ cols: 80, rows: 24 });
});
