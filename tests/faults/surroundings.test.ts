/** A daemon that is started where hardly anything is as a shell at a terminal has it: it serves, and stays. */
import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { type Pilotty, processTest as test } from '../harness/pilotty.ts';
import { needs, PATH } from '../harness/programs.ts';
import { runFile } from '../harness/run-file.ts';
import { until } from '../harness/until.ts';
import { isPermitted } from './permitted.ts';

/** Starts a session by a shell's script, in which `"$@"` is the command; nothing but `env` is in its environment. */
async function startBy(pilotty: Pilotty, script: string, env: Record<string, string> = {}): Promise<void> {
  const words = ['spawn', '--name', 'first', '--', '/bin/sh', '-c', 'echo from $0; exec cat', 'inside'];
  const surroundings = { PILOTTY_SOCKET_DIR: pilotty.socketDir, ...env };
  await runFile('/bin/sh', ['-c', script, 'sh', ...pilotty.program, ...words], {
    env: surroundings,
    cwd: '/',
  });
}

/** What a client of a login shell finds. */
async function expectServed(pilotty: Pilotty): Promise<void> {
  const { code, stderr } = await pilotty.run('wait', '-s', 'first', '--text', 'from inside');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const sent = await pilotty.run('send', '-s', 'first', 'grüße', 'Enter', '--wait-text', 'grüße');
  expect(sent.code).toBe(0);
}

/** What needs room for files of its own: a command in a live shell, and a picture. */
async function expectWorking(pilotty: Pilotty): Promise<void> {
  await expectServed(pilotty);
  await pilotty.run('spawn', '--name', 'shell', 'sh');
  expect((await pilotty.run('exec', '-s', 'shell', 'echo $((6 * 7))')).stdout).toBe('42\n');
  expect((await pilotty.run('snapshot', '-s', 'shell', '-f', 'svg')).stdout).toContain('<svg');
  expect((await pilotty.run('restore')).json().sessions).toEqual([]);
  expect((await pilotty.run('info')).json().faults).toBeUndefined();
}

test('by cron, over ssh without a terminal, and with no descriptor of its own', async ({ pilotty }) => {
  needs('setsid');
  // Neither HOME nor PATH, a locale that there is not, no directory for temporary files, nothing open.
  const env = { LC_ALL: 'tr_TR.UTF-8', TMPDIR: '/nowhere', TZ: 'Nowhere/None' };
  await startBy(pilotty, 'exec setsid "$@" <&- >&- 2>&-', env);
  await expectServed(pilotty);
  const { pid } = (await pilotty.run('info')).json();
  // It holds nothing of who has started it, and is in a session of its own.
  const session = readFileSync(`/proc/${pid}/stat`, 'latin1')
    .replace(/^.*\) /, '')
    .split(' ')[3];
  expect(Number(session)).toBe(pid);
});

test.for(['000', '077'])(
  'with the umask %s its files are its own, and so is its directory',
  async (umask, { pilotty }) => {
    mkdirSync(pilotty.socketDir, { mode: 0o700 });
    chmodSync(pilotty.socketDir, 0o700);
    await startBy(pilotty, `umask ${umask}; exec "$@"`, { PATH, HOME: pilotty.home });
    await expectServed(pilotty);
    const mode = (name: string) => (statSync(join(pilotty.socketDir, name)).mode & 0o777).toString(8);
    expect(['pilotty.sock', 'pilotty.log', 'pilotty.running'].map(mode)).toEqual(['600', '600', '600']);
    // So is what is kept for a restore.
    const state = join(pilotty.home, '.local/state/pilotty');
    const kept = () =>
      existsSync(state)
        ? readdirSync(state, { recursive: true }).map((name) => join(state, String(name)))
        : [];
    await until('what is kept', () => kept().some((name) => name.endsWith('sessions.json')));
    for (const path of kept()) expect(statSync(path).mode & 0o077, path).toBe(0);
  },
);

test('where its home is nowhere', async ({ pilotty }) => {
  await startBy(pilotty, 'exec "$@"', { PATH, HOME: join(pilotty.directory, 'nowhere/home') });
  await expectWorking(pilotty);
});

const onLinux = test.runIf(process.platform === 'linux');

onLinux('where its home cannot be written', async ({ pilotty }) => {
  needs('unshare');
  const script = 'mount --make-rprivate / && mount -t tmpfs -o ro none "$HOME"';
  const env = { PATH, HOME: pilotty.home };
  if (!isPermitted('unshare', ['-m', 'sh', '-c', script], env)) return;
  await startBy(pilotty, `exec unshare -m sh -c '${script} && exec "$@"' sh "$@"`, env);
  await expectWorking(pilotty);
});

onLinux('where there is no directory for temporary files', async ({ pilotty }) => {
  needs('unshare');
  mkdirSync(pilotty.socketDir, { mode: 0o700 });
  // The test's own directory is in there: it can be written in another place.
  const script =
    'mount --make-rprivate / && mount --bind "$SOCKETS" /mnt && mount --bind /tmp /tmp && mount -o remount,ro,bind /tmp';
  const env = { PATH, HOME: '/mnt', PILOTTY_SOCKET_DIR: '/mnt', SOCKETS: pilotty.socketDir };
  if (!isPermitted('unshare', ['-m', 'sh', '-c', script], env)) return;
  await startBy(pilotty, `exec unshare -m sh -c '${script} && exec "$@"' sh "$@"`, env);
  await expectServed(pilotty);
  const { pid } = (await pilotty.run('info')).json();
  expect(() => accessSync(`/proc/${pid}/root/tmp`, constants.W_OK)).toThrow('EROFS');
  await pilotty.run('spawn', '--name', 'shell', '--cwd', '/', 'sh');
  expect((await pilotty.run('exec', '-s', 'shell', 'echo $((6 * 7))')).stdout).toBe('42\n');
});

test('by a shell that is hung up as soon as it has started it', async ({ pilotty }) => {
  needs('setsid');
  // The whole session of the shell gets the signal, as where its terminal is closed.
  const script = `setsid sh -c '"$@" && kill -HUP 0' sh "$@"; true`;
  await startBy(pilotty, script, { PATH, HOME: pilotty.home });
  await expectServed(pilotty);
});

test('where the path of its socket is as long as there may be one', async ({ pilotty }) => {
  const most = process.platform === 'linux' ? 107 : 103;
  const rest = most - pilotty.directory.length - '/'.length - '/pilotty.sock'.length;
  pilotty.env.PILOTTY_SOCKET_DIR = join(pilotty.directory, 'd'.repeat(rest));
  expect(`${pilotty.env.PILOTTY_SOCKET_DIR}/pilotty.sock`).toHaveLength(most);
  expect((await pilotty.run('spawn', '--name', 'first', 'cat')).code).toBe(0);
  expect((await pilotty.run('stop')).code).toBe(0);
  pilotty.env.PILOTTY_SOCKET_DIR += 'd';
  expect((await pilotty.run('spawn', 'cat')).error().message).toContain(`${most + 2} bytes`);
});
