/** What ends a session before its program does: its time, its idleness, its owner's end, a client. */
import { expect } from 'vitest';
import { type Pilotty, test } from '../harness/pilotty.ts';
import { until } from '../harness/until.ts';

/** How it ended, once it has. */
async function exitOf(pilotty: Pilotty, name: string) {
  return (await pilotty.run('wait-for', '-s', name, 'never shown')).json().exit;
}

test('a session ends when its time, or its idle time, is over, and says which', async ({ pilotty }) => {
  await pilotty.run('spawn', '--name', 'short', '--ttl', '100ms', 'cat');
  await pilotty.run('spawn', '--name', 'idle', '--idle-ttl', '100ms', 'cat');
  await pilotty.run('spawn', '--name', 'killed', '--ttl', '1h', 'cat');
  await pilotty.run('spawn', '--name', 'itself', '--ttl', '1h', 'true');
  await pilotty.run('kill', '-s', 'killed');
  const exits = await Promise.all(['short', 'idle', 'killed', 'itself'].map((name) => exitOf(pilotty, name)));
  const ended = { signal: 'SIGTERM', killed_by_client: false, lifetime_over: true };
  expect(exits).toMatchObject([
    { ...ended, ended_because: 'ttl' },
    { ...ended, ended_because: 'idle_ttl' },
    { ...ended, ended_because: 'client', killed_by_client: true, lifetime_over: false },
    { signal: null, killed_by_client: false, lifetime_over: false },
  ]);
});

test('output keeps a session from being idle', async ({ pilotty }) => {
  const lines = 'for i in 1 2 3 4 5 6 7 8 9; do echo $i; sleep 0.3; done; echo all; cat';
  await pilotty.run('spawn', '--name', 'busy', '--idle-ttl', '2s', 'sh', '-c', lines);
  expect((await exitOf(pilotty, 'busy')).ended_because).toBe('idle_ttl');
  expect((await pilotty.run('output', '-s', 'busy')).stdout).toContain('all');
});

test('input keeps a session from being idle', async ({ pilotty }) => {
  // It neither echoes nor prints: only what it is sent counts.
  await pilotty.run('spawn', '--name', 'quiet', '--idle-ttl', '2s', 'sh', '-c', 'stty -echo; cat >/dev/null');
  const { created_at } = (await pilotty.run('status', '-s', 'quiet')).json();
  while (Date.now() - Date.parse(created_at) < 3000) {
    expect((await pilotty.run('type', '-s', 'quiet', '.')).code).toBe(0);
  }
  expect((await exitOf(pilotty, 'quiet')).ended_because).toBe('idle_ttl');
});

test('a session ends with its owner, and nobody else does', async ({ pilotty }) => {
  const { pid } = (await pilotty.run('spawn', '--name', 'owner', 'cat')).json();
  for (const name of ['one', 'two']) {
    await pilotty.run('spawn', '--name', name, '--owner-pid', String(pid), 'cat');
  }
  await pilotty.run('spawn', '--name', 'another', '--owner-pid', String(process.pid), 'cat');
  await pilotty.run('kill', '-s', 'owner');
  for (const name of ['one', 'two']) {
    expect(await exitOf(pilotty, name)).toMatchObject({
      signal: 'SIGTERM',
      ended_because: 'owner_gone',
      lifetime_over: true,
      killed_by_client: false,
    });
  }
  const { sessions } = (await pilotty.run('ls')).json();
  expect(sessions.map(({ name }: { name: string }) => name)).toEqual(['another']);
});

test('an owner that is dead but not reaped is gone', async ({ pilotty }) => {
  // sleep, which the shell becomes, never asks how its child ended.
  await pilotty.run(
    'spawn',
    '--name',
    'parent',
    'sh',
    '-c',
    'sleep 1000 & echo "child $!."; exec sleep 1000',
  );
  const waited = await pilotty.run('wait-for', '-s', 'parent', '-r', 'child (\\d+)\\.');
  const [pid] = waited.json().match.groups;
  await pilotty.run('spawn', '--name', 'owned', '--owner-pid', pid, 'cat');
  process.kill(Number(pid), 'SIGKILL');
  expect((await exitOf(pilotty, 'owned')).ended_because).toBe('owner_gone');
  const late = await pilotty.run('spawn', '--owner-pid', pid, 'cat');
  expect(late.error()).toMatchObject({
    code: 'INVALID_INPUT',
    message: expect.stringContaining(`No process ${pid}`),
    suggestion: expect.stringContaining('--owner-pid $$'),
  });
  expect((await pilotty.run('ls')).json().sessions).toHaveLength(1);
});

test('a daemon stops when nothing has run for its idle time, whatever it remembers', async ({ pilotty }) => {
  const env = { PILOTTY_IDLE_TIMEOUT: '500ms', PILOTTY_REMEMBER: '1h' };
  await pilotty.run('spawn', '--name', 'runs', 'cat', { env });
  await pilotty.run('spawn', '--name', 'ends', 'true', { env });
  const { pid } = (await pilotty.run('info')).json();
  const isServed = () => pilotty.processes().some((found) => found.pid === pid);
  // What runs keeps it, however long nobody asks.
  await pilotty.run('wait', '-s', 'runs', '--idle', '1s');
  expect(isServed()).toBe(true);
  await pilotty.run('kill', '-s', 'runs');
  await until('the daemon to stop', () => !isServed());
});
