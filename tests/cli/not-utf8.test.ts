/** Bytes that are not UTF-8: they arrive as they are, or the command says that they cannot and does nothing. */
import { execFile } from 'node:child_process';
import { expect, test as unit } from 'vitest';
import {
  requireDecodedArguments,
  requireDecodedDirectory,
  requireDecodedVariables,
} from '../../packages/client/src/kernel-bytes.ts';
import { type Pilotty, processTest } from '../harness/pilotty.ts';
import { runInProcess } from './in-process.ts';

/** Elsewhere there is no telling what was given. */
const test = processTest.skipIf(process.platform !== 'linux');
const NOT_UTF8 = Buffer.from('caf\xe9', 'latin1');

/** `$pilotty` is the command: only a shell can start a process with such bytes. */
async function shell(pilotty: Pilotty, script: string): Promise<{ code: number; out: string; err: string }> {
  const env = { ...pilotty.env, node: process.execPath, cli: pilotty.command };
  const start = 'pilotty() { "$node" "$cli" "$@"; }; bad=$(printf "caf\\351"); ';
  return await new Promise((resolve) => {
    const options = { env, cwd: pilotty.home };
    execFile('/bin/sh', ['-c', start + script], options, (error, out, err) =>
      resolve({ code: (error?.code as number | undefined) ?? 0, out, err }),
    );
  });
}

test('an argument is refused, and nothing has begun', async ({ pilotty }) => {
  for (const words of [
    'run -- printf %s "$bad"',
    'run --cwd "$bad" pwd',
    'type "$bad"',
    'paste "$bad"',
    'spawn --name "$bad" cat',
  ]) {
    const { code, err } = await shell(pilotty, `pilotty ${words}`);
    const message = expect.stringMatching(/^argument [2-5] is not UTF-8: caf\\xe9; nothing was done$/);
    expect([words, code, JSON.parse(err)]).toMatchObject([words, 2, { code: 'INVALID_INPUT', message }]);
  }
  expect(pilotty.processes()).toEqual([]);
});

test('a variable that a program would inherit, or that we read, is refused, and can be replaced', async ({
  pilotty,
}) => {
  const refused = [
    'FOO=$bad pilotty run env',
    'FOO=$bad pilotty spawn cat',
    'FOO=$bad pilotty run --clean-env --env FOO env',
    'SHELL=$bad pilotty spawn',
    'FOO=$bad pilotty type --force --secret env:FOO',
    'FOO=$bad pilotty serve --detach',
    'PILOTTY_SESSION=$bad pilotty status',
    'PILOTTY_REDACT=$bad pilotty daemon',
    'PILOTTY_SOCKET_DIR=$bad pilotty daemon',
  ];
  for (const line of refused) {
    const { code, err } = await shell(pilotty, line);
    expect([line, code, JSON.parse(err).message]).toEqual([
      line,
      2,
      expect.stringMatching(/^the environment variable \w+ is not UTF-8; nothing was done$/),
    ]);
  }
  expect(pilotty.processes()).toEqual([]);
  const done = await shell(
    pilotty,
    `FOO=$bad pilotty run --env FOO=good sh -c 'echo $FOO'; FOO=$bad pilotty run --clean-env sh -c 'echo "[$FOO]"'
     FOO=$bad pilotty list-sessions > /dev/null; OLDPWD=$bad pilotty run echo elsewhere`,
  );
  expect(done).toEqual({ code: 0, out: 'good\n[]\nelsewhere\n', err: '' });
});

test('in a directory whose name is not UTF-8 files are found, and programs start elsewhere', async ({
  pilotty,
}) => {
  const enter = 'mkdir -p "$bad" && cd "$bad" && echo text > file && ';
  expect(await shell(pilotty, `${enter} pilotty run pwd`)).toMatchObject({
    code: 2,
    err: expect.stringContaining('the current directory is not UTF-8'),
  });
  const { out } = await shell(
    pilotty,
    `${enter} pilotty run --cwd / pwd; pilotty spawn --cwd / cat > /dev/null; pilotty paste file --wait-text text -f text`,
  );
  expect(out).toMatch(/^\/\n[^\n]*\ntext\n/);
});

test('the character U+FFFD itself can be given, anywhere', async ({ pilotty }) => {
  const { code, out } = await shell(
    pilotty,
    `c=$(printf '\\357\\277\\275'); mkdir "$c"; cd "$c"; V=$c pilotty run sh -c 'echo "$0 $V \${PWD##*/}"' "$c"`,
  );
  expect([code, out]).toEqual([0, '\uFFFD \uFFFD \uFFFD\n']);
});

test('bytes on stdin are typed as they are, and never become a command or a paste', async ({ pilotty }) => {
  await pilotty.run('spawn', '--name', 'x', 'cat');
  const typed = await pilotty.run('type', '-s', 'x', '--enter', '-', { input: NOT_UTF8 });
  expect(typed.code).toBe(0);
  await pilotty.run('wait', '-s', 'x', '--idle', '200ms');
  const { stdout } = await pilotty.run('output', '-s', 'x', '--json', '--ansi');
  expect(Buffer.from(JSON.parse(stdout).output_base64, 'base64')).toEqual(
    Buffer.concat([NOT_UTF8, Buffer.from('\r\n'), NOT_UTF8, Buffer.from('\r\n')]),
  );
  for (const words of [['paste'], ['exec']]) {
    const refused = await pilotty.run(...words, '-s', 'x', { input: NOT_UTF8 });
    expect(refused.error()).toMatchObject({ code: 'INVALID_INPUT' });
    expect(refused.error().message).toContain('not UTF-8');
  }
});

unit('what type and a secret send is base64 where it is not UTF-8', async () => {
  const stdin = Buffer.concat([NOT_UTF8, Buffer.from('\n')]);
  const data_base64 = NOT_UTF8.toString('base64');
  const typed = await runInProcess(['type', '-'], { stdin });
  expect(typed.requests[0]?.params).toMatchObject({ data_base64: stdin.toString('base64') });
  const secret = await runInProcess(['type', '--secret', '-'], { stdin });
  expect(secret.requests[0]?.params).toMatchObject({ data_base64, secret: true });
});

unit('where the kernel does not say what was given, U+FFFD is refused', async () => {
  const { code, stderr, requests } = await runInProcess(['type', 'a\uFFFD']);
  expect([code, requests]).toEqual([2, []]);
  expect(JSON.parse(stderr).message).toContain('may stand for bytes that are not UTF-8');
  expect((await runInProcess(['type', 'a'])).code).toBe(0);
});

unit('the arguments, variables and directory that are checked are those that are used', () => {
  const kernel = {
    arguments: Buffer.concat([NOT_UTF8, Buffer.from('\0cli\0type\0\uFFFD\0\0')]),
    environment: Buffer.concat([
      Buffer.from('A=\uFFFD\0B='),
      NOT_UTF8,
      Buffer.from('\0'),
      NOT_UTF8,
      Buffer.from('=\0'),
    ]),
    directory: NOT_UTF8,
  };
  const read = (bytes: Buffer) => bytes.toString();
  expect(() => requireDecodedArguments(['type', '\uFFFD', ''], kernel)).not.toThrow();
  expect(() => requireDecodedArguments([read(NOT_UTF8), 'cli', 'type', '\uFFFD', ''], kernel)).toThrow(
    'argument 1',
  );
  const env = { A: '\uFFFD', B: read(NOT_UTF8), [read(NOT_UTF8)]: '' };
  expect(() => requireDecodedVariables(env, ['A'], kernel)).not.toThrow();
  expect(() => requireDecodedVariables(env, ['A', 'B'], kernel)).toThrow('variable B is');
  expect(() => requireDecodedVariables(env, Object.keys(env), { ...kernel, environment: undefined })).toThrow(
    'A has',
  );
  expect(() => requireDecodedVariables(env, [read(NOT_UTF8)], kernel)).toThrow('variable caf\\xe9 is');
  expect(() => requireDecodedDirectory(read(NOT_UTF8), kernel)).toThrow('caf\\xe9');
});

test('half of a surrogate pair, which JSON can write and UTF-8 cannot, is refused', async ({ pilotty }) => {
  await pilotty.run('spawn', '--name', 'x', 'cat');
  const lines = ['["type","-s","x","\\ud800"]', '["type","-s","x","\\ud83d\\ude00"]'];
  const { stdout } = await pilotty.run('batch', { input: lines.join('\n') });
  const [half, whole] = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(half).toMatchObject({ exit_code: 2, error: { code: 'INVALID_INPUT' } });
  expect(whole.result).toMatchObject({ bytes: 4 });
  const other = pilotty.client.request('session.wait', { text: 'never', timeout_ms: 300 });
  for (const text of ['\ud800', '\udc00', 'a\\\ud83dx', '\ud83d\ud83d\ude00'])
    await expect(pilotty.client.request('session.type', { text })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
    });
  for (const text of ['\\ud800', '\u{1f600}\u{1f600}'])
    await expect(pilotty.client.request('session.type', { text })).resolves.toMatchObject({ type: 'typed' });
  // The others on the connection are not disturbed.
  await expect(other).resolves.toMatchObject({ type: 'wait_result' });
});
