/** Deadlines that are one of several signals, after memory was collected. */
import { setTimeout as delay } from 'node:timers/promises';
import v8 from 'node:v8';
import vm from 'node:vm';
import { expect, test } from 'vitest';
import { timeoutSignal } from '../../packages/client/src/timeout-signal.ts';
import { until } from '../harness/until.ts';

v8.setFlagsFromString('--expose-gc');
const collect = vm.runInNewContext('gc') as () => void;

test('a timeout that is one of several signals comes, although memory was collected before', async () => {
  const { signal } = new AbortController();
  const both = Array.from({ length: 20 }, () => AbortSignal.any([signal, timeoutSignal(200)]));
  for (let round = 0; round < 5; round += 1) {
    await delay(1);
    collect();
  }
  await until('all to be aborted', () => both.every(({ aborted }) => aborted));
  expect(both[0]?.reason).toMatchObject({ name: 'TimeoutError' });
});
