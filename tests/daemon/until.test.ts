/** The one way to wait for what is announced: by hand, with listeners that are counted. */
import { expect, test, vi } from 'vitest';
import { Announcer, nextChange, pause, until } from '../../packages/daemon/src/until.ts';

/** Announces by hand, and counts who listens. */
class Announcing {
  readonly listeners = new Set<() => void>();

  watch(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  announce(): void {
    for (const listener of [...this.listeners]) listener();
  }
}

/** A signal that counts who listens. */
class Signal {
  readonly #controller = new AbortController();
  listeners = 0;
  asked = 0;

  get signal(): AbortSignal {
    this.asked += 1;
    const { signal } = this.#controller;
    const counted = this;
    return new Proxy(signal, {
      get(target, name) {
        if (name === 'addEventListener') counted.listeners += 1;
        if (name === 'removeEventListener') counted.listeners -= 1;
        const value = Reflect.get(target, name, target);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
  }

  abort(): void {
    this.#controller.abort();
  }
}

test('what is so already costs neither a listener nor a signal', async () => {
  const announcing = new Announcing();
  const limits = new Signal();
  expect(await until(announcing, () => true, limits)).toBe(true);
  expect(limits.asked).toBe(0);
  expect(announcing.listeners.size).toBe(0);
});

test('it is asked after each announcement, and no more once it is so', async () => {
  const announcing = new Announcing();
  const limits = new Signal();
  let asked = 0;
  const found = until(announcing, () => ++asked === 3, limits);
  announcing.announce();
  expect([asked, announcing.listeners.size, limits.listeners]).toEqual([2, 1, 1]);
  announcing.announce();
  announcing.announce();
  expect(await found).toBe(true);
  expect([asked, announcing.listeners.size, limits.listeners]).toEqual([3, 0, 0]);
});

test('an abort ends it, also one before it began', async () => {
  const announcing = new Announcing();
  const limits = new Signal();
  const found = until(announcing, () => false, limits);
  limits.abort();
  expect(await found).toBe(false);
  expect(await until(announcing, () => false, limits)).toBe(false);
  expect(await until(announcing, () => true, limits)).toBe(true);
  expect([announcing.listeners.size, limits.listeners]).toEqual([0, 0]);
});

test('time ends it, and leaves no timer where something else did', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  try {
    const announcing = new Announcing();
    const found = until(announcing, () => false, { withinMs: 50 });
    const changed = nextChange(announcing, { withinMs: 1000 });
    announcing.announce();
    await changed;
    expect(vi.getTimerCount()).toBe(1);
    vi.advanceTimersByTime(50);
    expect(await found).toBe(false);
    expect([announcing.listeners.size, vi.getTimerCount()]).toEqual([0, 0]);
  } finally {
    vi.useRealTimers();
  }
});

test('a pause ends with its time, or with its signal', async () => {
  const aborted = new AbortController();
  await pause(1, aborted.signal);
  const long = pause(600_000, aborted.signal);
  aborted.abort();
  await long;
  await pause(600_000, aborted.signal);
});

test('an announcer wakes the one that waits, and nobody else later', async () => {
  const announcer = new Announcer();
  let isSo = false;
  announcer.announce();
  const first = until(announcer, () => isSo);
  announcer.announce();
  isSo = true;
  announcer.announce();
  expect(await first).toBe(true);
  announcer.announce();
});
