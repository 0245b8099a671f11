/** Finding the socket, and the daemon behind it: real files, real sockets, a daemon of a few lines. */
import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Client } from '../../packages/client/src/index.ts';
import { considerDirectories, createLocalClient } from '../../packages/client/src/node.ts';
import { PROTOCOL, VERSION } from '../../packages/protocol/src/index.ts';
import { until } from '../harness/until.ts';

let place: string;
const closing: { close(): unknown }[] = [];

beforeEach(() => {
  place = realpathSync(mkdtempSync(join(tmpdir(), 'pc-')));
});

afterEach(() => {
  for (const open of closing.splice(0)) open.close();
  rmSync(place, { recursive: true, force: true });
});

const HELLO_ANSWER = { protocol: PROTOCOL, version: VERSION, pid: 1, sessions: 0, stepping_down: false };

/** Answers hello and one request, a byte at a time. */
function serveSlowly(directory: string, result: unknown): Promise<Server> {
  const messages = [
    { jsonrpc: '2.0', id: 0, result: HELLO_ANSWER },
    { jsonrpc: '2.0', id: 1, result },
  ];
  const bytes = Buffer.from(messages.map((message) => `${JSON.stringify(message)}\n`).join(''));
  const server = createServer((socket) => {
    socket.setNoDelay(true).once('data', async () => {
      for (const byte of bytes) await new Promise((sent) => socket.write(Buffer.of(byte), sent));
    });
  });
  closing.push(server);
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  return new Promise((resolve) => server.listen(join(directory, 'pilotty.sock'), () => resolve(server)));
}

/** A daemon's program: what it does is the test's. It may use `say(line)`, `serve()` and `directory`. */
function daemonProgram(work: string): string {
  const path = join(place, 'daemon.cjs');
  writeFileSync(
    path,
    `const fs = require('node:fs'), net = require('node:net');
    const option = (name) => process.argv[process.argv.indexOf(name) + 1];
    const directory = option('--socket-dir');
    const say = (line) => fs.writeSync(Number(option('--ready-fd')), JSON.stringify(line) + '\\n');
    const serve = (ready) => {
      fs.rmSync(directory + '/pilotty.sock', { force: true });
      const server = net.createServer((socket) => {
        server.close();
        socket.once('data', () => socket.end(
          JSON.stringify({ id: 0, result: ${JSON.stringify(HELLO_ANSWER)} }) + '\\n' +
          JSON.stringify({ id: 1, result: { cwd: process.cwd(), fds: fs.readdirSync('/dev/fd').length } }) + '\\n'));
      }).listen(directory + '/pilotty.sock', ready);
    };
    ${work}`,
  );
  return path;
}

function clientIn(env: Record<string, string>, program?: string, warnings: string[] = []): Client {
  const client = createLocalClient({
    env,
    cwd: place,
    daemonProgram: program,
    warn: (message) => warnings.push(message),
  });
  closing.push(client);
  return client;
}

const named = () => ({ PILOTTY_SOCKET_DIR: join(place, 's') });

test('an answer is whole however it is cut', async () => {
  await serveSlowly(join(place, 's'), { title: 'grüße 你好 👩‍👩‍👧' });
  expect(await clientIn(named()).request('daemon.info', {})).toEqual({ title: 'grüße 你好 👩‍👩‍👧' });
});

test('requests made at the same moment are one write', async () => {
  const reads: string[] = [];
  const server = createServer((socket) => {
    socket.on('data', (bytes) => {
      reads.push(String(bytes));
      for (const line of String(bytes).trimEnd().split('\n')) {
        const { id } = JSON.parse(line);
        socket.write(`${JSON.stringify({ jsonrpc: '2.0', id, result: id === 0 ? HELLO_ANSWER : {} })}\n`);
      }
    });
  });
  closing.push(server);
  mkdirSync(join(place, 's'), { mode: 0o700 });
  await new Promise<void>((resolve) => server.listen(join(place, 's', 'pilotty.sock'), resolve));
  const client = clientIn(named());
  await client.request('daemon.info', {});
  reads.length = 0;
  await Promise.all(Array.from({ length: 20 }, () => client.request('daemon.info', {})));
  expect(reads.map((text) => text.trimEnd().split('\n').length)).toEqual([20]);
});

test('a named directory is the only candidate, and is taken from where the user is', async () => {
  const env = { PILOTTY_SOCKET_DIR: 'here/', XDG_RUNTIME_DIR: place, HOME: place };
  expect(await considerDirectories({ env, cwd: place })).toEqual([
    { directory: join(place, 'here'), verdict: 'chosen' },
  ]);
});

test('the first base that is there and ours is taken', async () => {
  mkdirSync(join(place, 'run'));
  const home = join(place, 'home');
  mkdirSync(home);
  const directoryOf = async (env: Record<string, string>) =>
    (await considerDirectories({ env, cwd: '/' })).at(-1)?.directory;
  expect(await directoryOf({ XDG_RUNTIME_DIR: join(place, 'run'), HOME: home })).toBe(
    join(place, 'run/pilotty'),
  );
  expect(await directoryOf({ XDG_RUNTIME_DIR: join(place, 'none'), HOME: home })).toBe(
    join(home, '.pilotty'),
  );
  expect(await directoryOf({ HOME: home })).toBe(join(home, '.pilotty'));
  expect(await directoryOf({ HOME: join(place, 'none') })).toBe(`/tmp/pilotty-${process.getuid?.()}`);
});

test('a daemon that runs is found although a better place for it has appeared since', async () => {
  const [home, run] = [join(place, 'home'), join(place, 'run')];
  mkdirSync(home);
  mkdirSync(run);
  const env = { XDG_RUNTIME_DIR: run, HOME: home };
  const server = await serveSlowly(join(home, '.pilotty'), { title: 'found' });
  expect(await considerDirectories({ env, cwd: '/' })).toEqual([
    { directory: join(run, 'pilotty'), verdict: 'skipped', reason: 'no daemon runs there' },
    { directory: join(home, '.pilotty'), verdict: 'chosen' },
  ]);
  // Unless one runs in the better place, or there is only a socket that nobody listens at.
  await serveSlowly(join(run, 'pilotty'), {});
  expect((await considerDirectories({ env, cwd: '/' })).at(-1)?.directory).toBe(join(run, 'pilotty'));
  rmSync(join(run, 'pilotty'), { recursive: true });
  linkSync(join(home, '.pilotty/pilotty.sock'), join(home, '.pilotty/kept'));
  server.close();
  renameSync(join(home, '.pilotty/kept'), join(home, '.pilotty/pilotty.sock'));
  expect((await considerDirectories({ env, cwd: '/' })).at(-1)?.directory).toBe(join(run, 'pilotty'));
});

test('a daemon is found also where what led to its directory is missing, unless a client wants to be apart', async () => {
  const [home, runtimes, tmp] = [join(place, 'home'), join(place, 'run'), join(place, 'tmp')];
  const run = join(runtimes, String(process.getuid?.()));
  for (const directory of [home, run, tmp]) mkdirSync(directory, { recursive: true });
  const system = { tmp, runtimes, ownHome: home };
  const chosen = async (env: Record<string, string>) =>
    (await considerDirectories({ env, cwd: '/', system })).at(-1)?.directory;
  // With no daemon anywhere, none is started in a place that is only looked at.
  expect(await chosen({ HOME: home })).toBe(join(home, '.pilotty'));
  expect(await chosen({})).toBe(join(home, '.pilotty'));
  await serveSlowly(join(tmp, 'pilotty'), {});
  expect(await chosen({ HOME: home })).toBe(join(tmp, 'pilotty'));
  // As cron and `env -i` leave it.
  await serveSlowly(join(run, 'pilotty'), {});
  expect(await chosen({ HOME: home })).toBe(join(run, 'pilotty'));
  expect(await chosen({})).toBe(join(run, 'pilotty'));
  const apart = join(place, 'apart');
  mkdirSync(apart);
  expect(await chosen({ HOME: apart })).toBe(join(tmp, 'pilotty'));
  // One in the place that is chosen is before all others.
  await serveSlowly(join(home, '.pilotty'), {});
  expect(await chosen({ HOME: home })).toBe(join(home, '.pilotty'));
});

test.for([
  ['a symbolic link', (path: string) => symlinkSync(place, path), 'is a symbolic link'],
  [
    'a link that leads nowhere',
    (path: string) => symlinkSync(join(place, 'none'), path),
    'is a symbolic link',
  ],
  ['a file', (path: string) => writeFileSync(path, ''), 'is not a directory'],
  [
    'a directory that others may write',
    (path: string) => {
      mkdirSync(path);
      chmodSync(path, 0o770);
    },
    'can be written by other users',
  ],
] as const)('%s in place of the directory is refused, and nothing is started', async ([, make, reason]) => {
  make(join(place, 's'));
  const client = clientIn(named(), daemonProgram('fs.writeFileSync(directory + "/../started", "")'));
  await expect(client.request('daemon.info', {})).rejects.toMatchObject({
    code: 'DAEMON_UNREACHABLE',
    message: expect.stringContaining(reason),
    suggestion: expect.stringContaining('PILOTTY_SOCKET_DIR'),
  });
  expect(existsSync(join(place, 'started'))).toBe(false);
});

test('a directory that is refused is not passed over for the next', async () => {
  mkdirSync(join(place, 'pilotty'));
  chmodSync(join(place, 'pilotty'), 0o777);
  const env = { XDG_RUNTIME_DIR: place, HOME: place };
  expect(await considerDirectories({ env, cwd: '/' })).toMatchObject([{ verdict: 'refused' }]);
});

test('a path too long for a socket is said to be so, with both lengths', async () => {
  const env = { PILOTTY_SOCKET_DIR: join(place, 'd'.repeat(100)) };
  const bytes = Buffer.byteLength(join(env.PILOTTY_SOCKET_DIR, 'pilotty.sock')) + 1;
  await expect(clientIn(env).request('daemon.info', {})).rejects.toMatchObject({
    message: expect.stringMatching(new RegExp(`${bytes} bytes, and 10[48] is the limit`)),
  });
});

test.for([
  ['a file', (path: string) => writeFileSync(path, ''), 'is not a socket'],
  ['a symbolic link', (path: string) => symlinkSync('/dev/null', path), 'is a symbolic link'],
] as const)('%s in place of the socket is refused', async ([, make, reason]) => {
  mkdirSync(join(place, 's'), { mode: 0o700 });
  make(join(place, 's/pilotty.sock'));
  await expect(clientIn(named()).request('daemon.info', {})).rejects.toMatchObject({
    message: expect.stringContaining(reason),
  });
});

test('without a program to start, nobody listening is an absence, and no directory is made', async () => {
  await expect(clientIn(named()).request('daemon.info', {})).rejects.toMatchObject({ isAbsent: true });
  expect(existsSync(join(place, 's'))).toBe(false);
});

test('a daemon is started in the root directory, in a private directory of its own', async () => {
  const program = daemonProgram('serve(() => say({ ready: true, pid: process.pid, orphans: [] }))');
  const answer = await clientIn(named(), program).request('daemon.info', {});
  expect(answer).toMatchObject({ cwd: '/' });
  expect(statSync(join(place, 's')).mode & 0o777).toBe(0o700);
});

test('a socket that nobody listens at is no obstacle', async () => {
  const server = await serveSlowly(join(place, 's'), {});
  const socket = join(place, 's/pilotty.sock');
  // Closing removes the file; another name for it is what a daemon that was killed leaves.
  linkSync(socket, `${socket}.left`);
  await new Promise((closed) => server.close(closed));
  renameSync(`${socket}.left`, socket);
  const program = daemonProgram('serve(() => say({ ready: true, pid: process.pid, orphans: [] }))');
  expect(await clientIn(named(), program).request('daemon.info', {})).toMatchObject({ cwd: '/' });
});

test('why a daemon cannot start is told in its own words', async () => {
  const error = { code: 'INVALID_INPUT', message: 'PILOTTY_LOG_LEVEL is loud', suggestion: 'Unset it.' };
  const client = clientIn(named(), daemonProgram(`say({ error: ${JSON.stringify(error)} })`));
  await expect(client.request('daemon.info', {})).rejects.toMatchObject(error);
});

test('a daemon that ends without a word is told of, with its log', async () => {
  const client = clientIn(named(), daemonProgram('process.exit(3)'));
  await expect(client.request('daemon.info', {})).rejects.toMatchObject({
    code: 'DAEMON_UNREACHABLE',
    message: expect.stringContaining('before it was ready'),
    suggestion: expect.stringContaining(join(place, 's/pilotty.log')),
  });
});

test('what a killed daemon left running is told', async () => {
  const orphans = [{ session: 'build', session_id: '7ec5', pid: 4711, program: 'make' }];
  const ready = `{ ready: true, pid: process.pid, orphans: ${JSON.stringify(orphans)} }`;
  const warnings: string[] = [];
  await clientIn(named(), daemonProgram(`serve(() => say(${ready}))`), warnings).request('daemon.info', {});
  expect(warnings).toEqual([expect.stringMatching(/make.*build.*4711/)]);
});

test('a client that is closed while its daemon starts lets go of it', async () => {
  const client = clientIn(
    named(),
    daemonProgram(`
      const leave = (name) => fs.writeFileSync(directory + '/' + name, '');
      new net.Socket({ fd: Number(option('--ready-fd')) }).resume().once('close', () => leave('released'));
      leave('begun');`),
  );
  const answer = client.request('daemon.info', {});
  const isLeft = (name: string) => existsSync(join(place, 's', name));
  await until('the daemon to begin', () => isLeft('begun'));
  client.close();
  await expect(answer).rejects.toMatchObject({ message: 'the client was closed' });
  await until('the daemon to be let go', () => isLeft('released'));
});
