/** Each error a user can meet now: its code, its exit code, and the next thing to try. */

import { mkdirSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { errors } from '../../packages/protocol/src/index.ts';
import type { Answer } from '../harness/answer.ts';
import { processTest as test } from '../harness/pilotty.ts';
import { program } from '../harness/programs.ts';

/** The error, if the answer is one and nothing else. */
function errorOf(answer: Answer) {
  expect(answer.stdout).toBe('');
  expect(answer.stderr.trimEnd()).not.toContain('\n');
  const error = answer.error();
  expect(error.message).toMatch(/\S/);
  expect(error.suggestion).toMatch(/\S/);
  return { code: error.code, exitCode: answer.code };
}

test('of a session that is not there', async ({ pilotty }) => {
  const expected = { code: 'SESSION_NOT_FOUND', exitCode: 5 };
  await pilotty.run('spawn', 'cat');
  const commands = [
    ['status'],
    ['kill'],
    ['signal', 'INT'],
    ['rename', 'new'],
    ['tag', '+x'],
    ['resize', '80', '24'],
    ['snapshot'],
    ['wait-for', 'x'],
    ['output'],
    ['type', 'x'],
    ['key', 'x'],
    ['paste'],
  ];
  // An unknown name never falls back to the session there is.
  const answers = await Promise.all(
    commands.map((words) => pilotty.run(...words, '-s', 'nobody', { input: '' })),
  );
  expect(answers.map(errorOf)).toEqual(commands.map(() => expected));
  expect(errorOf(await pilotty.run('status', { env: { PILOTTY_SESSION: 'nobody' } }))).toEqual(expected);
});

test('of the only command on an empty daemon', async ({ pilotty }) => {
  expect(errorOf(await pilotty.run('snapshot'))).toEqual({ code: 'SESSION_NOT_FOUND', exitCode: 5 });
});

test('of a session that has ended', async ({ pilotty }) => {
  await pilotty.run('spawn', '--name', 'short', '--', 'true');
  await pilotty.run('wait-for', '-s', 'short', 'never shown');
  for (const words of [
    ['key', 'x'],
    ['type', 'x'],
    ['resize', '80', '24'],
    ['signal', 'INT'],
  ]) {
    expect(errorOf(await pilotty.run(...words, '-s', 'short'))).toEqual({
      code: 'SESSION_EXITED',
      exitCode: 4,
    });
  }
  for (const words of [['status'], ['snapshot'], ['output']]) {
    expect((await pilotty.run(...words, '-s', 'short')).code).toBe(0);
  }
});

test('of a name that is taken or cannot be one', async ({ pilotty }) => {
  await pilotty.run('spawn', '--name', 'taken', 'cat');
  expect(errorOf(await pilotty.run('spawn', '--name', 'taken', 'cat'))).toEqual({
    code: 'SESSION_EXISTS',
    exitCode: 1,
  });
  for (const name of ['a/b', '..', 'a\\b', '\u0007', '']) {
    expect(errorOf(await pilotty.run('spawn', `--name=${name}`, 'cat')), name).toEqual({
      code: 'INVALID_NAME',
      exitCode: 2,
    });
    expect(errorOf(await pilotty.run('rename', '-s', 'taken', '--', name)), name).toEqual({
      code: 'INVALID_NAME',
      exitCode: 2,
    });
  }
});

test('of a program that cannot be started, which leaves no session behind', async ({ pilotty }) => {
  const expected = { code: 'SPAWN_FAILED', exitCode: 1 };
  expect(errorOf(await pilotty.run('spawn', 'no-such-program'))).toEqual(expected);
  expect(errorOf(await pilotty.run('spawn', pilotty.home))).toEqual(expected);
  expect(errorOf(await pilotty.run('spawn', '--cwd', '/no/such/directory', 'cat'))).toEqual(expected);
  expect((await pilotty.run('list-sessions', '--all')).json().sessions).toEqual([]);
});

describe('of a value that is out of range', () => {
  test.for([
    ['resize', '1000', '1000'],
    ['snapshot', '--scrollback', '999999999999'],
    ['wait-for', '--regex', '(', '-t', '1s'],
    ['tag', '+two words'],
    ['kill', '--signal', 'NOPE'],
    ['signal', 'NOPE'],
  ])('%j', async (words, { pilotty }) => {
    await pilotty.run('spawn', 'cat');
    expect(errorOf(await pilotty.run(...words))).toEqual({ code: 'INVALID_INPUT', exitCode: 2 });
  });
});

test('of a key that is none, with its nearest, and nothing sent', async ({ pilotty }) => {
  await pilotty.run('spawn', '--', ...program('echo-keys.cjs'));
  await pilotty.run('wait-for', 'ready');
  const answer = await pilotty.run('key', 'a Ctl+C');
  expect(errorOf(answer)).toEqual({ code: 'INVALID_KEY', exitCode: 2 });
  expect(answer.error().message).toContain('Ctl');
  await pilotty.run('key', 'Ctrl+D');
  await pilotty.run('wait-for', '04');
  expect((await pilotty.run('snapshot')).json().text).toBe('ready\n04');
});

test('of input that the program does not take in time', async ({ pilotty }) => {
  await pilotty.run('spawn', '--', 'sh', '-c', 'stty raw; echo raw; exec sleep 60');
  await pilotty.run('wait-for', 'raw');
  const answer = await pilotty.run('type', '-', '-t', '50ms', { input: 'x'.repeat(1024 * 1024) });
  expect(errorOf(answer)).toEqual({ code: 'TIMEOUT', exitCode: 3 });
});

test('of a file that cannot be read', async ({ pilotty }) => {
  const answer = await pilotty.run('paste', 'no-such-file');
  expect(errorOf(answer)).toEqual({ code: 'INVALID_INPUT', exitCode: 2 });
  expect(answer.error().message).toBe("cannot read 'no-such-file': no such file");
});

test('of a refusal that has no better advice than the help of the command', async ({ pilotty }) => {
  await pilotty.run('spawn', 'cat');
  const answer = await pilotty.run('tag', '+two words');
  expect(answer.error().suggestion).toContain("'pilotty tag --help'");
});

test('of a daemon that is not there, cannot be, or is not ours', async ({ pilotty }) => {
  const expected = { code: 'DAEMON_UNREACHABLE', exitCode: 6 };
  expect(errorOf(await pilotty.run('info'))).toEqual(expected);
  expect(errorOf(await pilotty.run('logs'))).toEqual(expected);
  const tooLong = { env: { PILOTTY_SOCKET_DIR: join(pilotty.home, 'd'.repeat(100)) } };
  expect(errorOf(await pilotty.run('ls', tooLong))).toEqual(expected);
  expect(errorOf(await pilotty.run('ls', { env: { PILOTTY_SOCKET_DIR: '/dev/null' } }))).toEqual(expected);
});

test.for([
  ['in a file', () => '/etc/passwd/x'],
  ['where nothing can be made', () => (process.platform === 'linux' ? '/proc/x' : '/dev/x/y')],
  ['with a name too long for any file', () => `/${'d'.repeat(5000)}`],
  [
    'through links that lead in a circle',
    (home: string) => {
      symlinkSync('circle', join(home, 'circle'));
      return join(home, 'circle/x');
    },
  ],
] as const)('of a socket directory %s', async ([, directory], { pilotty }) => {
  const env = { PILOTTY_SOCKET_DIR: directory(pilotty.home) };
  const answer = await pilotty.run('ls', { env });
  expect(errorOf(answer)).toEqual({ code: 'DAEMON_UNREACHABLE', exitCode: 6 });
  expect(answer.error().suggestion).toContain('PILOTTY_SOCKET_DIR');
});

test('of a setting that the daemon cannot understand', async ({ pilotty }) => {
  const answer = await pilotty.run('ls', { env: { PILOTTY_LOG_LEVEL: 'loud' } });
  expect(errorOf(answer)).toEqual({ code: 'INVALID_INPUT', exitCode: 2 });
  expect(answer.error().message).toContain('PILOTTY_LOG_LEVEL');
});

test('of a daemon that speaks another protocol and keeps its sessions', async ({ pilotty }) => {
  mkdirSync(pilotty.socketDir, { mode: 0o700 });
  const hello = { protocol: 99, version: '99.0.0', pid: 1, sessions: 2, stepping_down: false };
  const error = {
    code: -32000,
    message: 'you speak 1',
    data: { code: 'PROTOCOL_MISMATCH', suggestion: 'stop it' },
  };
  const server = createServer((socket) => {
    // The native client hangs up on what it does not understand, and the Node program asks.
    socket.on('error', () => {});
    socket.once('data', () => {
      socket.end(`${JSON.stringify({ id: 0, result: hello })}\n${JSON.stringify({ id: 1, error })}\n`);
    });
  });
  const socket = join(pilotty.socketDir, 'pilotty.sock');
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  const answer = await pilotty.run('ls');
  const json = await pilotty.run('ls', '--json');
  await new Promise((closed) => server.close(closed));
  const lines = json.stderr
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines).toMatchObject([
    { type: 'warning', message: expect.stringContaining('99.0.0') },
    { code: 'PROTOCOL_MISMATCH' },
  ]);
  const [warning, refusal = ''] = answer.stderr.trimEnd().split('\n');
  expect(warning).toMatch(/^warning: .*99\.0\.0.*pilotty stop/);
  expect(JSON.parse(refusal)).toMatchObject({ code: 'PROTOCOL_MISMATCH' });
  expect(answer).toMatchObject({ code: errors.PROTOCOL_MISMATCH.exitCode, stdout: '' });
});
