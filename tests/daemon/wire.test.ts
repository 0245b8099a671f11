/** What comes over the socket when the client is not ours: every line is checked, and nobody else is disturbed. */
import net from 'node:net';
import { join } from 'node:path';
import { expect } from 'vitest';
import { MAX_MESSAGE_BYTES, PROTOCOL, VERSION } from '../../packages/protocol/src/index.ts';
import { type Pilotty, test } from '../harness/pilotty.ts';
import { until } from '../harness/until.ts';

const HELLO = { jsonrpc: '2.0', id: 0, method: 'hello', params: { protocol: PROTOCOL, version: VERSION } };

test.for([
  ['not JSON', 'spawn vim', /Invalid request/],
  ['no version of JSON-RPC', '{"id":1,"method":"hello"}', /jsonrpc/],
  ['an array', '[]', /a request is an object/],
  ['an id that is neither an integer nor a string', '{"jsonrpc":"2.0","id":{},"method":"hello"}', /'id'/],
  [
    'a request before hello',
    '{"jsonrpc":"2.0","id":1,"method":"session.list"}',
    /first message must be 'hello'/,
  ],
  [
    'a hello without a version',
    '{"jsonrpc":"2.0","id":1,"method":"hello","params":{"protocol":1}}',
    /version/,
  ],
  ['bytes that are not UTF-8', Buffer.from([0xff, 0xfe, 0x0a]), /Not a message/],
] as const)('refused with a reason: %s', async ([, line, reason], { pilotty }) => {
  const wire = await connect(pilotty);
  wire.send(line);
  expect(await wire.answer()).toMatchObject({
    error: {
      message: expect.stringMatching(reason),
      data: { code: 'INVALID_INPUT', suggestion: expect.any(String) },
    },
  });
  wire.close();
});

test('what cannot be read is not quoted: it may hold a secret', async ({ pilotty }) => {
  const wire = await connect(pilotty);
  wire.send('{"method":"session.type","params":{"text":"hunter2",}}');
  expect(JSON.stringify(await wire.answer())).not.toContain('hunter');
  wire.close();
});

test('a message that is too long ends the connection with a reason', async ({ pilotty }) => {
  const wire = await connect(pilotty);
  wire.send(Buffer.alloc(MAX_MESSAGE_BYTES + 1, 'x'));
  expect(await wire.answer()).toMatchObject({ error: { message: expect.stringContaining('longer than') } });
  await wire.ended;
});

test.for([
  ['an unknown method', 'session.dance', {}, /Unknown method 'session.dance'/],
  ['a method that every object has', 'toString', {}, /Unknown method/],
  ['an unknown parameter', 'session.list', { everything: true }, /everything/],
  ['a parameter of the wrong kind', 'session.resize', { cols: '80', rows: 24 }, /cols/],
  ['no condition', 'session.wait', {}, /give a condition/],
  [
    'text and bytes together',
    'session.type',
    { text: 'a', data_base64: 'YQ==' },
    /either text or data_base64/,
  ],
  ['no text at all', 'session.type', {}, /either text or data_base64/],
] as const)('refused with a reason after hello: %s', async ([, method, params, reason], { pilotty }) => {
  const wire = await connect(pilotty);
  wire.send(JSON.stringify(HELLO), JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }));
  await wire.answer();
  expect(await wire.answer()).toMatchObject({
    id: 1,
    error: { message: expect.stringMatching(reason), data: { code: 'INVALID_INPUT' } },
  });
  wire.close();
});

test('another protocol gets nothing but the two methods that never change', async ({ pilotty }) => {
  const wire = await connect(pilotty);
  wire.send(
    JSON.stringify({ ...HELLO, params: { protocol: PROTOCOL + 1, version: '0.0.1' } }),
    JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'session.list' }),
    JSON.stringify({ jsonrpc: '2.0', id: 2, method: 'daemon.info' }),
  );
  expect(await wire.answer()).toMatchObject({ result: { protocol: PROTOCOL, stepping_down: false } });
  const answers = [await wire.answer(), await wire.answer()];
  expect(answers.find(({ id }) => id === 1)).toMatchObject({
    error: { data: { code: 'PROTOCOL_MISMATCH' } },
  });
  expect(answers.find(({ id }) => id === 2)).toMatchObject({ result: { type: 'daemon_info' } });
  wire.close();
});

test('requests sent along with hello, split anywhere, are answered by id', async ({ pilotty }) => {
  await pilotty.run('spawn', '--name', 'a', 'cat');
  const wire = await connect(pilotty);
  const list = (id: number) => JSON.stringify({ jsonrpc: '2.0', id, method: 'session.list' });
  for (const byte of Buffer.from(`${JSON.stringify(HELLO)}\n\n${list(1)}\n${list(2)}\n`)) {
    wire.write(Buffer.from([byte]));
  }
  expect(await wire.answer()).toMatchObject({ id: 0 });
  const answers = [await wire.answer(), await wire.answer()];
  expect(answers.map(({ id }) => id).sort()).toEqual([1, 2]);
  wire.close();
});

test('an id may be a string, in a request, its parts and its end', async ({ pilotty }) => {
  await pilotty.run('spawn', '--name', 'a', 'cat');
  const wire = await connect(pilotty);
  const request = (id: string, method: string, params: object) =>
    JSON.stringify({ jsonrpc: '2.0', id, method, params });
  wire.send(
    JSON.stringify(HELLO),
    request('view', 'session.view', { session: 'a' }),
    request('wait', 'session.wait', { text: 'never' }),
    JSON.stringify({ jsonrpc: '2.0', method: 'cancel', params: { id: 'wait' } }),
  );
  await wire.answer();
  const part = await wire.answer();
  expect(part).toMatchObject({ method: 'stream', params: { id: 'view' } });
  await pilotty.run('kill');
  wire.send(request('last', 'daemon.info', {}));
  const ids: unknown[] = [];
  while (ids.at(-1) !== 'last') ids.push((await wire.answer()).id);
  // Parts have none, and what was cancelled is not answered.
  expect(ids.filter((id) => id !== undefined)).toEqual(['view', 'last']);
  wire.close();
});

test('a wait whose client has gone is given up, and so is one that is cancelled', async ({ pilotty }) => {
  await pilotty.run('spawn', 'cat', { env: { PILOTTY_LOG_LEVEL: 'debug' } });
  const wait = (id: number) =>
    JSON.stringify({
      jsonrpc: '2.0',
      id,
      method: 'session.wait',
      params: { text: 'never', timeout_ms: 600_000 },
    });
  const wire = await connect(pilotty);
  wire.send(
    JSON.stringify(HELLO),
    wait(1),
    wait(2),
    JSON.stringify({ jsonrpc: '2.0', method: 'cancel', params: { id: 1 } }),
  );
  await wire.answer();
  const givenUp = () =>
    pilotty
      .log()
      .split('\n')
      .filter((line) => line.includes('"method":"session.wait"')).length;
  await until('the cancelled wait to end', () => givenUp() === 1);
  wire.close();
  await until('the abandoned wait to end', () => givenUp() === 2);
});

test('a client that sends half a request and stays costs nobody else anything', async ({ pilotty }) => {
  const wire = await connect(pilotty);
  wire.write(Buffer.from('{"jsonrpc":"2.0"'));
  expect((await pilotty.run('list-sessions')).code).toBe(0);
  wire.close();
});

interface Wire {
  write(bytes: Uint8Array): void;
  send(...lines: (string | Uint8Array)[]): void;
  answer(): Promise<{ id: number | string | null; result?: unknown; error?: unknown }>;
  ended: Promise<void>;
  close(): void;
}

/** A connection of our own to the test's daemon. */
async function connect(pilotty: Pilotty): Promise<Wire> {
  await pilotty.run('daemon');
  const socket = net.connect(join(pilotty.socketDir, 'pilotty.sock'));
  const lines: string[] = [];
  let rest = '';
  let isEnded = false;
  socket.setEncoding('utf8').on('data', (text) => {
    const parts = (rest + text).split('\n');
    rest = parts.pop() ?? '';
    lines.push(...parts);
  });
  // A daemon that hangs up on us is what some tests want.
  socket.on('error', () => {});
  const ended = new Promise<void>((resolve) =>
    socket.once('close', () => {
      isEnded = true;
      resolve();
    }),
  );
  return {
    write: (bytes) => void socket.write(bytes),
    send: (...messages) => {
      for (const message of messages) socket.write(typeof message === 'string' ? `${message}\n` : message);
    },
    answer: async () =>
      JSON.parse(await until('an answer', () => lines.shift() ?? (isEnded ? '{"ended":true}' : undefined))),
    ended,
    close: () => socket.destroy(),
  };
}
