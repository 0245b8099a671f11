/** What the daemon does with command lines: only what was asked for, only once, and nothing for a client that has gone. */
import { expect } from 'vitest';
import { test } from '../harness/pilotty.ts';
import { until } from '../harness/until.ts';
import { BUILD, frames, Wire } from './wire.ts';

const SPAWN = ['spawn', '--name', 'made', 'cat'];

test('a command runs when it is told to go, and not before', async ({ pilotty }) => {
  await pilotty.client.request('daemon.info', {});
  const wire = new Wire(pilotty);
  wire.hello(pilotty, { words: SPAWN });
  expect(await wire.next(frames.accepted)).toBeDefined();
  // The client has given up: it became the Node program, which does the same.
  wire.socket.end();
  await wire.closed;
  expect((await pilotty.client.request('session.list', {})).sessions).toEqual([]);

  const second = new Wire(pilotty);
  second.hello(pilotty, { words: SPAWN });
  await second.next(frames.accepted);
  second.send(frames.go);
  // Told twice, it still runs once.
  second.send(frames.go);
  const printed = await second.next(frames.stdout);
  expect(JSON.parse(String(printed?.payload))).toMatchObject({ type: 'session_created', name: 'made' });
  second.send(frames.written, Buffer.of(1, 0));
  expect((await second.next(frames.exit))?.payload).toEqual(Buffer.of(0));
  expect((await pilotty.client.request('session.list', {})).sessions).toHaveLength(1);
});

test.for([
  ['of another build', { build: BUILD.replace(/.$/, 'x'), words: SPAWN }],
  ['that is not UTF-8', { words: ['spawn', Buffer.of(0xff, 0xfe)] }],
  ['that reads a file of the user', { words: ['paste', 'notes.txt'] }],
  ['that ends the daemon', { words: ['stop'] }],
] as const)('a command line %s is given back, and nothing is done', async ([, hello], { pilotty }) => {
  await pilotty.client.request('daemon.info', {});
  const wire = new Wire(pilotty);
  wire.hello(pilotty, { ...hello, words: [...hello.words] });
  wire.send(frames.go);
  expect(await wire.next(frames.ownProcess)).toBeDefined();
  await wire.closed;
  expect(wire.received).toEqual([]);
  expect((await pilotty.client.request('session.list', {})).sessions).toEqual([]);
});

test('a wait ends with its client, however it went away', async ({ pilotty }) => {
  await pilotty.spawn('quiet', ['cat']);
  for (const leave of [
    (wire: Wire) => wire.socket.destroy(),
    (wire: Wire) => wire.send(frames.signal, Buffer.of(2)),
  ]) {
    const wire = new Wire(pilotty);
    wire.hello(pilotty, { words: ['wait-for', 'never', '-t', '5m'] });
    await wire.next(frames.accepted);
    wire.send(frames.go);
    await until(
      'the wait to begin',
      async () => (await pilotty.client.request('daemon.info', {})).connections === 2,
    );
    leave(wire);
    const exit = await wire.next(frames.exit);
    if (exit) expect(exit.payload).toEqual(Buffer.of(130));
    await wire.closed;
    await until(
      'one connection',
      async () => (await pilotty.client.request('daemon.info', {})).connections === 1,
    );
  }
});

test('what is no frame of ours ends its connection, and the daemon goes on', async ({ pilotty }) => {
  await pilotty.client.request('daemon.info', {});
  const nonsense = [
    Buffer.of(0, 0xff, 0xff, 0xff, 0xff),
    Buffer.of(0, 3, 0, 0, 0, 1, 2, 3),
    Buffer.concat([Buffer.of(0, 12, 0, 0, 0), Buffer.alloc(12)]),
  ];
  for (const bytes of nonsense) {
    const wire = new Wire(pilotty);
    wire.socket.write(bytes);
    await wire.closed;
  }
  // What belongs to a command that runs is not looked at before; then it must be whole.
  const wire = new Wire(pilotty);
  wire.hello(pilotty, { words: ['events', '-t', '5m'] });
  for (const kind of [frames.written, frames.stdin, frames.signal]) wire.send(kind);
  expect(await wire.next(frames.accepted)).toBeDefined();
  wire.send(frames.go);
  wire.send(frames.written);
  await wire.closed;
  expect((await pilotty.client.request('daemon.info', {})).sessions).toBe(0);
});

test('stdin is read on demand, a part at a time', async ({ pilotty }) => {
  await pilotty.spawn('reader', ['cat']);
  const wire = new Wire(pilotty);
  wire.hello(pilotty, { words: ['type', '-s', 'reader', '-', '--enter'] });
  await wire.next(frames.accepted);
  wire.send(frames.go);
  for (const part of ['one ', 'two', '']) {
    expect(await wire.next(frames.wantStdin)).toBeDefined();
    wire.send(frames.stdin, Buffer.from(part));
  }
  const printed = await wire.next(frames.stdout);
  expect(JSON.parse(String(printed?.payload))).toMatchObject({ type: 'typed', bytes: 8 });
  wire.send(frames.written, Buffer.of(1, 0));
  expect((await wire.next(frames.exit))?.payload).toEqual(Buffer.of(0));
});
