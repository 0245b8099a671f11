/** How one client is served beside others: over a pair of streams in memory, without a daemon. */
import { Duplex } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, expect, test, vi } from 'vitest';
import { MAX_PENDING_REQUESTS, MAX_WAITING_REQUESTS } from '../../packages/daemon/src/limits.ts';
import type { Log } from '../../packages/daemon/src/log.ts';
import { Admission } from '../../packages/daemon/src/server/admission.ts';
import type { Answering } from '../../packages/daemon/src/server/answering.ts';
import { Connection } from '../../packages/daemon/src/server/connection.ts';
import { StallWatch } from '../../packages/daemon/src/server/stall.ts';
import {
  encodeMessage,
  MAX_JSON_DEPTH,
  MAX_JSON_VALUES,
  PROTOCOL,
  VERSION,
} from '../../packages/protocol/src/index.ts';

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const silent = { isLevelEnabled: () => false, debug() {}, error() {} } as unknown as Log;

/** A client that reads when it is told to. */
class Client {
  readonly near: Duplex;
  #text = '';
  #nextId = 1;
  #read: (() => void) | undefined;
  #isReading = true;
  writes = 0;

  constructor() {
    const client = this;
    this.near = new Duplex({
      read() {},
      write(chunk, _encoding, done) {
        client.#text += chunk;
        client.writes += 1;
        if (client.#isReading) done();
        else client.#read = done;
      },
    });
  }

  send(...lines: string[]): void {
    this.near.push(lines.join(''));
  }

  request(method: string, params: unknown = {}): string {
    return encodeMessage({ jsonrpc: '2.0', id: this.#nextId++, method, params });
  }

  stopReading(): void {
    this.#isReading = false;
  }

  goOnReading(): void {
    this.#isReading = true;
    this.#read?.();
  }

  get answers(): { id: number; result?: unknown; error?: { message: string; data: { code: string } } }[] {
    return this.#text
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line));
  }
}

function hello(): string {
  return encodeMessage({
    jsonrpc: '2.0',
    id: 0,
    method: 'hello',
    params: { protocol: PROTOCOL, version: VERSION },
  });
}

function daemonThat(answer: Answering['answer']): Answering {
  const greeting = { protocol: PROTOCOL, version: VERSION, pid: 1, sessions: 0, stepping_down: false };
  return { greet: () => greeting, answer, isStopping: false, hasPolicy: false };
}

function connected(answer: Answering['answer'], options = {}): Client {
  const client = new Client();
  new Connection(client.near, daemonThat(answer), silent, options);
  return client;
}

/** Until nothing happens any more. */
async function settled(count: () => number): Promise<void> {
  for (let before = -1, same = 0; same < 20; ) {
    await nextTurn();
    same = count() === before ? same + 1 : 0;
    before = count();
  }
}

/** As a handler that holds the loop. */
function busyFor(ms: number): void {
  for (const end = performance.now() + ms; performance.now() < end; );
}

test('answers that are ready in the same turn are one write, in the order of their requests', async () => {
  const client = connected(async () => 'at once');
  client.send(hello(), ...Array.from({ length: 50 }, () => client.request('one of many')));
  await settled(() => client.answers.length);
  expect(client.answers.map(({ id }) => id)).toEqual(Array.from({ length: 51 }, (_, id) => id));
  // As many turns as a busy machine makes of it.
  expect(client.writes).toBeLessThan(10);
});

test('a client that sends many requests at once is answered in its order, and others in between', async () => {
  const answered: string[] = [];
  const many = connected(async (method) => {
    busyFor(2);
    answered.push(method);
  });
  const one = connected(async () => answered.push('one'));
  many.send(hello(), ...Array.from({ length: 200 }, () => many.request('many')));
  one.send(hello(), one.request('one'));
  await settled(() => answered.length);
  expect(many.answers.map(({ id }) => id)).toEqual(Array.from({ length: 201 }, (_, id) => id));
  expect(answered.indexOf('one')).toBeLessThan(20);
});

test('a client that does not read its answers is not asked for more, and nothing is lost', async () => {
  let begun = 0;
  const client = connected(async () => {
    begun += 1;
    return 'x'.repeat(100_000);
  });
  client.send(hello());
  await settled(() => begun);
  client.stopReading();
  client.send(...Array.from({ length: 600 }, () => client.request('daemon.info')));
  await settled(() => begun);
  expect(begun).toBeLessThan(5);
  // What was not read into memory stays where a socket would have kept it.
  expect(client.near.isPaused()).toBe(true);
  client.goOnReading();
  await settled(() => begun);
  expect(begun).toBe(600);
  expect(client.answers).toHaveLength(601);
});

test('no more requests are open than the bound, and those after them begin as others end', async () => {
  const open: (() => void)[] = [];
  let begun = 0;
  const client = connected(() => {
    begun += 1;
    return new Promise<void>((resolve) => open.push(resolve));
  });
  client.send(hello());
  const count = 4 * (MAX_PENDING_REQUESTS + MAX_WAITING_REQUESTS);
  for (let sent = 0; sent < count; sent += 1) client.send(client.request('session.wait'));
  await settled(() => begun);
  expect(begun).toBe(MAX_PENDING_REQUESTS);
  expect(client.near.isPaused()).toBe(true);
  open.shift()?.();
  await settled(() => begun);
  expect(begun).toBe(MAX_PENDING_REQUESTS + 1);
  while (open.length > 0) {
    for (const end of open.splice(0)) end();
    await settled(() => begun);
  }
  expect(client.answers).toHaveLength(count + 1);
});

test('a request that waits for its turn can be cancelled, and so can those that keep it waiting', async () => {
  const begun: string[] = [];
  const client = connected((method, _params, call) => {
    begun.push(method);
    return new Promise<void>((resolve) => call.signal.addEventListener('abort', () => resolve()));
  });
  client.send(hello());
  for (let sent = 0; sent < MAX_PENDING_REQUESTS; sent += 1) client.send(client.request('open'));
  client.send(client.request('withdrawn'), client.request('next'));
  const cancel = (id: number) =>
    client.send(encodeMessage({ jsonrpc: '2.0', method: 'cancel', params: { id } }));
  cancel(MAX_PENDING_REQUESTS + 1);
  cancel(1);
  await settled(() => begun.length);
  expect(begun.slice(MAX_PENDING_REQUESTS)).toEqual(['next']);
});

test.for([
  ['deep', `${'['.repeat(3_000_000)}${']'.repeat(3_000_000)}`, `more than ${MAX_JSON_DEPTH} levels deep`],
  ['deep in objects', '{"a":'.repeat(1000), `more than ${MAX_JSON_DEPTH} levels deep`],
  ['of many values', `[${'0,'.repeat(9_000_000)}0]`, `more than ${MAX_JSON_VALUES} values`],
  ['of many objects', `[${'{},'.repeat(MAX_JSON_VALUES)}{}]`, `more than ${MAX_JSON_VALUES} values`],
])('a request that is %s is refused without being parsed', async ([, params, problem]) => {
  let begun = 0;
  const client = connected(async () => {
    begun += 1;
  });
  client.send(hello(), `{"jsonrpc":"2.0","id":1,"method":"session.list","params":${params}}\n`);
  await settled(() => client.answers.length);
  expect(client.answers[1]?.error).toMatchObject({
    message: expect.stringContaining(problem as string),
    data: { code: 'INVALID_INPUT' },
  });
  expect(begun).toBe(0);
});

test('brackets, commas and quotes inside a text are text', async () => {
  const client = connected(async (_method, params) => params);
  const text = `\\"${'[{,'.repeat(MAX_JSON_VALUES)}"\\\\`;
  client.send(hello(), client.request('session.type', { text, deep: [[['"', '\\', '[']]] }));
  await settled(() => client.answers.length);
  expect(client.answers[1]?.result).toEqual({ text, deep: [[['"', '\\', '[']]] });
});

test('a connection that may only make room is told so on hello, unless it does', async () => {
  const answer: Answering['answer'] = async (method) => method;
  const other = connected(answer, { shortage: 'no room' });
  other.send(hello(), other.request('session.snapshot'), other.request('daemon.stop'));
  const silentOne = connected(answer, { shortage: 'no room' });
  silentOne.send(hello());
  const rescue = connected(answer, { shortage: 'no room' });
  rescue.send(hello(), rescue.request('session.kill'), rescue.request('session.snapshot'));
  await settled(() => rescue.answers.length);
  for (const { answers, near } of [other, silentOne]) {
    expect(answers).toMatchObject([
      { id: 0, error: { message: 'no room', data: { code: 'LIMIT_REACHED' } } },
    ]);
    expect(near.writableEnded).toBe(true);
  }
  expect(rescue.answers[1]).toMatchObject({ result: 'session.kill' });
  expect(rescue.answers[2]).toMatchObject({ error: { data: { code: 'LIMIT_REACHED' } } });
});

test('when all connections are in use the oldest silent one goes; else a new one may only make room', () => {
  const socket = () => new Duplex({ read() {}, write: (_chunk, _encoding, done) => done() });
  const cut: string[] = [];
  const admission = new Admission(2, () => true);
  const admit = (name: string, isGreeted: boolean) => {
    let wasReserve: boolean | undefined;
    admission.admit(socket(), (shortage) => {
      wasReserve = shortage !== undefined;
      return { isGreeted, destroy: () => cut.push(name) };
    });
    return wasReserve;
  };
  expect(admit('first', true)).toBe(false);
  expect(admit('silent', false)).toBe(false);
  expect(admit('second', true)).toBe(false);
  expect(cut).toEqual(['silent']);
  for (let reserve = 0; reserve < 3000; reserve += 1) expect(admit(`reserve ${reserve}`, true)).toBe(true);
  expect(admission.count).toBeLessThan(20);
  expect(cut).toContain('reserve 0');
  expect(cut).not.toContain('first');
});

test('after a stall a client is held back for a moment, and of one that goes on sending so much is kept', async () => {
  const stall = new StallWatch();
  const later = performance.now() + 60_000;
  vi.spyOn(performance, 'now').mockReturnValue(later);
  // The moment never ends by itself.
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const socket = new Duplex({ read() {}, write: (_chunk, _encoding, done) => done() });
  let received: number | undefined;
  stall.pass(socket as never, () => {
    received = 0;
    socket.on('data', (bytes: Buffer) => {
      received = (received ?? 0) + bytes.length;
    });
  });
  const chunk = Buffer.alloc(64 * 1024);
  for (let count = 0; count < 16; count += 1) socket.push(chunk);
  await settled(() => received ?? -1);
  expect(received).toBeUndefined();
  socket.push(chunk);
  await settled(() => received ?? -1);
  expect(received).toBe(17 * chunk.length);
  stall.close();
});
