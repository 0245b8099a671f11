/** A system that has no terminal, no process or no thread left: a start is refused with what it lacks, and nothing leaks. */
import { chownSync, readdirSync } from 'node:fs';
import { expect } from 'vitest';
import { RequestError } from '../../packages/client/src/index.ts';
import { builtProgram, type Pilotty, processTest as test } from '../harness/pilotty.ts';
import { runFile } from '../harness/run-file.ts';
import { until } from '../harness/until.ts';
import { CheckedConnection } from '../soak/checked-connection.ts';
import { Ledger } from '../soak/ledger.ts';
import { isPermitted } from './permitted.ts';

const onLinux = test.runIf(process.platform === 'linux');

/** Over one connection, which a user need not be the daemon's for: root may use any socket. */
async function connect({ socketDir }: Pilotty): Promise<CheckedConnection> {
  return CheckedConnection.open(`${socketDir}/pilotty.sock`, new Ledger());
}

async function start(connection: CheckedConnection, { env }: Pilotty, name: string): Promise<string> {
  try {
    await connection.request('session.spawn', { argv: ['/bin/cat'], cwd: '/', env, name });
    return 'started';
  } catch (error) {
    return error instanceof RequestError ? `${error.code}: ${error.message}` : String(error);
  }
}

/** A mount namespace with so many terminals. */
const FEW_TERMINALS = `mount --make-rprivate / &&
mount -t devpts -o newinstance,ptmxmode=0666,max=3 devpts /dev/pts &&
mount --bind /dev/pts/ptmx /dev/ptmx && exec "$@"`;

onLinux('without a terminal left a start says so, and takes place once there is one', async ({ pilotty }) => {
  if (!isPermitted('unshare', ['-m', 'sh', '-c', FEW_TERMINALS, 'sh', 'true'])) return;
  const words = ['-m', 'sh', '-c', FEW_TERMINALS, 'sh', ...pilotty.program, 'daemon'];
  await runFile('unshare', words, { env: pilotty.env, cwd: pilotty.home });
  const { pid } = await pilotty.client.request('daemon.info', {});
  const connection = await connect(pilotty);
  for (const name of ['a', 'b', 'c']) expect(await start(connection, pilotty, name)).toBe('started');
  const open = readdirSync(`/proc/${pid}/fd`).length;
  for (let times = 0; times < 5; times++)
    expect(await start(connection, pilotty, 'd')).toBe(
      "SPAWN_FAILED: Cannot start '/bin/cat': the system has no terminal left (kernel.pty.max)",
    );
  // A file that is kept on disk, or a connection, may have been open for a moment then or now.
  await until('no more to be open than before', () => readdirSync(`/proc/${pid}/fd`).length <= open);
  await connection.request('session.kill', { session: 'a' });
  expect(await start(connection, pilotty, 'd')).toBe('started');
  connection.cut();
});

onLinux(
  'where a process or its thread would be one too many, a start is refused, and no session is lost',
  async ({ pilotty }) => {
    // The limit of a user binds everybody but root: so the daemon is another one's, who has nothing else.
    const user = 60_000 + (process.pid % 5000);
    const asUser = ['--reuid', String(user), '--regid', String(user), '--clear-groups'];
    if (process.getuid?.() !== 0) return console.warn('skipped: only root can be another user');
    if (!isPermitted('setpriv', [...asUser, 'test', '-r', builtProgram('pilotty-daemon.cjs')])) return;
    for (const path of [pilotty.directory, pilotty.home]) chownSync(path, user, user);
    await runFile('setpriv', [...asUser, ...pilotty.program, 'daemon'], { env: pilotty.env, cwd: '/' });
    const connection = await connect(pilotty);
    try {
      await fewProcesses(pilotty, connection, asUser);
    } finally {
      await connection.request('daemon.stop', {});
    }
  },
);

async function fewProcesses(
  pilotty: Pilotty,
  connection: CheckedConnection,
  asUser: string[],
): Promise<void> {
  expect(await start(connection, pilotty, 'kept')).toBe('started');
  const { pid } = await connection.request('daemon.info', {});
  // The daemon's threads, and the program.
  const now = readdirSync(`/proc/${pid}/task`).length + 1;
  const allow = (more: number) =>
    runFile('setpriv', [...asUser, 'prlimit', '--pid', String(pid), `--nproc=${now + more}:`]);
  // One more is room for the program alone, and node-pty ends a daemon that cannot have the thread.
  for (const more of [0, 1, 2, 3, 4]) {
    await allow(more);
    expect(await start(connection, pilotty, 'more')).toMatch(
      new RegExp(
        `^SPAWN_FAILED: Cannot start '/bin/cat': the user has \\d+ .* and ${now + more} is the limit`,
      ),
    );
  }
  await allow(100);
  expect(await start(connection, pilotty, 'more')).toBe('started');
  const { sessions } = await connection.request('session.list', {});
  expect(sessions.map(({ name, state }) => [name, state])).toEqual([
    ['kept', 'running'],
    ['more', 'running'],
  ]);
}
