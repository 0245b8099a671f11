/** What the shell connects to the command, and what it is told when that goes away. */
import { spawn, spawnSync } from 'node:child_process';
import { expect } from 'vitest';
import { commandLine, singleQuoted } from '../../packages/protocol/src/shell-quote.ts';
import { openFiles } from '../harness/open-files.ts';
import { type Pilotty, processTest as test } from '../harness/pilotty.ts';
import { needs, program } from '../harness/programs.ts';
import { until } from '../harness/until.ts';

function defined(pilotty: Pilotty): string {
  return `pilotty() { ${commandLine(pilotty.program)} "$@"; }`;
}

/** A line of shell, with `pilotty` in it. */
function shell(pilotty: Pilotty, line: string) {
  const { status, stdout, stderr } = spawnSync('/bin/sh', ['-c', `${defined(pilotty)}; ${line}`], {
    cwd: pilotty.home,
    env: pilotty.env,
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

test('the first command ends for a shell that waits for its output', ({ pilotty }) => {
  expect(shell(pilotty, 'x=$(pilotty spawn cat 2>&1); echo "$x" | head -c 1')).toEqual({
    status: 0,
    stdout: '{',
    stderr: '',
  });
});

test.for([20, 63, 200])(
  'the daemon does not hold descriptor %d of whoever started it',
  (descriptor, { pilotty }) => {
    needs('bash', 'timeout');
    const bash = (line: string) => shell(pilotty, `bash -c ${singleQuoted(`${defined(pilotty)}; ${line}`)}`);
    expect(bash(`(pilotty spawn --name q cat ${descriptor}>&1 >/dev/null) | timeout 20 cat`)).toEqual({
      status: 0,
      stdout: '',
      stderr: '',
    });
    expect(shell(pilotty, 'pilotty stop >/dev/null').status).toBe(0);
    expect(bash(`exec ${descriptor}>held; pilotty spawn cat >/dev/null`).status).toBe(0);
    const { pid } = JSON.parse(shell(pilotty, 'pilotty info').stdout);
    const held = [...openFiles(pid).values()];
    expect(held.filter((path) => path.endsWith('/held'))).toEqual([]);
  },
);

test.for(['255>held', '20>held 254>held'])(
  'a daemon starts where no descriptor is left to cover %s',
  (redirections, { pilotty }) => {
    needs('bash');
    const line = `ulimit -n 256; exec ${redirections}; ${commandLine(pilotty.program)} spawn cat >/dev/null`;
    expect(shell(pilotty, `bash -c ${singleQuoted(line)}`)).toEqual({ status: 0, stdout: '', stderr: '' });
  },
);

test('the scripts that people know work', ({ pilotty }) => {
  const name = `node -pe 'JSON.parse(require("fs").readFileSync(0)).sessions.map((s) => s.name).join()'`;
  const script = `
    pilotty spawn cat --name monitoring >/dev/null && pilotty snapshot -s monitoring --format text | head -1
    export PILOTTY_SESSION=editor; pilotty spawn --name editor sh -c 'stty -echo; read x; echo "got $x"; read y' >/dev/null
    pilotty type "print('hello')" >/dev/null; pilotty key Enter >/dev/null
    pilotty wait-for "got print('hello')" >/dev/null; pilotty snapshot | grep -o '"text":"[^"]*"'
    pilotty list-sessions | ${name}`;
  expect(shell(pilotty, script)).toEqual({
    status: 0,
    stdout: `--- Terminal 80x24 | Cursor: (0, 0) ---\n"text":"got print('hello')"\nmonitoring,editor\n`,
    stderr: '',
  });
});

test('a reader that has seen enough is no error', ({ pilotty }) => {
  const line = 'pilotty run seq 1 200000 | head -1';
  expect(shell(pilotty, line)).toEqual({ status: 0, stdout: '1\n', stderr: '' });
});

test('a full disk is an error of one line, and not a fault of ours', ({ pilotty }) => {
  if (process.platform !== 'linux') return;
  const { status, stderr } = shell(pilotty, 'pilotty --help >/dev/full');
  expect([status, stderr.trimEnd()]).toEqual([1, expect.not.stringContaining('\n')]);
  expect(JSON.parse(stderr)).toEqual({
    code: 'UNAVAILABLE',
    message: expect.stringMatching(/^stdout cannot be written: ENOSPC/),
    suggestion: expect.any(String),
  });
});

test('an error that nobody reads is still one', ({ pilotty }) => {
  const line =
    '(pilotty status -s nobody; echo $? >code) 2>&1 | true; while ! [ -s code ]; do :; done; cat code';
  expect(shell(pilotty, line)).toEqual({ status: 0, stdout: '5\n', stderr: '' });
});

test('large output arrives whole through a pipe', async ({ pilotty }) => {
  const answer = await pilotty.run('run', 'seq', '1', '100000');
  expect(answer.stdout.length).toBe(588_895);
});

test('stdin is typed to its end, byte for byte', async ({ pilotty }) => {
  const bytes = Uint8Array.from({ length: 256 }, (_, byte) => byte).filter((byte) => byte !== 4);
  await pilotty.run('spawn', '--', ...program('echo-keys.cjs'));
  await pilotty.run('wait-for', 'ready');
  expect((await pilotty.run('type', '-', { input: bytes })).json()).toMatchObject({ bytes: 255 });
  await pilotty.run('key', 'Ctrl+D');
  const { stdout } = await pilotty.run('output', '--follow');
  expect(stdout.replace('ready', '').replaceAll(/\s/g, '')).toBe(`${Buffer.from(bytes).toString('hex')}04`);
});

test('escapes are taken for themselves unless they are asked for', async ({ pilotty }) => {
  await pilotty.run('spawn', '--', ...program('echo-keys.cjs'));
  await pilotty.run('wait-for', 'ready');
  await pilotty.run('type', '\\n');
  await pilotty.run('type', '--escapes', '\\n\\x41');
  await pilotty.run('wait-for', '-r', '5c 6e|5c6e');
  await pilotty.run('wait-for', '-r', '0a ?41');
});

test('Ctrl+C gives up a wait at once, here and in the daemon, and leaves the session', async ({
  pilotty,
}) => {
  await pilotty.run('spawn', 'cat');
  const waiting = pilotty.start('wait-for', 'never', '-t', '1h');
  await until('the wait to be on', async () => (await pilotty.run('info')).json().connections === 2);
  waiting.child.kill('SIGINT');
  expect(await waiting.answer).toMatchObject({ code: 130, stdout: '', stderr: '' });
  await until('the daemon to forget it', async () => (await pilotty.run('info')).json().connections === 1);
  expect((await pilotty.run('status')).json().state).toBe('running');
});

test('Ctrl+C gives up reading stdin', async ({ pilotty }) => {
  const child = spawn(pilotty.program[0], [...pilotty.program.slice(1), 'type', '-'], {
    env: pilotty.env,
    stdio: ['pipe', 'inherit', 'inherit'],
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  // More than a pipe holds: once it is written, some of it has been read.
  await new Promise((written) => child.stdin.write('x'.repeat(1024 * 1024), written));
  child.kill('SIGINT');
  expect(await ended).toBe(130);
});
