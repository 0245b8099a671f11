/** Questions that any host can answer, where some of them say nothing. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { askAny } from '../../apps/fleet/src/nats/ask-any.ts';

type Connection = Parameters<typeof askAny>[0];
type Answer = Awaited<ReturnType<Connection['request']>>;

/** As the client of NATS has them. */
const late = () => Object.assign(new Error('timeout'), { name: 'TimeoutError' });
const NOBODY = Object.assign(new Error('no responders'), { name: 'NoResponders' });

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** @param hosts who is asked in turn: milliseconds until the answer, or why there is none */
function fleetOf(...hosts: (number | Error)[]) {
  const asked: number[] = [];
  const request = (_subject: string, _question: unknown, { timeout = 0 } = {}) => {
    const number = asked.push(Date.now());
    const host = hosts[number - 1] ?? Number.POSITIVE_INFINITY;
    return new Promise<Answer>((resolve, reject) => {
      if (host instanceof Error) return reject(host);
      setTimeout(() => reject(late()), timeout);
      if (Number.isFinite(host)) setTimeout(() => resolve({ json: () => number } as unknown as Answer), host);
    });
  };
  return { asked, connection: { request } as unknown as Connection };
}

async function outcomeOf(answer: Promise<unknown>) {
  const beganAt = Date.now();
  const settled = answer.then(
    (by) => ({ by, ms: Date.now() - beganAt }),
    (error: Error) => ({ error: error.name, ms: Date.now() - beganAt }),
  );
  await vi.runAllTimersAsync();
  return await settled;
}

test('a host that says nothing costs a moment, and the first answer counts', async () => {
  const { connection, asked } = fleetOf(Number.POSITIVE_INFINITY, 100);
  expect(await outcomeOf(askAny(connection, 's', {}))).toEqual({ by: 2, ms: 400 });
  expect(asked).toHaveLength(2);
});

test('one that is slow is still waited for, and others are asked besides', async () => {
  const { connection, asked } = fleetOf(700);
  expect(await outcomeOf(askAny(connection, 's', {}))).toEqual({ by: 1, ms: 700 });
  expect(asked).toHaveLength(3);
});

test('where nobody is there it is known at once; where nobody answers, after as many as are asked', async () => {
  const nobody = fleetOf(NOBODY);
  expect(await outcomeOf(askAny(nobody.connection, 's', {}))).toEqual({ error: 'NoResponders', ms: 0 });
  const silent = fleetOf();
  expect(await outcomeOf(askAny(silent.connection, 's', {}))).toEqual({ error: 'TimeoutError', ms: 4200 });
  expect(silent.asked).toHaveLength(10);
});
