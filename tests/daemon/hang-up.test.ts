/** A client that leaves while the daemon does not read its socket: over a real socket, without a daemon. */
import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Call } from '../../packages/daemon/src/call.ts';
import {
  MAX_PENDING_REQUESTS,
  MAX_WAITING_BYTES,
  MAX_WAITING_REQUESTS,
} from '../../packages/daemon/src/limits.ts';
import type { Log } from '../../packages/daemon/src/log.ts';
import { Connection } from '../../packages/daemon/src/server/connection.ts';
import { StallWatch } from '../../packages/daemon/src/server/stall.ts';
import { encodeMessage, PROTOCOL, VERSION } from '../../packages/protocol/src/index.ts';
import { until } from '../harness/until.ts';

const silent = { isLevelEnabled: () => false, debug() {}, error() {} } as unknown as Log;
const greeting = { protocol: PROTOCOL, version: VERSION, pid: 1, sessions: 0, stepping_down: false };

let directory: string;
let server: net.Server;
let near: net.Socket;
let far: net.Socket;
let begun: { call: Call; end: () => void }[];

beforeEach(async () => {
  directory = fs.mkdtempSync(path.join(os.tmpdir(), 'pilotty-test-'));
  begun = [];
  server = net.createServer().listen(path.join(directory, 'socket'));
  await once(server, 'listening');
  far = net.connect(path.join(directory, 'socket'));
  far.on('error', () => {});
  [near] = (await once(server, 'connection')) as [net.Socket];
  const answer = (_method: string, _params: unknown, call: Call) =>
    new Promise<void>((end) => begun.push({ call, end }));
  new Connection(near, { greet: () => greeting, answer, isStopping: false, hasPolicy: false }, silent);
});

afterEach(() => {
  near.destroy();
  far.destroy();
  server.close();
  fs.rmSync(directory, { recursive: true });
});

function message(id: number, method: string, params: unknown = {}): string {
  return encodeMessage({ jsonrpc: '2.0', id, method, params });
}

/** Sends so many requests, and of such a length, that the daemon reads no further. */
async function askTooMuch(): Promise<number> {
  const count = MAX_PENDING_REQUESTS + 2 * MAX_WAITING_REQUESTS;
  const text = 'x'.repeat(MAX_WAITING_BYTES / MAX_WAITING_REQUESTS);
  const requests = Array.from({ length: count }, (_, id) => message(id + 1, 'session.wait', { text }));
  far.write(message(0, 'hello', { protocol: PROTOCOL, version: VERSION }) + requests.join(''));
  const isFull = () => near.isPaused() && near.readableLength >= near.readableHighWaterMark;
  await until('the socket not to be read', () => isFull() && begun.length === MAX_PENDING_REQUESTS);
  return count;
}

async function askTooMuchAndLeave(): Promise<void> {
  await askTooMuch();
  far.destroy();
  await once(far, 'close');
}

test('a client that leaves while its socket is not read is noticed: what it waits for is cancelled', async () => {
  await askTooMuchAndLeave();
  const cancelled = new Set<Call>();
  for (const { call } of begun) call.whenOver(() => cancelled.add(call));
  await until('all to be cancelled', () => cancelled.size === MAX_PENDING_REQUESTS);
  expect(near.destroyed).toBe(true);
});

test('nothing of what it had asked begins once it has left', async () => {
  // The looks that time brings do not come: only the question itself can find it out.
  vi.useFakeTimers({ toFake: ['setInterval'] });
  try {
    await askTooMuchAndLeave();
  } finally {
    vi.useRealTimers();
  }
  expect(near.destroyed).toBe(false);
  expect(begun.map(({ call }) => call.isOver)).toEqual(begun.map(() => true));
  for (const { end } of [...begun]) end();
  await until('the connection to be closed', () => near.closed);
  expect(begun).toHaveLength(MAX_PENDING_REQUESTS);
});

test('a client that is there goes on, however often it is looked at', async () => {
  let received = '';
  far.on('data', (bytes) => {
    received += bytes;
  });
  const count = await askTooMuch();
  for (let answered = 0; answered < count; answered += 1) {
    await until('a request to begin', () => begun.length > answered);
    expect(begun[answered]?.call.isOver).toBe(false);
    begun[answered]?.end();
  }
  await until('all to be answered', () => received.split('\n').length === count + 2);
});

test('after a stall a client that has left is dropped, also where its end was not read in the moment it is held', async () => {
  const pair = net.connect(path.join(directory, 'socket'));
  const [held] = (await once(server, 'connection')) as [net.Socket];
  const stall = new StallWatch();
  const opened = vi.fn();
  try {
    vi.spyOn(performance, 'now').mockReturnValue(performance.now() + 60_000);
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    pair.write('a request');
    pair.destroy();
    await once(pair, 'close');
    stall.pass(held, opened);
    // Before anything is read of it.
    vi.runAllTimers();
    expect(opened).not.toHaveBeenCalled();
    expect(held.destroyed).toBe(true);
  } finally {
    vi.useRealTimers();
    vi.restoreAllMocks();
    stall.close();
    held.destroy();
  }
});

test('after a stall nothing begins that a client had asked which has left, on a connection that was open before', async () => {
  const pair = net.connect(path.join(directory, 'socket'));
  const [open] = (await once(server, 'connection')) as [net.Socket];
  const asked: string[] = [];
  const answer = async (method: string) => asked.push(method);
  let isAfterStall = false;
  new Connection(open, { greet: () => greeting, answer, isStopping: false, hasPolicy: false }, silent, {
    isAfterStall: () => isAfterStall,
  });
  pair.write(message(0, 'hello', { protocol: PROTOCOL, version: VERSION }));
  await once(pair, 'data');
  isAfterStall = true;
  pair.write(message(1, 'session.list'));
  await until('the first to be asked', () => asked.length === 1);
  open.pause();
  pair.write(message(2, 'session.kill'));
  pair.destroy();
  await once(pair, 'close');
  open.resume();
  await until('the connection to be closed', () => open.closed);
  expect(asked).toEqual(['session.list']);
});
