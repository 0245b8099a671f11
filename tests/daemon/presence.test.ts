/** The daemon's place in its directory: what is removed or replaced there takes no session out of reach. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs, { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { findProcess } from '../../packages/daemon/src/processes/process-table.ts';
import { readLock } from '../../packages/protocol/src/index.ts';
import { builtProgram, type Pilotty, test } from '../harness/pilotty.ts';
import { until } from '../harness/until.ts';

async function withSession(pilotty: Pilotty): Promise<number> {
  await pilotty.run('spawn', '--name', 'kept', 'cat');
  return (await pilotty.run('info')).json().pid;
}

function lockOwner(pilotty: Pilotty): number | undefined {
  const owner = readLock(join(pilotty.socketDir, 'pilotty.lock'), fs);
  return typeof owner === 'object' ? owner.pid : undefined;
}

async function names(pilotty: Pilotty): Promise<string[]> {
  return (await pilotty.run('list-sessions')).json().sessions.map(({ name }: { name: string }) => name);
}

test.for<[string, (directory: string) => unknown]>([
  ['its socket is removed', (directory) => rmSync(join(directory, 'pilotty.sock'))],
  ['its lock is removed', (directory) => rmSync(join(directory, 'pilotty.lock'))],
  ['its lock is overwritten', (directory) => writeFileSync(join(directory, 'pilotty.lock'), 'null')],
  ['its directory is removed', (directory) => removeDirectory(directory)],
  ['its directory is moved away', (directory) => renameSync(directory, `${directory}-moved`)],
  [
    'its directory is replaced by an empty one',
    (directory) => {
      renameSync(directory, `${directory}-moved`);
      mkdirSync(directory, { mode: 0o700 });
    },
  ],
  ['a socket that nobody listens at takes its place', (directory) => replaceSocket(directory)],
])('the sessions of a daemon stay within reach when %s', async ([, harm], { pilotty }) => {
  const pid = await withSession(pilotty);
  // Something else has the client's connection first: the next command is to find the very same daemon.
  await harm(pilotty.socketDir);
  await until('the same daemon to be found', async () => {
    const info = await pilotty.run('info');
    return info.code === 0 && info.json().pid === pid && lockOwner(pilotty) === pid;
  });
  expect(await names(pilotty)).toEqual(['kept']);
  expect(pilotty.processes().filter(({ command }) => command.includes('pilotty-daemon'))).toHaveLength(1);
  expect((await pilotty.run('stop')).json()).toMatchObject({ pid, sessions_ended: 1 });
  expect(readdirSync(pilotty.socketDir)).toEqual(['pilotty.log']);
});

/** Again where the daemon was faster than we on a busy machine. */
function removeDirectory(directory: string): void {
  rmSync(directory, { recursive: true, maxRetries: 5 });
}

/** A socket whose listener was killed. */
async function replaceSocket(directory: string): Promise<void> {
  const path = join(directory, 'other.sock');
  const program = `require('node:net').createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, 'SIGKILL'))`;
  await once(spawn(process.execPath, ['-e', program]), 'exit');
  renameSync(path, join(directory, 'pilotty.sock'));
}

test('a daemon that has lost its directory to another takes nothing of it, and follows it', async ({
  pilotty,
}) => {
  const old = await withSession(pilotty);
  // Stopped, it cannot notice.
  process.kill(old, 'SIGSTOP');
  removeDirectory(pilotty.socketDir);
  await pilotty.run('spawn', '--name', 'precious', 'cat');
  const { pid } = (await pilotty.run('info')).json();
  process.kill(old, 'SIGCONT');
  // Logged where it can be read: its own log was removed with the directory.
  await until('it to have looked', () => readdirSync(pilotty.socketDir).length > 0);
  expect(await names(pilotty)).toEqual(['precious']);
  await pilotty.run('stop');
  await until('the old one to be back', async () => {
    const info = await pilotty.run('info');
    return info.code === 0 && info.json().pid === old;
  });
  expect(await names(pilotty)).toEqual(['kept']);
  expect(pid).not.toBe(old);
});

test('a daemon that ends while another has its directory leaves the other its files', async ({ pilotty }) => {
  const old = await withSession(pilotty);
  process.kill(old, 'SIGSTOP');
  removeDirectory(pilotty.socketDir);
  await pilotty.run('spawn', '--name', 'precious', 'cat');
  process.kill(old, 'SIGTERM');
  process.kill(old, 'SIGCONT');
  await until('the old one to end', () => !pilotty.processes().some(({ pid }) => pid === old));
  expect(await names(pilotty)).toEqual(['precious']);
  const files = ['pilotty.lock', 'pilotty.log', 'pilotty.running', 'pilotty.sock'];
  expect(
    readdirSync(pilotty.socketDir)
      .filter((file) => files.includes(file))
      .sort(),
  ).toEqual(files);
});

test('a daemon without sessions does not bring back a directory that was removed: it stops', async ({
  pilotty,
}) => {
  await pilotty.run('daemon');
  removeDirectory(pilotty.socketDir);
  await until('it to stop', () => pilotty.processes().length === 0);
  expect(existsSync(pilotty.socketDir)).toBe(false);
});

test('the last line of the log is there when stop has answered', async ({ pilotty }) => {
  await pilotty.run('spawn', 'cat');
  await pilotty.run('stop');
  expect(JSON.parse(pilotty.log().trimEnd().split('\n').at(-1) ?? '')).toMatchObject({ msg: 'stopped' });
  expect(existsSync(join(pilotty.socketDir, 'pilotty.lock'))).toBe(false);
});

test('a daemon that is told to end while it waits for the lock ends', async ({ pilotty }) => {
  mkdirSync(pilotty.socketDir, { mode: 0o700 });
  const startedAt = findProcess(process.pid)?.startedAt;
  const lock = { pid: process.pid, startedAt, nonce: 'abc' };
  writeFileSync(join(pilotty.socketDir, 'pilotty.lock'), JSON.stringify(lock), { mode: 0o600 });
  const daemon = spawn(
    process.execPath,
    [builtProgram('pilotty-daemon.cjs'), '--socket-dir', pilotty.socketDir],
    { env: pilotty.env, stdio: 'ignore' },
  );
  const ended = once(daemon, 'exit');
  // It makes its own file beside the lock each time it looks: seen, it is waiting.
  await until('it to wait', () =>
    readdirSync(pilotty.socketDir).some((file) => file.startsWith('pilotty.lock.')),
  );
  daemon.kill('SIGTERM');
  expect(await ended).toEqual([0, null]);
  expect(readdirSync(pilotty.socketDir)).toEqual(['pilotty.lock']);
});

test('a signal does not make Node listen for a debugger', async ({ pilotty }) => {
  // Where it would listen, Node says on stderr.
  const env = { NODE_OPTIONS: '--inspect-port=0' };
  const daemon = pilotty.start('daemon', '--foreground', { env });
  const { pid } = await until('it to answer', async () => {
    const info = await pilotty.run('info');
    return info.code === 0 && info.json();
  });
  process.kill(pid, 'SIGUSR1');
  // Answered by the daemon after it was signalled.
  expect((await pilotty.run('info')).json().pid).toBe(pid);
  await pilotty.run('stop');
  expect((await daemon.answer).stderr).toBe(`listening at ${join(pilotty.socketDir, 'pilotty.sock')}\n`);
});
