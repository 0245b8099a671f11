/** What is bounded, how much of it is used, and how room is made. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'vitest';
import { PROTOCOL, VERSION } from '../../packages/protocol/src/index.ts';
import { type Pilotty, test } from '../harness/pilotty.ts';
import { runFile } from '../harness/run-file.ts';
import { until } from '../harness/until.ts';

async function namesOf(pilotty: Pilotty, ...words: string[]): Promise<string[]> {
  return (await pilotty.run('ls', ...words)).json().sessions.map(({ name }: { name: string }) => name);
}

/** Runs `true` to its end; it can still be looked at. */
async function endedSession(pilotty: Pilotty, name: string, ...options: string[]): Promise<void> {
  await pilotty.run('spawn', '--name', name, ...options, 'true');
  await pilotty.run('wait-for', '-s', name, 'never shown');
}

test('a daemon has no more sessions than its limit, and says how to make room', async ({ pilotty }) => {
  await pilotty.run('daemon', { env: { PILOTTY_MAX_SESSIONS: '2' } });
  await pilotty.run('spawn', '--name', 'one', 'cat');
  await pilotty.run('spawn', '--name', 'two', 'cat');
  const refused = await pilotty.run('spawn', '--name', 'three', 'cat');
  expect(refused.code).toBe(1);
  expect(refused.error()).toMatchObject({
    code: 'LIMIT_REACHED',
    message: expect.stringContaining('limit reached (2)'),
    suggestion: expect.stringMatching(/pilotty kill -s NAME.*pilotty gc --idle.*PILOTTY_MAX_SESSIONS/),
    details: { used: 2, limit: 2 },
  });
  await pilotty.run('kill', '-s', 'one');
  expect((await pilotty.run('spawn', '--name', 'three', 'cat')).code).toBe(0);
});

test.for(['0', '-1', 'many', '100001', '1.5'])(
  'PILOTTY_MAX_SESSIONS=%s is refused',
  async (text, { pilotty }) => {
    const refused = await pilotty.run('daemon', { env: { PILOTTY_MAX_SESSIONS: text } });
    expect(refused.error()).toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringContaining(`PILOTTY_MAX_SESSIONS is '${text}'`),
    });
  },
);

test('info says how much is used of what is bounded', async ({ pilotty }) => {
  await pilotty.run('daemon', { env: { PILOTTY_MAX_SESSIONS: '7' } });
  await pilotty.run('spawn', '--name', 'live', 'cat');
  await endedSession(pilotty, 'ended');
  const { quotas } = (await pilotty.run('info')).json();
  expect(quotas).toEqual({
    sessions: { used: 1, limit: 7 },
    retained: { used: 1, limit: 200 },
    retained_bytes: { used: expect.any(Number), limit: 64 * 1024 * 1024 },
    connections: { used: 1, limit: 1000 },
  });
  expect(quotas.retained_bytes.used).toBeGreaterThan(0);
});

test('gc forgets the ended sessions, and leaves the live ones', async ({ pilotty }) => {
  await pilotty.run('spawn', '--name', 'live', 'cat');
  await endedSession(pilotty, 'first');
  await endedSession(pilotty, 'second', '--tag', 'ci');
  const would = (await pilotty.run('gc', '--dry-run')).json();
  expect(would).toMatchObject({ dry_run: true, ended_sessions: [], message: 'Would evict 2 ended sessions' });
  expect(await namesOf(pilotty, '--all')).toEqual(['live', 'first', 'second']);
  const tagged = (await pilotty.run('gc', '--tag', 'ci')).json();
  expect(tagged).toMatchObject({
    dry_run: false,
    evicted_sessions: [{ session: 'second', bytes: expect.any(Number) }],
    message: 'Evicted 1 ended session',
  });
  const { evicted_sessions, freed_bytes } = (await pilotty.run('gc')).json();
  expect(evicted_sessions).toMatchObject([{ session: 'first' }]);
  expect(freed_bytes).toBe(evicted_sessions[0].bytes);
  expect(freed_bytes).toBeGreaterThan(0);
  expect([...tagged.evicted_sessions, ...evicted_sessions].reduce((sum, { bytes }) => sum + bytes, 0)).toBe(
    would.freed_bytes,
  );
  expect(await namesOf(pilotty, '--all')).toEqual(['live']);
  expect((await pilotty.run('status', '-s', 'first')).error().code).toBe('SESSION_NOT_FOUND');
  expect((await pilotty.run('gc')).json()).toMatchObject({
    freed_bytes: 0,
    message: 'Nothing to clean up',
  });
});

test('gc --idle ends what nobody uses, and the next gc forgets it', async ({ pilotty }) => {
  await pilotty.run('spawn', '--name', 'idle', 'cat');
  await pilotty.run('spawn', '--name', 'busy', 'sh', '-c', 'while :; do echo tick; sleep 0.05; done');
  const idleMs = async () => (await pilotty.run('status', '-s', 'idle')).json().idle_ms;
  await until('a session to be idle', async () => (await idleMs()) > 5000);
  expect((await pilotty.run('gc', '--idle', '1h')).json().ended_sessions).toEqual([]);
  expect((await pilotty.run('gc', '--idle', '5s', '--dry-run')).json()).toMatchObject({
    ended_sessions: [{ session: 'idle', survivors: [] }],
    message: 'Would end 1 idle session',
  });
  expect(await namesOf(pilotty)).toEqual(['idle', 'busy']);
  const { ended_sessions, evicted_sessions } = (await pilotty.run('gc', '--idle', '5s')).json();
  expect({ ended_sessions, evicted_sessions }).toMatchObject({
    ended_sessions: [{ session: 'idle', idle_ms: expect.any(Number), survivors: [] }],
    evicted_sessions: [],
  });
  expect(await namesOf(pilotty)).toEqual(['busy']);
  expect((await pilotty.run('status', '-s', 'idle')).json().exit).toMatchObject({ ended_because: 'client' });
  expect((await pilotty.run('gc')).json()).toMatchObject({
    evicted_sessions: [{ session: 'idle' }],
    ended_sessions: [],
  });
});

test('gc of a session that is not there is an error, and a pattern that fits none is not', async ({
  pilotty,
}) => {
  expect((await pilotty.run('gc', '-s', 'nobody')).code).toBe(5);
  expect((await pilotty.run('gc', '-s', 'nobody-*')).json().evicted_sessions).toEqual([]);
});

test('gc removes locks of the dead, and only those', async ({ pilotty }) => {
  await pilotty.run('daemon');
  const file = (name: string) => join(pilotty.socketDir, name);
  const owner = JSON.parse(readFileSync(file('pilotty.lock'), 'utf8'));
  const dead = JSON.stringify({ ...owner, startedAt: 'long ago' });
  writeFileSync(file('pilotty.lock.0a1b'), dead);
  writeFileSync(file('pilotty.lock.0a1b.2c3d'), dead);
  writeFileSync(file('pilotty.lock.4e5f'), JSON.stringify(owner));
  writeFileSync(file('pilotty.lock.half'), '{"pid":');
  writeFileSync(file('notes.txt'), dead);
  expect((await pilotty.run('gc', '-n')).json().message).toBe('Would remove 2 files');
  expect((await pilotty.run('gc')).json()).toMatchObject({
    removed_files: expect.arrayContaining([file('pilotty.lock.0a1b'), file('pilotty.lock.0a1b.2c3d')]),
    freed_bytes: 2 * dead.length,
  });
  const left = ['0a1b', '0a1b.2c3d', '4e5f', 'half'].filter((name) =>
    existsSync(file(`pilotty.lock.${name}`)),
  );
  expect(left).toEqual(['4e5f', 'half']);
  expect(existsSync(file('notes.txt'))).toBe(true);
  expect((await pilotty.run('gc')).json().removed_files).toEqual([]);
});

test('a session has only so many tags, and a change with too many changes nothing', async ({ pilotty }) => {
  await pilotty.spawn('one', ['cat']);
  const { client } = pilotty;
  const tags = (from: number, count: number) =>
    Array.from({ length: count }, (_, index) => `t${from + index}`);
  await client.request('session.tag', { session: 'one', add: tags(0, 60) });
  const tooMany = { session: 'one', name: 'two', add_tags: tags(60, 5) };
  await expect(client.request('session.change', tooMany)).rejects.toMatchObject({ code: 'LIMIT_REACHED' });
  const { name, tags: has } = await client.request('session.status', { session: 'one' });
  expect([name, has.length]).toEqual(['one', 60]);
  await client.request('session.tag', { session: 'one', add: tags(60, 5), remove: ['t0'] });
});

/** Connections that stay, each after what it wrote was answered. */
async function connections(pilotty: Pilotty, count: number, greeting: string): Promise<net.Socket[]> {
  const sockets: net.Socket[] = [];
  const open = () =>
    new Promise<boolean>((resolve) => {
      const socket = net.connect(join(pilotty.socketDir, 'pilotty.sock'));
      // EAGAIN: so many wait to be accepted that the kernel takes no more.
      socket.on('error', () => resolve(false));
      socket.once('close', () => resolve(true));
      socket.once('connect', () => {
        sockets.push(socket);
        if (greeting === '') resolve(true);
        else socket.once('data', () => resolve(true)).write(greeting);
      });
    });
  while (sockets.length < count) await until('a connection', open);
  return sockets;
}

const HELLO = `${JSON.stringify({
  jsonrpc: '2.0',
  id: 0,
  method: 'hello',
  params: { protocol: PROTOCOL, version: VERSION },
})}\n`;

test('clients that only connect keep nobody out', async ({ pilotty }) => {
  await pilotty.run('spawn', '--name', 'one', 'cat');
  const sockets = await connections(pilotty, 1500, '');
  expect((await pilotty.run('snapshot', '-s', 'one')).code).toBe(0);
  for (const socket of sockets) socket.destroy();
});

test('a command waits while the daemon has more connections to accept than the kernel keeps', async ({
  pilotty,
}) => {
  await pilotty.run('spawn', '--name', 'one', 'cat');
  const { pid } = (await pilotty.run('info')).json();
  process.kill(pid, 'SIGSTOP');
  const sockets: net.Socket[] = [];
  try {
    for (let isFull = false; !isFull; ) {
      const socket = net.connect(join(pilotty.socketDir, 'pilotty.sock'));
      sockets.push(socket);
      isFull = await new Promise((resolve) => {
        socket.once('connect', () => resolve(false)).once('error', () => resolve(true));
      });
    }
    const refused = await pilotty.run('snapshot', '-s', 'one');
    expect(refused.code).toBe(6);
    expect(refused.error().details).toEqual({ pid });
    const snapshot = pilotty.run('snapshot', '-s', 'one');
    expect(await Promise.race([snapshot, delay(100, 'waiting')])).toBe('waiting');
    process.kill(pid, 'SIGCONT');
    expect((await snapshot).code).toBe(0);
  } finally {
    process.kill(pid, 'SIGCONT');
    for (const socket of sockets) socket.destroy();
  }
});

test('when all connections are in use, that is said, and what makes room still gets in', async ({
  pilotty,
}) => {
  await pilotty.run('spawn', '--name', 'one', 'cat');
  const sockets = await connections(pilotty, 1000, HELLO);
  const refused = await pilotty.run('snapshot', '-s', 'one');
  expect(refused.code).toBe(1);
  expect(refused.error()).toMatchObject({
    code: 'LIMIT_REACHED',
    message: expect.stringContaining('1000 connections'),
    suggestion: expect.stringContaining('pilotty kill'),
  });
  const reserve = await connections(pilotty, 50, `${HELLO}{"jsonrpc":"2.0","id":1,"method":"daemon.info"}\n`);
  expect((await pilotty.run('info')).json().quotas.connections.used).toBeGreaterThanOrEqual(1000);
  expect((await pilotty.run('ls')).json().sessions).toHaveLength(1);
  expect((await pilotty.run('kill', '-s', 'one')).code).toBe(0);
  expect((await pilotty.run('stop')).code).toBe(0);
  for (const socket of [...sockets, ...reserve]) socket.destroy();
});

test('sessions are refused while enough descriptors are left to end some', async ({ pilotty }) => {
  await runFile('/bin/sh', ['-c', 'ulimit -n 96; exec "$@"', 'sh', ...pilotty.program, 'daemon'], {
    env: pilotty.env,
    cwd: pilotty.home,
  });
  const names: string[] = [];
  let refusal: { code?: string; suggestion?: string } | undefined;
  while (refusal === undefined && names.length < 96) {
    const name = `s${names.length}`;
    await pilotty.spawn(name, ['cat']).then(
      () => names.push(name),
      (error) => {
        refusal = error;
      },
    );
  }
  expect(refusal).toMatchObject({ code: 'LIMIT_REACHED', suggestion: expect.stringContaining('ulimit -n') });
  expect(names.length).toBeGreaterThan(5);
  const idle = await connections(pilotty, 60, HELLO);
  const [first = '', ...others] = names;
  expect((await pilotty.run('info')).code).toBe(0);
  expect((await pilotty.run('kill', '-s', first)).code).toBe(0);
  expect((await pilotty.run('ls')).json().sessions).toHaveLength(others.length);
  expect((await pilotty.run('stop')).code).toBe(0);
  for (const socket of idle) socket.destroy();
});
