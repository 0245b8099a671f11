/** A daemon that stops answering is given up; one that takes long is not. The times are the test's own. */
import { afterEach, expect, test, vi } from 'vitest';
import { ConnectedClient, ConnectionError } from '../../packages/client/src/index.ts';
import { until } from '../harness/until.ts';
import { Connection } from './scripted-daemon.ts';

afterEach(() => {
  vi.useRealTimers();
});

const SILENT = new ConnectionError('it does not answer');

/** Several times as long as it takes to give up. */
const LONG_MS = 1000;

/** A client with one request under way. */
async function asked(answersElsewhere: (until: AbortSignal) => Promise<boolean> = async () => false) {
  const connection = new Connection();
  const liveness = { withinMs: 30, quietMs: 30, answersElsewhere, explain: async () => SILENT };
  const client = new ConnectedClient(async () => connection, { liveness });
  let outcome: unknown;
  client.request('daemon.info', {}).then(
    (result) => {
      outcome = result;
    },
    (error) => {
      outcome = error;
    },
  );
  await until('hello to be sent', () => connection.writes.length > 0);
  return { client, connection, outcome: () => outcome };
}

const ended = (asking: { outcome(): unknown }) => until('an outcome', () => asking.outcome());
const pings = ({ writes }: Connection) => writes.flat().filter((line) => line === '-1 daemon.info').length;

test('a daemon that does not answer hello is given up, and told that nothing is wanted any more', async () => {
  const asking = await asked();
  expect(await ended(asking)).toBe(SILENT);
  expect(asking.connection.writes.at(-1)).toEqual(['cancel 1']);
  expect(asking.connection.isClosed).toBe(true);
});

test('a request is waited for as long as pings are answered', async () => {
  const asking = await asked();
  asking.connection.greet();
  for (let count = 1; count <= 5; count++) {
    await until('a ping', () => pings(asking.connection) === count);
    asking.connection.answer(-1);
  }
  expect(asking.outcome()).toBeUndefined();
  asking.connection.answer(1, 'late');
  expect(await ended(asking)).toBe('late');
});

test('one that answers no ping is given up, unless it answers on another connection', async () => {
  const answers = [true, true, false];
  const asking = await asked(async () => answers.shift() ?? false);
  asking.connection.greet();
  expect(await ended(asking)).toBe(SILENT);
  expect(answers).toEqual([]);
  expect(pings(asking.connection)).toBe(3);
});

test('nobody asks elsewhere any more once the time is over, something has come, or the client is closed', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const connection = new Connection();
  const asked: AbortSignal[] = [];
  const liveness = {
    withinMs: 10,
    quietMs: 10,
    // Over the time, it is said to answer all the same.
    answersElsewhere: (until: AbortSignal) =>
      new Promise<boolean>((resolve) => {
        asked.push(until);
        until.addEventListener('abort', () => resolve(true));
      }),
    explain: async () => SILENT,
  };
  const client = new ConnectedClient(async () => connection, { liveness });
  const request = client.request('daemon.info', {}).catch(({ message }) => message);
  await until('hello to be sent', () => connection.writes.length > 0);
  connection.greet();
  const untilAsked = async (times: number) => {
    while (asked.length < times) await vi.advanceTimersByTimeAsync(1);
    expect(asked.at(-1)?.aborted).toBe(false);
  };
  await untilAsked(1);
  await vi.advanceTimersByTimeAsync(10);
  expect(asked[0]?.aborted).toBe(true);
  await untilAsked(2);
  connection.answer(-1);
  expect(asked[1]?.aborted).toBe(true);
  await untilAsked(3);
  client.close();
  expect(asked[2]?.aborted).toBe(true);
  expect(await request).toBe('the client was closed');
});

test('a client that waits for nothing sends no ping, and one that is at work on an event neither', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const connection = new Connection();
  let goOn = () => {};
  const liveness = {
    withinMs: 10,
    quietMs: 10,
    answersElsewhere: async () => false,
    explain: async () => SILENT,
  };
  const client = new ConnectedClient(async () => connection, { liveness });
  const request = client.request('events.follow' as 'daemon.info', {}, {
    onEvent: () =>
      new Promise<void>((resolve) => {
        goOn = resolve;
      }),
  } as object);
  await until('hello to be sent', () => connection.writes.length > 0);
  connection.greet();
  connection.event(1, {});
  await vi.advanceTimersByTimeAsync(LONG_MS);
  goOn();
  connection.answer(1, 'done');
  expect(await request).toBe('done');
  await vi.advanceTimersByTimeAsync(LONG_MS);
  expect(pings(connection)).toBe(0);
  // What it would have sent: where it waits for an answer, it does.
  const waiting = client.request('daemon.info', {});
  await vi.advanceTimersByTimeAsync(20);
  expect(pings(connection)).toBe(1);
  connection.answer(2, 'answered');
  expect(await waiting).toBe('answered');
  client.close();
});
