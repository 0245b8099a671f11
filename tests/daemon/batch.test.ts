/** Many commands through one process and one connection, against a real daemon. */
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect } from 'vitest';
import type { Answer } from '../harness/answer.ts';
import { type Pilotty, test } from '../harness/pilotty.ts';
import { program } from '../harness/programs.ts';

function answersOf({ stdout }: Answer) {
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}

/** Once the b shows, the daemon is busy with it for as long as a test may take. */
const LONG_KEYS = `key 'b${' F1'.repeat(50)}' --delay 1s`;

/** A batch that is talked with: one line in, one line out. */
function coprocess(pilotty: Pilotty, ...options: string[]) {
  const child = spawn(pilotty.program[0], [...pilotty.program.slice(1), 'batch', ...options], {
    cwd: pilotty.home,
    env: pilotty.env,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const answers = createInterface(child.stdout)[Symbol.asyncIterator]();
  const ended = new Promise((resolve) => child.once('exit', (code) => resolve(code)));
  const ask = async (line: string) => {
    child.stdin.write(`${line}\n`);
    const { value } = await answers.next();
    return value === undefined ? undefined : JSON.parse(value);
  };
  return { child, ask, ended };
}

test('each line is answered before the next is there', async ({ pilotty }) => {
  const { child, ask, ended } = coprocess(pilotty);
  expect(await ask('spawn --name keys -- cat')).toMatchObject({
    line: 1,
    exit_code: 0,
    result: { name: 'keys' },
  });
  expect(await ask('\n# not a command\n["type", "a b", "--enter"]')).toMatchObject({ line: 4, exit_code: 0 });
  expect(await ask("wait-for 'a b'")).toMatchObject({ line: 5, exit_code: 0 });
  expect(await ask('info')).toMatchObject({ result: { connections: 1 } });
  child.stdin.end();
  expect(await ended).toBe(0);
});

test('two thousand lines are answered in order, and reach the program in order', async ({ pilotty }) => {
  await pilotty.run('spawn', '--', ...program('echo-keys.cjs'));
  await pilotty.run('wait-for', 'ready');
  const texts = Array.from({ length: 2000 }, (_, index) => `${index},`);
  const input = texts.map((text) => `type ${text}\n`).join('');
  const answer = await pilotty.run('batch', { input });
  expect(answer).toMatchObject({ code: 0, stderr: '' });
  const answers = answersOf(answer);
  expect(answers.map(({ line, command }) => [line, command[1]])).toEqual(
    texts.map((text, index) => [index + 1, text]),
  );
  await pilotty.run('key', 'Ctrl+D');
  const { stdout } = await pilotty.run('output', '--follow');
  const typed = Buffer.from(stdout.replace('ready', '').replaceAll(/\s/g, ''), 'hex').toString();
  expect(typed).toBe(`${texts.join('')}\x04`);
});

test('a command that fails is told of, and the others are done', async ({ pilotty }) => {
  const file = join(pilotty.home, 'steps');
  writeFileSync(file, "spawn --name a cat\nstatus -s nobody\nrun sh -c 'echo {}; exit 7'\nkill -s a");
  const all = await pilotty.run('batch', 'steps');
  expect(all).toMatchObject({ code: 5, stderr: '' });
  expect(answersOf(all)).toMatchObject([
    { line: 1, exit_code: 0, result: { type: 'session_created' } },
    { line: 2, exit_code: 5, error: { code: 'SESSION_NOT_FOUND' } },
    { line: 3, exit_code: 7, output: '{}\n' },
    { line: 4, exit_code: 0, result: { type: 'sessions_killed' } },
  ]);
  const some = await pilotty.run('batch', file, '--bail');
  expect([some.code, answersOf(some).length]).toEqual([5, 2]);
});

test('with --bail a batch ends although more lines may come', async ({ pilotty }) => {
  const { ask, ended } = coprocess(pilotty, '--bail');
  expect(await ask('status -s nobody')).toMatchObject({ exit_code: 5 });
  expect(await ended).toBe(5);
});

test('the lines of a file leave stdin to the first command that reads it', async ({ pilotty }) => {
  writeFileSync(join(pilotty.home, 'steps'), 'spawn cat\ntype -\nwait --cursor 0,5\npaste\n');
  const answer = await pilotty.run('batch', 'steps', { input: 'hello' });
  expect(answersOf(answer)).toMatchObject([
    { exit_code: 0 },
    { exit_code: 0, result: { bytes: 5 } },
    { exit_code: 0 },
    { exit_code: 2, error: { message: 'an earlier line has read stdin' } },
  ]);
});

test('a file that cannot be read, and a line without an end, are errors of the batch', async ({
  pilotty,
}) => {
  const missing = await pilotty.run('batch', 'nowhere');
  expect([missing.code, missing.stdout, missing.error().message]).toEqual([
    2,
    '',
    "cannot read 'nowhere': no such file",
  ]);
  const endless = await pilotty.run('batch', { input: 'x'.repeat(33 * 1024 * 1024) });
  expect([endless.code, endless.error().message]).toEqual([2, 'a line is longer than 33554432 bytes']);
});

test('a daemon is started by the first line that needs one, also after it was stopped', async ({
  pilotty,
}) => {
  const answer = await pilotty.run('batch', { input: 'info\nls\nstop\ninfo\nstop\nspawn cat\nls\n' });
  expect(answer).toMatchObject({ code: 6, stderr: '' });
  expect(answersOf(answer)).toMatchObject([
    { exit_code: 6, error: { code: 'DAEMON_UNREACHABLE' } },
    { exit_code: 0 },
    { exit_code: 0, result: { type: 'daemon_stopped' } },
    { exit_code: 6 },
    { exit_code: 0, result: { type: 'daemon_stopped', sessions_ended: 0 } },
    { exit_code: 0 },
    { exit_code: 0, result: { sessions: [{ name: 'default' }] } },
  ]);
});

test('a daemon that is killed fails the line it was at, and no other', async ({ pilotty }) => {
  const { child, ask, ended } = coprocess(pilotty);
  await ask('spawn cat');
  const waiting = ask(LONG_KEYS);
  await pilotty.untilShown('b');
  const { pid } = (await pilotty.run('info')).json();
  process.kill(pid, 'SIGKILL');
  expect(await waiting).toMatchObject({ line: 2, exit_code: 6, error: { code: 'DAEMON_UNREACHABLE' } });
  expect(await ask('ls')).toMatchObject({ line: 3, exit_code: 0, result: { sessions: [] } });
  child.stdin.end();
  expect(await ended).toBe(6);
});

test('Ctrl+C ends the batch, in a command and between two', async ({ pilotty }) => {
  const within = coprocess(pilotty);
  await within.ask('spawn cat');
  const waiting = within.ask(LONG_KEYS);
  await pilotty.untilShown('b');
  within.child.kill('SIGINT');
  expect([await waiting, await within.ended]).toEqual([undefined, 130]);

  const between = coprocess(pilotty);
  await between.ask('ls');
  between.child.kill('SIGINT');
  expect(await between.ended).toBe(130);
});

test('a reader that has seen enough ends it without a word', async ({ pilotty }) => {
  await pilotty.run('spawn', 'cat');
  const child = spawn(pilotty.program[0], [...pilotty.program.slice(1), 'batch'], {
    env: pilotty.env,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let stderr = '';
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const ended = new Promise((resolve) => child.once('close', resolve));
  child.stdin.write('ls\n');
  await new Promise((seen) => child.stdout.once('data', seen));
  child.stdout.destroy();
  child.stdin.write('ls\n');
  expect([await ended, stderr]).toEqual([141, '']);
});
