/** Connections that come before there is anything to answer them. */
import { mkdtempSync, rmSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Listener } from '../../packages/daemon/src/server/listener.ts';
import { RequestError } from '../../packages/protocol/src/index.ts';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'pl-'));
});

afterEach(() => rmSync(directory, { recursive: true, force: true }));

async function connectTo(listener: Listener, path: string, said: string): Promise<net.Socket> {
  expect(listener.isInPlace).toBe(true);
  const client = net.connect(path);
  await new Promise((resolve) => client.write(said, resolve));
  // The other end is accepted and has read.
  await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
  return client;
}

const failed = (error: Error) => expect.fail(String(error));

test('what they say is read by what serves them later, and so is what comes then', async () => {
  const path = join(directory, 'pilotty.sock');
  const listener = await Listener.bind(path);
  const early = await connectTo(listener, path, 'early');
  const read: Promise<string>[] = [];
  listener.serve({ connected: (socket) => read.push(text(socket)), failed });
  const late = await connectTo(listener, path, 'late');
  early.end();
  late.end();
  expect(await Promise.all(read)).toEqual(['early', 'late']);
  listener.stop();
  expect(listener.isInPlace).toBe(false);
});

test('one that has gone by then is not served', async () => {
  const path = join(directory, 'pilotty.sock');
  const listener = await Listener.bind(path);
  const early = await connectTo(listener, path, '');
  early.destroy();
  await new Promise((resolve) => early.once('close', resolve));
  const served: net.Socket[] = [];
  const later = await connectTo(listener, path, '');
  listener.serve({ connected: (socket) => served.push(socket.resume()), failed });
  const states = served.map(({ destroyed }) => destroyed);
  expect(states).toEqual(states.map(() => false));
  later.end();
  listener.stop();
});

test('where there will be nothing to serve them they are told why', async () => {
  const path = join(directory, 'pilotty.sock');
  const listener = await Listener.bind(path);
  const early = await connectTo(listener, path, 'early');
  const [answer] = await Promise.all([
    text(early),
    listener.refuse(new RequestError('INTERNAL_ERROR', 'a part is missing')),
  ]);
  expect(JSON.parse(answer)).toMatchObject({ id: null, error: { message: 'a part is missing' } });
  expect(listener.isInPlace).toBe(false);
});
