/** What goes over a WebSocket: the protocol as on the socket, or the bytes of a terminal. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { PROTOCOL } from '../../packages/protocol/src/index.ts';
import { Screen } from '../../packages/terminal/src/index.ts';
import { program } from '../harness/programs.ts';
import { until } from '../harness/until.ts';
import { test } from './served.ts';

const MIRROR = ['sh', '-c', 'stty raw -echo; printf ready; exec cat'];

test('JSON-RPC goes as on the socket: answers, parts, errors, cancellation, and a hello where one comes', async ({
  pilotty,
  served,
}) => {
  await pilotty.run('spawn', '--name', 'a', ...MIRROR);
  await pilotty.run('wait-for', 'ready');
  const peer = served.webSocket('ws/json');
  await peer.opened();
  peer.send({ id: 0, method: 'hello', params: { protocol: PROTOCOL, version: '0.0.1' } });
  expect(await peer.answer(0)).toMatchObject({
    result: { protocol: PROTOCOL, sessions: 1, stepping_down: false },
  });
  peer.send({ id: 'list', method: 'session.list' });
  expect((await peer.answer('list')).result.sessions).toHaveLength(1);
  peer.send({ id: 1, method: 'session.view', params: { session: 'a' } });
  await until('the screen', () => peer.json.some(({ params }) => params?.event.type === 'screen'));
  peer.send({ id: 2, method: 'session.type', params: { session: 'a', text: 'typed' } });
  expect((await peer.answer(2)).result).toMatchObject({ type: 'typed', bytes: 5 });
  await until('the output', () => peer.json.some(({ params }) => params?.event.type === 'output'));
  peer.send({ id: 3, method: 'session.dance' });
  expect((await peer.answer(3)).error).toMatchObject({
    code: -32601,
    data: { code: 'INVALID_INPUT', suggestion: expect.any(String) },
  });
  peer.send({ id: 4, method: 'session.wait', params: { session: 'a', text: 'never' } });
  peer.send({ method: 'cancel', params: { id: 4 } });
  peer.send({ method: 'cancel' });
  await pilotty.run('kill');
  expect((await peer.answer(1)).result).toMatchObject({ type: 'view_end' });
  expect(peer.json.some(({ id }) => id === 4)).toBe(false);
});

test('a request that cannot be done as it was asked has the number of JSON-RPC for that', async ({
  pilotty,
  served,
}) => {
  await pilotty.run('spawn', '--name', 'a', 'cat');
  const peer = served.webSocket('ws/json');
  await peer.opened();
  const asked = [
    ['session.dance', {}, -32601],
    ['session.list', { surprise: 1 }, -32602],
    ['session.key', { session: 'a', keys: 'Ctrl+Nonsense' }, -32602],
    ['session.rename', { session: 'a', name: '..' }, -32602],
    ['session.status', { session: 'nobody' }, -32000],
    ['session.click', { session: 'a', row: 0, col: 0 }, -32000],
  ] as const;
  for (const [id, [method, params]] of asked.entries()) peer.send({ id, method, params });
  for (const [id, [, , number]] of asked.entries())
    expect((await peer.answer(id)).error.code, asked[id]?.[0]).toBe(number);
});

test.for([
  ['not JSON', 'hello', -32700],
  ['an array', '[]', -32600],
  ['no version', '{"id":1,"method":"session.list"}', -32600],
  ['params that are no object', '{"jsonrpc":"2.0","id":1,"method":"session.list","params":3}', -32600],
  ['an id that is an object', '{"jsonrpc":"2.0","id":{},"method":"session.list"}', -32600],
  ['bytes', Buffer.from('{}'), -32700],
] as const)(
  'a frame that is no request is refused, and the next one answered: %s',
  async ([, frame, number], { served }) => {
    const peer = served.webSocket('ws/json');
    await peer.opened();
    peer.send(frame);
    expect((await peer.answer(null)).error).toMatchObject({ code: number, data: { code: 'INVALID_INPUT' } });
    peer.send({ id: 1, method: 'session.list' });
    expect((await peer.answer(1)).result).toMatchObject({ type: 'sessions' });
  },
);

test('a WebSocket lives through the end of its daemon', async ({ pilotty, served }) => {
  await pilotty.run('spawn', '--name', 'a', 'cat');
  const peer = served.webSocket('ws/json');
  await peer.opened();
  peer.send({ id: 1, method: 'session.wait', params: { session: 'a', text: 'never' } });
  peer.send({ id: 2, method: 'daemon.info' });
  const { pid } = (await peer.answer(2)).result;
  process.kill(pid, 'SIGKILL');
  expect((await peer.answer(1)).error.data).toMatchObject({ code: 'DAEMON_UNREACHABLE' });
  peer.send({ id: 3, method: 'daemon.info' });
  expect((await peer.answer(3)).result.pid).not.toBe(pid);
});

test.for(['once', 'false'])(
  'a WebSocket with start=%s ends with its daemon, and starts no other',
  async (start, { pilotty, served }) => {
    if (start === 'false') await pilotty.run('daemon');
    const peer = served.webSocket(`ws/json?start=${start}`);
    await peer.opened();
    peer.send({ id: 1, method: 'daemon.info' });
    expect((await peer.answer(1)).result).toMatchObject({ type: 'daemon_info' });
    await pilotty.run('stop');
    peer.send({ id: 2, method: 'daemon.info' });
    expect((await until('the end', () => peer.closed)).code).toBe(1001);
    expect(existsSync(join(pilotty.socketDir, 'pilotty.sock'))).toBe(false);
  },
);

test('more requests than a WebSocket may have open are refused, each by its id', async ({
  pilotty,
  served,
}) => {
  await pilotty.run('spawn', '--name', 'a', 'cat');
  const peer = served.webSocket('ws/json');
  await peer.opened();
  for (let id = 1; id <= 201; id++) {
    peer.send({ id, method: 'session.wait', params: { session: 'a', text: 'never' } });
  }
  expect((await peer.answer(201)).error.data).toMatchObject({ code: 'LIMIT_REACHED' });
  peer.send({ id: 1, method: 'session.list' });
  expect((await peer.answer(1)).error.data.message).toMatch(/already being answered/);
});

test('a frame that is too long ends the WebSocket', async ({ served }) => {
  const peer = served.webSocket('ws/json');
  await peer.opened();
  peer.send(Buffer.alloc(16 * 1024 * 1024 + 1, 'x'));
  await until('the end', () => peer.closed !== undefined);
  expect(peer.closed?.code).toBe(1009);
});

test('a terminal over a raw WebSocket: the screen, what is typed, what is printed, the end', async ({
  pilotty,
  served,
}) => {
  await pilotty.run('spawn', '--name', 'a', ...program('echo-keys.cjs'));
  await pilotty.run('wait-for', 'ready');
  const peer = served.webSocket('sessions/a/ws/raw');
  await until('the screen', () => peer.bytes.includes('ready'));
  peer.send(Buffer.from([0xff, 0x00]));
  peer.send('é');
  await until('all of it, in order', () => /ff00 ?c3a9/.test(peer.bytes));
  const screen = new Screen({ cols: 80, rows: 24, scrollback: 100 });
  for (const bytes of peer.messages) screen.write(bytes);
  expect(`${screen.text()}\n`).toBe((await pilotty.run('output')).stdout.replace(/ \n/, '\n'));
  peer.send('\x04');
  await until('the end', () => peer.closed !== undefined);
  expect(peer.closed).toEqual({ code: 1000, reason: '{"type":"exited","exit_code":0,"signal":null}' });
});

test('a raw WebSocket says how the program ended, also one that was ended', async ({ pilotty, served }) => {
  await pilotty.run('spawn', '--name', 'a', 'sh', '-c', 'read x; exit 3');
  await pilotty.run('spawn', '--name', 'b', 'cat');
  const [failing, killed] = ['a', 'b'].map((name) => served.webSocket(`sessions/${name}/ws/raw`));
  await failing?.opened();
  await killed?.opened();
  failing?.send('\r');
  await pilotty.run('kill', '-s', 'b', '--signal', 'KILL');
  const reason = async (peer: typeof failing) => JSON.parse((await until('end', () => peer?.closed)).reason);
  expect(await reason(failing)).toEqual({ type: 'exited', exit_code: 3, signal: null });
  expect(await reason(killed)).toEqual({ type: 'exited', exit_code: null, signal: 'SIGKILL' });
});

test('a raw WebSocket with control messages is resized by them, and told size, mistakes and the end', async ({
  pilotty,
  served,
}) => {
  await pilotty.run('spawn', '--name', 'a', 'sh', '-c', 'stty raw -echo; printf ready; exec head -c 1');
  await pilotty.run('wait-for', 'ready');
  const texts: string[] = [];
  const peer = served.webSocket('sessions/a/ws/raw?control=true');
  peer.webSocket.on('message', (data, isBinary) => isBinary || texts.push(String(data)));
  const told = () => texts.map((text) => JSON.parse(text));
  await until('the screen', () => peer.bytes.includes('ready'));
  expect(told()).toEqual([{ type: 'size', cols: 80, rows: 24 }]);
  peer.send('{"type":"resize","cols":100,"rows":30}');
  await until('the size', () => told().length === 2);
  expect(told()[1]).toEqual({ type: 'size', cols: 100, rows: 30 });
  for (const mistake of [
    '{"type":"resize","cols":0,"rows":30}',
    'typed',
    '{"type":"resize","cols":1000,"rows":1000}',
  ])
    peer.send(mistake);
  await until('the refusals', () => told().length === 5);
  expect(told().slice(2)).toMatchObject(Array(3).fill({ type: 'error', error: { code: 'INVALID_INPUT' } }));
  peer.send(Buffer.from('x'));
  await until('the end', () => peer.closed);
  expect(told()[5]).toMatchObject({ type: 'exited', exit: { exit_code: 0 } });
  expect((await pilotty.run('output')).stdout).toBe('readyx\n');
});

test('who only looks at a raw WebSocket cannot resize on it', async ({ pilotty, served }) => {
  await pilotty.run('spawn', '--name', 'a', ...MIRROR);
  const peer = served.webSocket('sessions/a/ws/raw?control=true&read_only=true');
  await peer.opened();
  peer.send('{"type":"resize","cols":100,"rows":30}');
  await until('the refusal', () => peer.bytes.includes('FORBIDDEN'));
  expect((await pilotty.run('status')).json().size).toEqual({ cols: 80, rows: 24 });
});

test('a raw WebSocket begins anew with a reset when the terminal is resized, and need not type', async ({
  pilotty,
  served,
}) => {
  await pilotty.run('spawn', '--name', 'a', ...MIRROR);
  await pilotty.run('wait-for', 'ready');
  const peer = served.webSocket('sessions/a/ws/raw?scrollback=0&read_only=true');
  await until('the screen', () => peer.messages.length === 1);
  peer.send('ignored');
  await pilotty.run('resize', '40', '10');
  await until('the screen again', () => peer.messages.length === 2);
  expect(peer.messages.map((message) => message.subarray(0, 2).toString())).toEqual(['\x1bc', '\x1bc']);
  expect((await pilotty.run('snapshot', '--format', 'text')).stdout).not.toContain('ignored');
});

test('a reader that stops costs the program nothing, and is given a screen when it reads again', async ({
  pilotty,
  served,
}) => {
  await pilotty.run(
    'spawn',
    '--name',
    'a',
    'sh',
    '-c',
    `printf ready; read x; seq 3000000; echo the end; cat`,
  );
  await pilotty.run('wait-for', 'ready');
  const peer = served.webSocket('sessions/a/ws/raw');
  await until('the screen', () => peer.bytes.includes('ready'));
  peer.webSocket.pause();
  await pilotty.run('type', '--enter', 'go');
  // All of it is printed and drawn while nobody reads.
  await pilotty.run('wait-for', 'the end', '--timeout', '60s');
  peer.webSocket.resume();
  await until('the last screen', () => peer.bytes.includes('the end'));
  const screen = new Screen({ cols: 80, rows: 24, scrollback: 1000 });
  for (const bytes of peer.messages) screen.write(bytes);
  expect(screen.text()).toMatch(/2999999\n3000000\nthe end$/);
  // They are 27 megabytes, of which it got what fits into the buffers in between: Linux gives them up to ten.
  expect(Buffer.concat(peer.messages).length).toBeLessThan(20_000_000);
  expect(
    peer.messages.filter((message) => message.subarray(0, 2).toString() === '\x1bc').length,
  ).toBeGreaterThan(1);
});

test.for([
  ['without the token', 'ws/json', {}, 401, 'UNAUTHORIZED'],
  ['with a wrong ticket', 'ws/json?ticket=x', {}, 401, 'UNAUTHORIZED'],
  ['of another origin', 'ws/json', { origin: 'http://evil.example' }, 403, 'FORBIDDEN'],
  ['for another host', 'ws/json', { host: 'evil.example' }, 403, 'FORBIDDEN'],
  ['elsewhere', 'ws', undefined, 404, 'NOT_FOUND'],
  ['for a session that does not exist', 'sessions/nobody/ws/raw', undefined, 404, 'SESSION_NOT_FOUND'],
  ['with a query that means nothing', 'sessions/nobody/ws/raw?scrollback=x', undefined, 400, 'INVALID_INPUT'],
  ['through a path that is not plain', 'sessions/a%2fb/ws/raw', undefined, 400, 'INVALID_INPUT'],
] as const)('an upgrade is refused in HTTP: %s', async ([, path, headers, status, code], { served }) => {
  const peer = served.webSocket(path, headers);
  const refused = await until('the refusal', () => peer.refused);
  expect([refused.status, JSON.parse(refused.text).code]).toEqual([status, code]);
});
