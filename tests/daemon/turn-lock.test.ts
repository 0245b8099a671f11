/** The input lock alone: every way in which three acts can wait, leave and be granted it. */
import { expect, test } from 'vitest';
import { Cancellation, type Until } from '../../packages/daemon/src/call.ts';
import { TurnLock } from '../../packages/daemon/src/turn-lock.ts';

class Patience implements Until {
  readonly #cancellation = new Cancellation();
  isOver = false;

  get signal(): AbortSignal {
    return this.#cancellation.signal;
  }

  whenOver(listener: () => void): () => void {
    return this.#cancellation.whenOver(listener);
  }

  /** The deadline passes; the event loop may be too busy to say so. */
  passes({ isTold }: { isTold: boolean }): void {
    this.isOver = true;
    if (isTold) this.#cancellation.cancel();
  }
}

const FATES = ['stays', 'over before it asks', 'leaves while it waits', 'over, and not told yet'] as const;
type Fate = (typeof FATES)[number];

const combinations = FATES.flatMap((a) =>
  FATES.flatMap((b) => FATES.map((c) => [a, b, c] as [Fate, Fate, Fate])),
);

test.each(combinations)('acts that %s / %s / %s', async (...fates) => {
  const lock = new TurnLock();
  const release = await lock.acquire();
  const granted: number[] = [];
  let holders = 0;
  let maxHolders = 0;
  const acts = fates.map((fate, index) => {
    const until = new Patience();
    if (fate === 'over before it asks') until.passes({ isTold: false });
    const run = async () => {
      const end = await lock.acquire(until);
      if (end === undefined) return 'refused';
      granted.push(index);
      maxHolders = Math.max(maxHolders, ++holders);
      await new Promise((resolve) => setImmediate(resolve));
      holders -= 1;
      end();
      end();
      return 'granted';
    };
    return { fate, until, outcome: run() };
  });
  for (const { fate, until, outcome } of acts) {
    if (fate === 'over, and not told yet') until.passes({ isTold: false });
    if (fate !== 'leaves while it waits') continue;
    until.passes({ isTold: true });
    // Answered at once, although the lock is held.
    expect(await outcome).toBe('refused');
  }
  expect(granted).toEqual([]);
  release?.();
  const outcomes = await Promise.all(acts.map(({ outcome }) => outcome));
  expect(outcomes).toEqual(fates.map((fate) => (fate === 'stays' ? 'granted' : 'refused')));
  expect(granted).toEqual(fates.flatMap((fate, index) => (fate === 'stays' ? [index] : [])));
  expect(maxHolders).toBeLessThanOrEqual(1);
  // Whatever happened, the lock is free again.
  expect(await lock.acquire(new Patience())).toBeTypeOf('function');
});

test('a deadline that passes once the lock is held takes nothing back', async () => {
  const lock = new TurnLock();
  const until = new Patience();
  const release = await lock.acquire(until);
  until.passes({ isTold: true });
  const next = lock.acquire(new Patience());
  release?.();
  expect(await next).toBeTypeOf('function');
});
