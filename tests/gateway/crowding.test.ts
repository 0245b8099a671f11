/** Whoever reaches the port without a token keeps nobody out, and does not keep the gateway from ending. */

import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { expect } from 'vitest';
import { Connections } from '../../apps/gateway/src/connections.ts';
import { MAX_CONNECTIONS, MAX_PIPELINED } from '../../apps/gateway/src/limits.ts';
import { findProcess } from '../../packages/daemon/src/processes/process-table.ts';
import { until } from '../harness/until.ts';
import { test } from './served.ts';

/** Connects as often as the gateway has room, and sends each the same. */
async function crowd(port: number, text: string): Promise<Socket[]> {
  const sockets: Socket[] = [];
  for (let count = 0; count < MAX_CONNECTIONS; count++) {
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    // Cut by the gateway, which is what this is about.
    socket.on('error', () => {});
    sockets.push(socket);
    await once(socket, 'connect');
    if (text !== '') socket.write(text);
  }
  return sockets;
}

test.for([
  ['say nothing', ''],
  ['send half a request', 'GET / HTTP/1.1\r\nHost: x'],
  ['send junk', '\0\x01\x02junk\r\n\r\n'],
])(
  'as many connections as there may be, which %s, keep no other client out',
  async ([, text], { served }) => {
    const sockets = await crowd(Number(served.url.port), text ?? '');
    expect((await served.ask('GET /sessions')).status).toBe(200);
    for (const socket of sockets) socket.destroy();
  },
);

test('behind TLS too, and the gateway ends although they stay', async ({ pilotty }) => {
  const directory = join(pilotty.directory, 'tls');
  mkdirSync(directory);
  const [cert, key] = [join(directory, 'cert.pem'), join(directory, 'key.pem')];
  const words = [
    'req',
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
    '-nodes',
    '-days',
    '1',
  ];
  execFileSync('openssl', [...words, '-subj', '/CN=localhost', '-keyout', key, '-out', cert], {
    stdio: 'ignore',
  });
  const started = await pilotty.run(
    ...['serve', '--detach', '--bind', '127.0.0.1:0', '--tls-cert', cert, '--tls-key', key],
  );
  const { url, pid } = JSON.parse(started.stdout);
  const sockets = await crowd(Number(new URL(url).port), '');
  const stopped = await pilotty.run('serve', '--stop');
  expect(JSON.parse(stopped.stdout)).toEqual({ type: 'gateway_stopped', pid });
  await until('the gateway to be gone', () => !pilotty.processes().some((found) => found.pid === pid));
  for (const socket of sockets) socket.destroy();
});

test('one that is refused for asking too often is closed', async ({ served }) => {
  const socket = connect(Number(served.url.port), '127.0.0.1');
  socket.on('error', () => {});
  await once(socket, 'connect');
  const request = `GET /sessions HTTP/1.1\r\nHost: ${served.url.host}\r\n\r\n`;
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk;
  });
  const closed = once(socket, 'close');
  for (let count = 1; !socket.closed; count++) {
    socket.write(request);
    await until('an answer', () => socket.closed || (text.match(/HTTP\/1.1/g)?.length ?? 0) >= count);
  }
  await closed;
  expect(text).toContain('HTTP/1.1 401');
  expect(text.match(/HTTP\/1.1 429/g)).toHaveLength(1);
});

test('one that sends requests without waiting for answers is cut', async ({ served }) => {
  const socket = connect(Number(served.url.port), '127.0.0.1');
  socket.on('error', () => {}).resume();
  await once(socket, 'connect');
  const closed = once(socket, 'close');
  socket.write(`GET /health HTTP/1.1\r\nHost: ${served.url.host}\r\n\r\n`.repeat(MAX_PIPELINED + 1));
  await closed;
  expect((await served.ask('GET /health')).status).toBe(200);
});

test('the token is what keeps a connection, and the busiest address makes room first', async () => {
  const server = createServer();
  const accepted: Socket[] = [];
  server.on('connection', (socket) => accepted.push(socket));
  const connections = new Connections(server, 3);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const open = async (localAddress: string) => {
    const socket = connect({ port, host: '127.0.0.1', localAddress });
    const ended = once(socket, 'close');
    socket.on('error', () => {}).resume();
    const count = accepted.length;
    await until('it to be accepted', () => accepted.length === count + 1);
    return { socket, ended, server: accepted[count] as Socket };
  };
  const trusted = await open('127.0.0.2');
  connections.trust(trusted.server);
  const alone = await open('127.0.0.3');
  const first = await open('127.0.0.2');
  const second = await open('127.0.0.2');
  // Of two addresses with one each the oldest connection goes.
  await alone.ended;
  const third = await open('127.0.0.2');
  await first.ended;
  expect([trusted, second, third].map(({ server: { destroyed } }) => destroyed)).toEqual([
    false,
    false,
    false,
  ]);
  connections.destroy();
  await Promise.all([trusted, second, third].map(({ ended }) => ended));
  server.close();
});

test('of gateways that are started at once one runs', async ({ pilotty }) => {
  const words = ['serve', '--detach', '--bind', '127.0.0.1:0'];
  // One that was killed left its socket and its lock.
  const { pid } = JSON.parse((await pilotty.run(...words)).stdout);
  process.kill(pid, 'SIGKILL');
  await until('it to be gone', () => findProcess(pid) === undefined, {
    lastSeen: () => JSON.stringify(findProcess(pid)),
  });
  const answers = await Promise.all([1, 2, 3, 4].map(() => pilotty.run(...words)));
  expect(answers.map(({ code }) => code).sort()).toEqual([0, 1, 1, 1]);
  const refused = answers.filter(({ code }) => code === 1).map((answer) => answer.error().message);
  expect(refused.every((message) => message.includes('running already, as process'))).toBe(true);
  await until('one to be left', () => pilotty.processes().length === 1);
  await pilotty.run('serve', '--stop');
  expect(readdirSync(pilotty.socketDir).filter((name) => /lock|sock/.test(name))).toEqual([]);
  expect((await pilotty.run(...words)).code).toBe(0);
  await pilotty.run('serve', '--stop');
});

test('a gateway that does not answer is ended', async ({ pilotty }) => {
  const { pid } = JSON.parse((await pilotty.run('serve', '--detach', '--bind', '127.0.0.1:0')).stdout);
  process.kill(pid, 'SIGSTOP');
  expect(JSON.parse((await pilotty.run('serve', '--stop')).stdout)).toEqual({ type: 'gateway_stopped', pid });
  await until('it to be gone', () => pilotty.processes().length === 0);
});

test('a token file that is none is named, and nothing is left running', async ({ pilotty }) => {
  const fifo = join(pilotty.directory, 'fifo');
  execFileSync('mkfifo', ['-m', '600', fifo]);
  for (const file of [fifo, pilotty.home]) {
    const answer = await pilotty.run('serve', '--detach', '--bind', '127.0.0.1:0', '--token-file', file);
    expect(answer.error()).toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringContaining('not a regular file'),
    });
  }
  await until('both to be gone', () => pilotty.processes().length === 0);
});
