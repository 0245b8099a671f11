import { spawn } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  cpSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { expect } from 'vitest';
import { VERSION } from '../../packages/protocol/src/index.ts';
import { type Pilotty, processTest as test } from '../harness/pilotty.ts';
import { program } from '../harness/programs.ts';
import { until } from '../harness/until.ts';

test('twelve first commands at once all get their session from one daemon', async ({ pilotty }) => {
  const names = Array.from({ length: 12 }, (_, index) => `first-${index}`);
  const answers = await Promise.all(names.map((name) => pilotty.run('spawn', '--name', name, 'cat')));
  expect(answers.map(({ code, stderr }) => ({ code, stderr }))).toEqual(
    names.map(() => ({ code: 0, stderr: '' })),
  );
  const { sessions } = (await pilotty.run('list-sessions')).json();
  expect(sessions.map(({ name }: { name: string }) => name).sort()).toEqual(names.sort());
});

test('the directory is closed to others, and so are the files in it', async ({ pilotty }) => {
  await pilotty.run('daemon');
  expect(lstatSync(pilotty.socketDir).mode & 0o777).toBe(0o700);
  for (const file of ['pilotty.sock', 'pilotty.lock', 'pilotty.log']) {
    expect(lstatSync(join(pilotty.socketDir, file)).mode & 0o777, file).toBe(0o600);
  }
});

test('after the daemon was killed the next command recovers, and says what was left running', async ({
  pilotty,
}) => {
  await pilotty.run('spawn', '--name', 'lost', ...program('stubborn.cjs'));
  await pilotty.run('wait-for', '-s', 'lost', 'child');
  const { pid } = (await pilotty.run('info')).json();
  process.kill(pid, 'SIGKILL');
  await until('the daemon to be gone', () => !pilotty.processes().some((found) => found.pid === pid));

  const again = await pilotty.run('spawn', '--name', 'next', 'cat');
  expect(again.code).toBe(0);
  const info = (await pilotty.run('info')).json();
  expect(info.orphans.map(({ session }: { session: string }) => session)).toEqual(['lost']);
  expect(info.sessions).toBe(1);
  const gone = (await pilotty.run('status', '-s', 'lost')).error();
  expect(gone).toMatchObject({ code: 'SESSION_NOT_FOUND', message: expect.stringContaining('was lost') });
  for (const orphan of pilotty.processes().filter(({ command }) => command.includes('stubborn'))) {
    process.kill(orphan.pid, 'SIGKILL');
  }
});

test.for([
  ['a symbolic link', (directory: string, other: string) => symlinkSync(other, directory)],
  ['can be written by other users', (directory: string) => mkdirAs(directory, 0o777)],
  ['is not a directory', (directory: string) => writeFileSync(directory, '')],
] as const)('a socket directory that is refused: %s', async ([problem, make], { pilotty }) => {
  const other = join(pilotty.directory, 'other');
  mkdirSync(other, { mode: 0o700 });
  make(pilotty.socketDir, other);
  const answer = await pilotty.run('spawn', 'cat');
  expect(answer.code).toBe(6);
  expect(answer.error()).toMatchObject({
    code: 'DAEMON_UNREACHABLE',
    message: expect.stringContaining(problem),
  });
  expect(pilotty.processes()).toEqual([]);
});

test.skipIf(process.getuid?.() !== 0)("another user's socket directory is refused", async ({ pilotty }) => {
  mkdirSync(pilotty.socketDir, { mode: 0o700 });
  chownSync(pilotty.socketDir, 65534, 65534);
  const answer = await pilotty.run('spawn', 'cat');
  expect(answer.error()).toMatchObject({
    code: 'DAEMON_UNREACHABLE',
    message: expect.stringContaining('belongs to user 65534'),
  });
});

test('the daemon itself refuses such a directory, whoever starts it', async ({ pilotty }) => {
  mkdirAs(pilotty.socketDir, 0o777);
  const daemon = await runDaemon(pilotty, pilotty.socketDir);
  expect(daemon).toMatchObject({ code: 6, stderr: expect.stringContaining('can be written by other users') });
});

test('a daemon of which a part is missing says so, and leaves the place free', async ({ pilotty }) => {
  const copy = join(pilotty.directory, 'copy');
  cpSync(dirname(pilotty.command), copy, { recursive: true, filter: (path) => !path.endsWith('/web') });
  rmSync(join(copy, 'pilotty-daemon/serving.cjs'));
  const answer = await pilotty.run('spawn', 'cat', { command: join(copy, 'pilotty.cjs') });
  expect(answer.error()).toMatchObject({
    code: 'INTERNAL_ERROR',
    message: expect.stringContaining('serving.cjs'),
  });
  await until('the daemon to be gone', () => pilotty.processes().length === 0);
  expect(readdirSync(pilotty.socketDir)).toEqual(['pilotty.log']);
});

test.skipIf(process.platform !== 'linux')(
  'where node-pty does not fit the C library, that is said by name, by spawn and by doctor',
  async ({ pilotty }) => {
    const copy = join(pilotty.directory, 'copy');
    cpSync(dirname(pilotty.command), copy, { recursive: true, filter: (path) => !path.endsWith('/web') });
    symlinkSync(resolve('node_modules'), join(pilotty.directory, 'node_modules'));
    // As on Alpine Linux: its C library is there, and no glibc.
    const programs = readdirSync(copy, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.cjs'))
      .map((name) => join(copy, name));
    for (const program of programs) {
      const text = readFileSync(program, 'utf8');
      if (!text.includes('ld-musl')) continue;
      const other = text.replaceAll(/\/lib\/ld-musl-\w+\.so\.1/g, '/etc/passwd');
      writeFileSync(program, other.replaceAll('glibcVersionRuntime', 'noVersion'));
    }
    const command = join(copy, 'pilotty.cjs');
    const answer = await pilotty.run('spawn', 'cat', { command });
    expect(answer.code).toBe(6);
    expect(answer.error()).toMatchObject({
      code: 'DAEMON_UNREACHABLE',
      message: expect.stringContaining('musl'),
      suggestion: expect.stringContaining('--build-from-source'),
    });
    await until('the daemon to be gone', () => pilotty.processes().length === 0);
    const { checks } = JSON.parse((await pilotty.run('doctor', { command })).stdout);
    expect(checks.find(({ name }: { name: string }) => name === 'c_library')).toMatchObject({
      ok: false,
      detail: expect.stringContaining('Alpine Linux'),
    });
  },
);

test('a path too long for a socket is said to be so', async ({ pilotty }) => {
  const answer = await pilotty.run('spawn', 'cat', {
    env: { PILOTTY_SOCKET_DIR: join(pilotty.directory, 'x'.repeat(120)) },
  });
  expect(answer.code).toBe(6);
  expect(answer.error().message).toMatch(/too long.*bytes/);
});

test("a file in the socket's place that is no socket is left alone", async ({ pilotty }) => {
  mkdirSync(pilotty.socketDir, { mode: 0o700 });
  const socket = join(pilotty.socketDir, 'pilotty.sock');
  writeFileSync(socket, 'precious');
  const answer = await pilotty.run('spawn', 'cat');
  expect(answer.error()).toMatchObject({
    code: 'DAEMON_UNREACHABLE',
    message: expect.stringContaining('is not a socket'),
  });
  expect(readFileSync(socket, 'utf8')).toBe('precious');
});

test('a lock left by a process that is gone, or by another with its number, does not block', async ({
  pilotty,
}) => {
  mkdirSync(pilotty.socketDir, { mode: 0o700 });
  const lock = join(pilotty.socketDir, 'pilotty.lock');
  // This very process runs, but it did not start then.
  writeFileSync(lock, JSON.stringify({ pid: process.pid, startedAt: '1', nonce: 'abc' }), { mode: 0o600 });
  expect((await pilotty.run('spawn', 'cat')).code).toBe(0);
  await pilotty.run('stop');
  writeFileSync(lock, 'half a lo', { mode: 0o600 });
  expect((await pilotty.run('spawn', 'cat')).code).toBe(0);
});

test('a setting that cannot be understood is named, and no daemon is left', async ({ pilotty }) => {
  const answer = await pilotty.run('spawn', 'cat', { env: { PILOTTY_IDLE_TIMEOUT: 'soon' } });
  expect(answer.error()).toMatchObject({
    code: 'INVALID_INPUT',
    message: expect.stringContaining('PILOTTY_IDLE_TIMEOUT'),
  });
  await until('no process to be left', () => pilotty.processes().length === 0);
});

test('without a session and without a request the daemon stops by itself', async ({ pilotty }) => {
  await pilotty.run('daemon', { env: { PILOTTY_IDLE_TIMEOUT: '50ms' } });
  await until('the daemon to stop', () => pilotty.processes().length === 0);
  expect(pilotty.log()).toContain('"reason":"idle"');
});

test('stop ends every session, and is an answer even where no daemon runs', async ({ pilotty }) => {
  expect((await pilotty.run('stop')).code).toBe(0);
  await pilotty.run('spawn', '--name', 'a', 'cat');
  await pilotty.run('spawn', '--name', 'b', ...program('stubborn.cjs'));
  await pilotty.run('wait-for', '-s', 'b', 'child');
  const stopped = (await pilotty.run('stop')).json();
  expect(stopped).toMatchObject({ type: 'daemon_stopped', sessions_ended: 2, survivors: [] });
  await until('all processes to be gone', () => pilotty.processes().length === 0);
});

test('an older daemon without sessions makes way', async ({ pilotty }) => {
  const command = anotherVersion(pilotty, '0.0.1');
  await pilotty.run('daemon', { command });
  expect((await pilotty.run('info', { command })).json().version).toBe('0.0.1');
  const answer = await pilotty.run('spawn', 'cat');
  expect(answer).toMatchObject({ code: 0, stderr: '' });
  expect((await pilotty.run('info')).json().version).toBe(VERSION);
});

test('an older daemon with sessions is kept, and named in a warning', async ({ pilotty }) => {
  await pilotty.run('spawn', '--name', 'old', 'cat', { command: anotherVersion(pilotty, '0.0.1') });
  const answer = await pilotty.run('list-sessions');
  expect(answer.json().sessions).toHaveLength(1);
  expect(answer.stderr).toMatch(/0\.0\.1.*pilotty stop/);
});

function mkdirAs(directory: string, mode: number): void {
  mkdirSync(directory);
  chmodSync(directory, mode);
}

/** The same programs, calling themselves another version. */
function anotherVersion(pilotty: Pilotty, version: string): string {
  const built = dirname(pilotty.command);
  // Beside the real ones, so that they find their packages.
  const copy = `${built}-${version}`;
  cpSync(built, copy, { recursive: true });
  for (const file of readdirSync(copy, { encoding: 'utf8', recursive: true }).filter((name) =>
    name.endsWith('.cjs'),
  )) {
    const text = readFileSync(join(copy, file), 'utf8');
    writeFileSync(
      join(copy, file),
      text.replaceAll(new RegExp(`(["'\`])${VERSION}\\1`, 'g'), `$1${version}$1`),
    );
  }
  return join(copy, 'pilotty.cjs');
}

async function runDaemon(
  pilotty: Pilotty,
  directory: string,
): Promise<{ code: number | null; stderr: string }> {
  const daemon = spawn(
    process.execPath,
    [join(pilotty.command, '../pilotty-daemon.cjs'), '--socket-dir', directory],
    {
      env: pilotty.env,
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  let stderr = '';
  daemon.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  return new Promise((resolve) => daemon.once('close', (code) => resolve({ code, stderr })));
}
