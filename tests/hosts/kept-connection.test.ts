/**
 * Commands about another host that the daemon of this one runs for the native client: what they say, and the connection
 * that is kept between them.
 */
import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { nativeClient, type Pilotty } from '../harness/pilotty.ts';
import { until } from '../harness/until.ts';
import { frames, Wire } from '../native-client/wire.ts';
import { type OtherHost, test } from './other-host.ts';

const THERE = ['-H', 'ssh://there'];
const KEY = [...THERE, 'key', '-s', 'kept', 'a'];

/** What the daemon here answers to a command line: ACCEPTED, or that a process of its own must run it. */
async function verdict(
  pilotty: Pilotty,
  words: string[],
  { env, cwd }: { env: Record<string, string>; cwd?: string },
): Promise<'accepted' | 'own process'> {
  const wire = new Wire(pilotty);
  wire.hello(pilotty, { words, env, ...(cwd !== undefined && { cwd }) });
  await until('an answer', () => wire.received.length > 0);
  wire.socket.destroy();
  await wire.closed;
  return wire.received[0]?.kind === frames.accepted ? 'accepted' : 'own process';
}

/** A daemon here, one there with a session, and the shared connection of ssh. */
async function warm(pilotty: Pilotty, host: OtherHost): Promise<Record<string, string>> {
  await pilotty.client.request('daemon.info', {});
  expect((await host.run('spawn', '--name', 'kept', 'cat')).code).toBe(0);
  return { ...pilotty.env, ...host.env };
}

/** What ssh was started for by those who asked for a shell there. */
const connects = (host: OtherHost) => host.starts().filter((line) => line.includes('connect')).length;

/** In the daemon here, however long it takes to say that it does: the native client waits for half a second. */
async function runHere(pilotty: Pilotty, words: string[], env: Record<string, string>, cwd = pilotty.home) {
  const wire = new Wire(pilotty);
  wire.hello(pilotty, { words, env, cwd });
  expect(await wire.next(frames.accepted), words.join(' ')).toBeDefined();
  wire.send(frames.go);
  let stderr = '';
  for (;;) {
    const frame = await wire.next(frames.stdout, frames.stderr, frames.exit);
    if (frame === undefined || frame.kind === frames.exit)
      return { code: frame?.payload.readUInt8(0), stderr };
    if (frame.kind === frames.stderr) stderr += frame.payload.toString();
    wire.send(frames.written, Buffer.of(frame.kind === frames.stdout ? 1 : 2, 0));
  }
}

/** With the native client, whichever the other commands of this run are. */
async function run(pilotty: Pilotty, words: string[], env: Record<string, string>) {
  return await start(pilotty, words, env).ended;
}

function start(pilotty: Pilotty, words: string[], env: Record<string, string>) {
  let pid = 0;
  const ended = new Promise<{ code: unknown; stdout: string; stderr: string }>((resolve) => {
    const child = execFile(nativeClient(), words, { env, cwd: pilotty.home }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : error.code, stdout, stderr }),
    );
    pid = child.pid ?? 0;
  });
  return { pid, ended };
}

test('the daemon here takes a command where a connection is there, and a terminal is not needed', async ({
  pilotty,
  host,
}) => {
  await pilotty.client.request('daemon.info', {});
  const env = { ...pilotty.env, ...host.env };
  // ssh would have to log in, and may ask.
  expect(await verdict(pilotty, KEY, { env })).toBe('own process');
  expect(host.logins()).toBe(0);
  await warm(pilotty, host);
  expect(await verdict(pilotty, KEY, { env })).toBe('accepted');
  expect(await verdict(pilotty, ['key', 'a'], { env: { ...env, PILOTTY_HOST: 'ssh://there' } })).toBe(
    'accepted',
  );
  for (const words of [
    [...THERE, 'attach', '-s', 'kept'],
    [...THERE, 'watch'],
    [...THERE, 'stop'],
    ['-H', 'ssh://single', 'ls'],
    ['-H', 'ssh://refused', 'ls'],
    ['-H', 'nats://127.0.0.1:1/ci/there', 'ls'],
    ['--fleet', 'nats://127.0.0.1:1/ci', 'ls'],
  ])
    expect(await verdict(pilotty, words, { env }), words.join(' ')).toBe('own process');
  // ssh could not be started in it.
  const gone = join(pilotty.directory, 'gone');
  mkdirSync(gone);
  rmdirSync(gone);
  expect(await verdict(pilotty, KEY, { env, cwd: gone })).toBe('own process');
  // The user's own sharing of connections.
  expect((await pilotty.run('-H', 'ssh://shared', 'ls', { env: host.env })).code).toBe(0);
  expect(await verdict(pilotty, ['-H', 'ssh://shared', 'ls'], { env })).toBe('accepted');
  host.cut();
  await until(
    'the connection to have ended',
    async () => (await verdict(pilotty, KEY, { env })) === 'own process',
  );
});

test('a daemon with a policy starts no ssh for others', async ({ pilotty, host }) => {
  const policy = join(pilotty.directory, 'policy.json');
  writeFileSync(policy, JSON.stringify({ rules: [] }));
  await pilotty.run('stop');
  const started = await pilotty.run('daemon', { env: { PILOTTY_POLICY: policy } });
  expect(started.code).toBe(0);
  const env = await warm(pilotty, host);
  const before = host.starts().length;
  expect(await verdict(pilotty, KEY, { env })).toBe('own process');
  expect(host.starts()).toHaveLength(before);
});

test('commands one after the other use one connection; what another environment, directory, name or scope has is not theirs', async ({
  pilotty,
  host,
}) => {
  const env = await warm(pilotty, host);
  const before = connects(host);
  for (const words of [KEY, [...THERE, 'status', '-s', 'kept'], [...THERE, 'kill', '-s', 'nobody'], KEY])
    await runHere(pilotty, words, env);
  expect(connects(host)).toBe(before + 1);
  const others = [
    { env: { ...env, SSH_AUTH_SOCK: '/nowhere' } },
    { env: { ...env, PILOTTY_CLIENT: 'agent' } },
    { env: { ...env, PILOTTY_SCOPE: 'own' } },
    { env, cwd: host.directory },
  ];
  for (const { env: its, cwd } of others) {
    const count = connects(host);
    expect((await runHere(pilotty, [...THERE, 'ls'], its, cwd)).stderr).toBe('');
    expect(connects(host)).toBe(count + 1);
  }
});

test('at once, each has a connection of its own; and a slow reader holds up no other', async ({
  pilotty,
  host,
}) => {
  const env = await warm(pilotty, host);
  expect(
    (
      await run(
        pilotty,
        [...THERE, 'spawn', '--name', 'flood', 'sh', '-c', 'yes 0123456789 | head -c 3000000; cat'],
        env,
      )
    ).code,
  ).toBe(0);
  const slow = new Wire(pilotty);
  slow.hello(pilotty, { words: [...THERE, 'output', '-s', 'flood', '--follow'], env });
  await slow.next(frames.accepted);
  slow.send(frames.go);
  await slow.next(frames.stdout);
  const all = await Promise.all(Array.from({ length: 4 }, () => run(pilotty, KEY, env)));
  expect(all.map(({ code }) => code)).toEqual([0, 0, 0, 0]);
  slow.send(frames.signal, Buffer.of(2));
  expect((await slow.next(frames.exit))?.payload).toEqual(Buffer.of(130));
});

test('a host whose daemon was stopped and started is asked anew, with what its programs have now', async ({
  pilotty,
  host,
}) => {
  const env = await warm(pilotty, host);
  await run(pilotty, KEY, env);
  expect((await host.run('stop')).code).toBe(0);
  const absent = await run(pilotty, [...THERE, 'info'], env);
  expect(JSON.parse(absent.stderr)).toMatchObject({ code: 'DAEMON_UNREACHABLE' });
  const spawn = (name: string) => [...THERE, 'run', '--name', name, 'sh', '-c', 'echo "$OF_THERE,$NEW"'];
  expect((await run(pilotty, spawn('first'), env)).stdout).toBe('yes,\n');
  await run(pilotty, [...THERE, 'ls'], env);
  // What a program inherits there has changed meanwhile; a connection that was kept would not know.
  const program = readFileSync(join(host.directory, 'bin/pilotty'), 'utf8').replace(
    '#!/bin/sh\n',
    'export NEW=new\n',
  );
  host.program('bin/pilotty', program);
  expect((await run(pilotty, spawn('second'), env)).stdout).toBe('yes,new\n');
});

test('a link that is cut ends the command, and the next one logs in', async ({ pilotty, host }) => {
  const env = await warm(pilotty, host);
  const waiting = run(pilotty, [...THERE, 'run', '--name', 'job', '-t', '5m', 'cat'], env);
  await until('the program to run', async () =>
    (await host.client.request('session.list', {})).sessions.some(({ name }) => name === 'job'),
  );
  host.cut();
  const cut = await waiting;
  expect(cut.code).toBe(125);
  expect(JSON.parse(cut.stderr)).toMatchObject({
    code: 'HOST_UNREACHABLE',
    message: expect.stringContaining('was lost'),
  });
  const logins = host.logins();
  expect((await run(pilotty, KEY, env)).code).toBe(0);
  expect(host.logins()).toBe(logins + 1);
});

test('should the daemon here end, a command says so, and that sessions there go on', async ({
  pilotty,
  host,
}) => {
  const env = await warm(pilotty, host);
  const { pid } = await pilotty.client.request('daemon.info', {});
  let waiting: ReturnType<typeof run> | undefined;
  // On a busy machine the native client may not wait for the daemon, and become the Node program.
  await until('the daemon to run it', async () => {
    const words = [...THERE, 'wait-for', '-s', 'kept', 'never', '-t', '5m'];
    const begun = start(pilotty, words, env);
    const isConnected = async () => (await host.client.request('daemon.info', {})).connections === 2;
    await until('the wait to begin', isConnected);
    waiting = begun.ended;
    if (readFileSync(`/proc/${begun.pid}/comm`, 'utf8') === 'pilotty\n') return true;
    process.kill(begun.pid);
    await waiting;
    await until('it to have left', async () => !(await isConnected()));
    return false;
  });
  process.kill(pid, 'SIGKILL');
  const ended = await (waiting as ReturnType<typeof run>);
  expect(ended.code).toBe(6);
  expect(JSON.parse(ended.stderr)).toMatchObject({
    message: expect.stringContaining('the daemon of this host'),
    suggestion: expect.stringContaining('ssh://there go on'),
  });
  // Its ssh ends with it.
  await until(
    'one connection there',
    async () => (await host.client.request('daemon.info', {})).connections === 1,
  );
});

test('a host that is stopped holds up nobody here, and a signal ends what waits for it', async ({
  pilotty,
  host,
}) => {
  const env = await warm(pilotty, host);
  await run(pilotty, KEY, env);
  const { pid } = await host.client.request('daemon.info', {});
  process.kill(pid, 'SIGSTOP');
  try {
    const wire = new Wire(pilotty);
    wire.hello(pilotty, { words: KEY, env });
    await wire.next(frames.accepted);
    wire.send(frames.go);
    expect((await pilotty.client.request('session.list', {})).sessions).toEqual([]);
    wire.send(frames.signal, Buffer.of(2));
    expect((await wire.next(frames.exit))?.payload).toEqual(Buffer.of(130));
  } finally {
    process.kill(pid, 'SIGCONT');
  }
  expect((await run(pilotty, KEY, env)).code).toBe(0);
});
