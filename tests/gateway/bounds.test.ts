/** Bounds of what the gateway keeps for its peers; docs/limits.md lists them all. */
import { connect, type Socket } from 'node:net';
import { expect } from 'vitest';
import {
  MAX_CONTROL_CONNECTIONS,
  MAX_PENDING_LENGTH,
  MAX_PENDING_REQUESTS,
} from '../../apps/gateway/src/limits.ts';
import { socketPathsIn } from '../../packages/protocol/src/index.ts';
import { until } from '../harness/until.ts';
import { test } from './served.ts';

/** Its terminal takes some kilobytes, and nobody reads them. */
const DEAF = ['sh', '-c', 'stty raw -echo; echo ready; exec sleep 1000'];

test('a hello counts among the requests that a WebSocket may have open', async ({ pilotty, served }) => {
  await pilotty.spawn('a', ['cat']);
  const peer = served.webSocket('ws/json');
  await peer.opened();
  for (let id = 1; id <= MAX_PENDING_REQUESTS; id++)
    peer.send({ id, method: 'session.wait', params: { session: 'a', text: 'never' } });
  peer.send({ id: 'one more', method: 'hello' });
  expect((await peer.answer('one more')).error.data).toMatchObject({ code: 'LIMIT_REACHED' });
});

test('requests of a WebSocket that are open have a length in all', async ({ pilotty, served }) => {
  await pilotty.spawn('deaf', DEAF);
  const peer = served.webSocket('ws/json');
  await peer.opened();
  const text = 'x'.repeat(0.6 * MAX_PENDING_LENGTH);
  for (const id of [1, 2]) peer.send({ id, method: 'session.type', params: { session: 'deaf', text } });
  expect((await peer.answer(2)).error.data).toMatchObject({ code: 'LIMIT_REACHED' });
  peer.send({ id: 3, method: 'daemon.info' });
  expect((await peer.answer(3)).result.connections).toBeGreaterThan(0);
});

test('a peer that leaves while the program reads nothing is noticed, and what it typed is not sent late', async ({
  pilotty,
  served,
}) => {
  const session = await pilotty.spawn('deaf', DEAF);
  const { client } = pilotty;
  await client.request('session.wait', { session, text: 'ready' });
  const before = (await client.request('daemon.info', {})).connections;
  const peer = served.webSocket('sessions/deaf/ws/raw');
  await until('the screen', () => peer.bytes.includes('ready'));
  const { seq } = await client.request('session.status', { session });
  peer.send('x'.repeat(32 * 1024));
  await until('it to be typed', async () => (await client.request('session.status', { session })).seq > seq);
  peer.send('typed behind it');
  peer.webSocket.terminate();
  await until(
    'the daemon to be told',
    async () => (await client.request('daemon.info', {})).connections <= before,
  );
  expect((await client.request('session.status', { session })).seq).toBe(seq + 1);
});

test('the control socket has so many connections', async ({ pilotty, served }) => {
  expect(served.url.port).not.toBe('');
  const path = socketPathsIn(pilotty.socketDir).gateway;
  const sockets: Socket[] = [];
  let refused = 0;
  for (let count = 0; count < MAX_CONTROL_CONNECTIONS + 10; count++) {
    const socket = connect(path);
    socket.on('error', () => {});
    socket.on('close', () => {
      refused += 1;
    });
    sockets.push(socket);
  }
  await until('those beyond the bound to be cut', () => refused === 10);
  for (const socket of sockets) socket.destroy();
});
