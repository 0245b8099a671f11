/** Shells that are a program of another name: BusyBox, and xonsh, which Python runs. */
import { expect } from 'vitest';
import { needs } from '../harness/programs.ts';
import { test } from './shell-session.ts';

const onLinux = test.runIf(process.platform === 'linux');

onLinux(
  'the shell of BusyBox tells how each command ended, and keeps what it changed',
  async ({ shells }) => {
    needs('busybox');
    const session = await shells.start(['busybox', 'sh']);
    const seen: unknown[] = [];
    for (const command of [
      'cd /; false',
      'echo $? $PWD; echo error >&2',
      'x=5',
      'echo $x; (exit 9)',
      'exit 4',
    ]) {
      const { stdout, stderr, exit_code } = await shells.exec(session, command);
      seen.push([stdout, stderr, exit_code]);
    }
    expect(seen).toEqual([
      ['', '', 1],
      ['1 /\n', 'error\n', 0],
      ['', '', 0],
      ['5\n', '', 9],
      ['', '', 4],
    ]);
  },
);

test('xonsh tells how each command ended, whether it is Python or a program, and keeps what it changed', async ({
  shells,
}) => {
  needs('xonsh');
  const session = await shells.start(['xonsh', '--no-rc']);
  await shells.client.request('session.wait', { session, prompt: true, timeout_ms: 50_000 });
  const seen: unknown[] = [];
  for (const command of [
    'echo out; sh -c "echo error >&2; exit 7"',
    'x = 5; cd /',
    'x + 1\npwd',
    'for name in ["a", "b"]:\n    echo @(name)',
    '',
    'test -t 1',
    'cat',
  ]) {
    const { stdout, stderr, exit_code } = await shells.exec(session, command);
    seen.push([stdout, stderr, exit_code]);
  }
  expect(seen).toEqual([
    ['out\n', 'error\n', 7],
    ['', '', 0],
    ['6\n/\n', '', 0],
    ['a\nb\n', '', 0],
    ['', '', 0],
    ['', '', 1],
    ['', '', 0],
  ]);
  for (const [command, error] of [
    ['1/0', 'ZeroDivisionError'],
    ['if (', 'SyntaxError'],
  ] as const) {
    const mistake = await shells.exec(session, command);
    expect([mistake.exit_code, mistake.stderr]).toEqual([1, expect.stringContaining(error)]);
  }
  const terminal = await shells.exec(session, 'test -t 1 and echo tty', { pty: true });
  expect([terminal.stdout, terminal.exit_code]).toEqual(['tty\r\n', 0]);
});

test('elvish is typed to, whatever its right prompt shows, and its exit codes are unknown', async ({
  shells,
}) => {
  needs('elvish');
  const session = await shells.start(['elvish', '-norc']);
  await shells.client.request('session.wait', { session, prompt: true, timeout_ms: 50_000 });
  for (const [command, output] of [
    ['echo out', 'out\n'],
    ['var x = 5', ''],
    ['echo $x', '5\n'],
    ['sh -c "exit 3"', expect.stringContaining('sh exited with 3')],
  ] as const) {
    const { stdout, exit_code } = await shells.exec(session, command);
    expect([command, stdout, exit_code]).toEqual([command, output, null]);
  }
});

test('nushell marks its prompts and commands itself: exec has their output alone, and how each ended', async ({
  pilotty,
  shells,
}) => {
  needs('nu');
  const session = await shells.start(['nu', '--no-config-file']);
  await shells.client.request('session.wait', { session, prompt: true, timeout_ms: 50_000 });
  const idle = await shells.client.request('session.status', { session });
  expect(idle).toMatchObject({ shell: { at_prompt: true }, work_state: { name: 'idle', why: 'prompt' } });
  const seen: unknown[] = [];
  for (const command of [
    'echo out',
    'let x = 5',
    '$x',
    'sh -c "echo error >&2; exit 3"',
    'cd /; $env.PWD',
    'print --no-newline a b',
    'if $x == 5 {\n  print "yes"\n}',
    'seq 1 30 | each { $"line ($in)" } | to text',
    '',
  ]) {
    const { stdout, exit_code } = await shells.exec(session, command);
    seen.push([stdout, exit_code]);
  }
  const lines = Array.from({ length: 30 }, (_, index) => `line ${index + 1}\n`).join('');
  expect(seen).toEqual([
    ['out\n', 0],
    ['', 0],
    ['5\n', 0],
    ['error\n', 3],
    ['/\n', 0],
    ['ab', 0],
    ['yes\n', 0],
    [lines, 0],
    // Nothing was run.
    ['', null],
  ]);
  for (const [command, error] of [
    ['ls /nonexistent', 'Not found'],
    ['1 +', 'Incomplete math expression'],
  ] as const) {
    const mistake = await shells.exec(session, command);
    expect([mistake.exit_code, mistake.stdout]).toEqual([1, expect.stringContaining(error)]);
  }
  const { commands } = await shells.client.request('session.commands', { session });
  expect(commands[3]).toMatchObject({ command: 'sh -c "echo error >&2; exit 3"', exit_code: 3 });
  // One that runs is no prompt, and one that is interrupted has no exit code of 0.
  const late = await shells.exec(session, 'sh -c "echo begun; exec sleep 1000"', { timeout_ms: 3000 });
  expect(late).toMatchObject({ outcome: 'deadline', exit_code: null });
  await pilotty.untilShown('begun', session);
  await shells.client.request('session.key', { session, keys: 'Ctrl+C' });
  const rest = await shells.exec(session, undefined);
  expect(rest.exit_code).not.toBe(0);
});
