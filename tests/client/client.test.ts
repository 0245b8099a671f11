import { expect, test } from 'vitest';
import { ConnectionError, RequestError } from '../../packages/client/src/index.ts';
import { type Connection, scriptedDaemon } from './scripted-daemon.ts';

/** A client with one request on its way, on a connection that has not been greeted. */
async function asked() {
  const scripted = scriptedDaemon();
  const answer = scripted.client.request('daemon.info', {});
  // Each test looks at the end of it in its own way, and some never.
  answer.catch(() => {});
  await scripted.settle();
  return { ...scripted, answer, connection: scripted.connections[0] as Connection };
}

test('hello and the first requests go out in one write', async () => {
  const { client, connections, settle } = scriptedDaemon();
  void client.request('daemon.info', {});
  void client.request('session.list', {});
  await settle();
  expect(connections[0]?.writes).toEqual([['hello', '1 daemon.info', '2 session.list']]);
});

test('until hello is answered nothing more is written', async () => {
  const { client, connection } = await asked();
  void client.request('session.list', {});
  expect(connection.writes).toEqual([['hello', '1 daemon.info']]);
  connection.greet();
  void client.request('session.status', {});
  expect(connection.writes.slice(1)).toEqual([['2 session.list'], ['3 session.status']]);
});

test('answers find their requests in whatever order they come', async () => {
  const { client, connection, answer } = await asked();
  connection.greet();
  const second = client.request('session.list', {});
  connection.answer(2);
  connection.answer(1);
  expect(await Promise.all([answer, second])).toEqual(['answer 1', 'answer 2']);
});

test('a refusal keeps its code, suggestion and details', async () => {
  const { connection, answer } = await asked();
  connection.greet();
  const data = { code: 'SESSION_NOT_FOUND', suggestion: 'look', details: { session: 'x' } };
  connection.say({ id: 1, error: { code: -32000, message: 'no x', data } });
  const error = await answer.catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(RequestError);
  expect((error as RequestError).toBody()).toEqual({ ...data, message: 'no x' });
});

test('an error of a kind that only a newer daemon knows is an internal one', async () => {
  const { connection, answer } = await asked();
  connection.greet();
  connection.say({ id: 1, error: { code: -32000, message: 'new', data: { code: 'NOT_YET_INVENTED' } } });
  await expect(answer).rejects.toMatchObject({ code: 'INTERNAL_ERROR', message: 'new' });
});

test('a daemon that steps down is waited for, and the next one is asked again', async () => {
  const { connections, connection, answer, settle, warnings } = await asked();
  connection.greet({ stepping_down: true, version: '0.0.1' });
  connection.say({ id: 1, error: { code: -32000, message: 'ending', data: { code: 'DAEMON_UNREACHABLE' } } });
  await settle();
  expect(connections).toHaveLength(1);
  connection.hangUp();
  await settle();
  const [, next] = connections;
  expect(next?.writes).toEqual([['hello', '1 daemon.info']]);
  next?.greet();
  next?.answer(1);
  expect(await answer).toBe('answer 1');
  expect(warnings).toEqual([]);
});

test('over a link the daemon is told the version of the pilotty beside it, and a difference from that is warned of', async () => {
  const { client, connections, settle, warnings } = scriptedDaemon('3.0.0');
  const answer = client.request('daemon.info', {});
  await settle();
  expect(connections[0]?.hellos).toEqual(['3.0.0']);
  connections[0]?.greet({ version: '3.0.0' });
  connections[0]?.answer(1);
  expect(await answer).toBe('answer 1');
  expect(warnings).toEqual([]);
});

test('a connection that ends before hello is answered has executed nothing: the request is sent again', async () => {
  const { connections, connection, answer, settle } = await asked();
  connection.hangUp();
  await settle();
  connections[1]?.greet();
  connections[1]?.answer(1);
  expect(await answer).toBe('answer 1');
});

test('a request is sent again twice, and then given up', async () => {
  const { connections, answer, settle } = await asked();
  for (let i = 0; i < 3; i++) {
    connections[i]?.hangUp();
    await settle();
  }
  expect(connections).toHaveLength(3);
  await expect(answer).rejects.toBeInstanceOf(ConnectionError);
});

test('a request that may have been executed is never sent again', async () => {
  const { connections, connection, answer, settle } = await asked();
  connection.greet();
  connection.hangUp();
  await expect(answer).rejects.toBeInstanceOf(ConnectionError);
  await settle();
  expect(connections).toHaveLength(1);
});

test('after a connection broke the next request opens another', async () => {
  const { client, connections, connection, settle } = await asked();
  connection.greet();
  connection.answer(1);
  connection.hangUp();
  void client.request('session.list', {});
  await settle();
  expect(connections[1]?.writes).toEqual([['hello', '2 session.list']]);
});

test('another version is told once, with both and the way out', async () => {
  const { connection, warnings, answer } = await asked();
  connection.greet({ version: '9.9.9', sessions: 3 });
  connection.answer(1);
  await answer;
  expect(warnings).toHaveLength(1);
  expect(warnings[0]).toMatch(/9\.9\.9.*pilotty stop/);
});

test('an aborted request is cancelled in the daemon, and rejected with the reason', async () => {
  const { client, connection } = await asked();
  connection.greet();
  const abort = new AbortController();
  const waiting = client.request('session.wait', { exit: true }, { signal: abort.signal });
  abort.abort(new Error('enough'));
  await expect(waiting).rejects.toThrow('enough');
  expect(connection.writes.at(-1)).toEqual(['cancel 2']);
});

test('events come in order, and one that is worked on holds back reading, later events and the answer', async () => {
  const { client, connection, settle } = await asked();
  connection.greet();
  const seen: unknown[] = [];
  let finish = () => {};
  const output = client.request(
    'session.output',
    {},
    {
      onEvent: ({ next_offset }) => {
        seen.push(next_offset);
        return next_offset === 1 ? new Promise<void>((resolve) => (finish = resolve)) : undefined;
      },
    },
  );
  void output.then(() => seen.push('answer'));
  connection.event(2, { next_offset: 1 });
  connection.event(2, { next_offset: 2 });
  connection.answer(2);
  await settle();
  expect({ seen, isPaused: connection.isPaused }).toEqual({ seen: [1], isPaused: true });
  finish();
  await output;
  expect({ seen, isPaused: connection.isPaused }).toEqual({ seen: [1, 2, 'answer'], isPaused: false });
});

test('a connection that ends while an event is worked on has delivered what came before', async () => {
  const { client, connection, settle } = await asked();
  connection.greet();
  let finish = () => {};
  const onEvent = () => new Promise<void>((resolve) => (finish = resolve));
  const output = client.request('session.output', {}, { onEvent });
  connection.event(2, { next_offset: 1 });
  connection.answer(2);
  connection.hangUp();
  await settle();
  finish();
  expect(await output).toBe('answer 2');
});

test('a listener may answer anything: only a promise holds back what follows', async () => {
  const { client, connection } = await asked();
  connection.greet();
  const seen: unknown[] = [];
  const onEvent = ((event: { next_offset: number }) => seen.push(event.next_offset)) as never;
  const output = client.request('session.output', {}, { onEvent });
  connection.event(2, { next_offset: 1 });
  connection.event(2, { next_offset: 2 });
  connection.answer(2);
  expect(await output).toBe('answer 2');
  expect(seen).toEqual([1, 2]);
});

test('an event that cannot be dealt with ends its request here and in the daemon', async () => {
  const { client, connection } = await asked();
  connection.greet();
  const onEvent = async () => {
    throw new Error('disk full');
  };
  const output = client.request('session.output', {}, { onEvent });
  connection.event(2, { next_offset: 1 });
  await expect(output).rejects.toThrow('disk full');
  expect(connection.writes.at(-1)).toEqual(['cancel 2']);
});

test('an error that belongs to no request ends the connection and all of its requests', async () => {
  const { connection, answer } = await asked();
  const data = { code: 'LIMIT_REACHED', suggestion: 'wait' };
  connection.say({ id: null, error: { code: -32000, message: 'too many connections', data } });
  await expect(answer).rejects.toMatchObject({ code: 'LIMIT_REACHED', message: 'too many connections' });
  expect(connection.isClosed).toBe(true);
});

test('what is not JSON ends the connection', async () => {
  const { connection, answer } = await asked();
  connection.greet();
  connection.line('{"jsonrpc":');
  await expect(answer).rejects.toBeInstanceOf(ConnectionError);
  expect(connection.isClosed).toBe(true);
});

test('a request too long for the wire is refused before it is sent', async () => {
  const { client, connection } = await asked();
  connection.greet();
  const text = 'ä'.repeat(17 * 1024 * 1024);
  await expect(client.request('session.type', { text })).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  expect(connection.writes).toEqual([['hello', '1 daemon.info']]);
});

test('a closed client rejects what is open, and takes nothing more', async () => {
  const { client, connection, answer } = await asked();
  client.close();
  await expect(answer).rejects.toBeInstanceOf(ConnectionError);
  expect(connection.isClosed).toBe(true);
  await expect(client.request('daemon.info', {})).rejects.toBeInstanceOf(ConnectionError);
});
