import { constants, PerformanceObserver } from 'node:perf_hooks';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Rest } from '../../packages/daemon/src/rest.ts';

const MIB = 1024 * 1024;
let used: number;
let collections: number;

const heap = {
  usedBytes: () => used,
  collect: async () => {
    collections += 1;
    used = 10 * MIB;
  },
};

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  used = 14 * MIB;
  collections = 0;
});

afterEach(() => void vi.useRealTimers());

test('garbage is collected twice once the rest has lasted, and not again', async () => {
  const rest = new Rest(heap);
  rest.begin();
  await vi.advanceTimersByTimeAsync(9_999);
  expect(collections).toBe(0);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(collections).toBe(2);
});

test('a rest that is disturbed begins anew, and one that has ended collects nothing', async () => {
  const rest = new Rest(heap);
  rest.begin();
  await vi.advanceTimersByTimeAsync(9_000);
  rest.begin();
  await vi.advanceTimersByTimeAsync(9_000);
  expect(collections).toBe(0);
  rest.end();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(collections).toBe(0);
});

test('a rest that ends between the two collections, or during the first, has no second', async () => {
  const rest = new Rest(heap);
  rest.begin();
  await vi.advanceTimersByTimeAsync(10_500);
  rest.end();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(collections).toBe(1);

  const disturbed: Rest = new Rest({
    ...heap,
    collect: async () => {
      await heap.collect();
      disturbed.end();
    },
  });
  used = 14 * MIB;
  disturbed.begin();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(collections).toBe(2);
});

test('where little has been used since the last collection, there is none', async () => {
  const rest = new Rest(heap);
  rest.begin();
  await vi.advanceTimersByTimeAsync(60_000);
  used += MIB;
  rest.begin();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(collections).toBe(2);
  used += 2 * MIB;
  rest.begin();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(collections).toBe(4);
});

test('it is the garbage of the process that is collected, wholly', async () => {
  const kinds: unknown[] = [];
  const observer = new PerformanceObserver((list) =>
    kinds.push(...list.getEntries().map((entry) => (entry as unknown as { detail: unknown }).detail)),
  );
  observer.observe({ entryTypes: ['gc'] });
  new Rest().begin();
  await vi.advanceTimersByTimeAsync(10_000);
  vi.useRealTimers();
  const { NODE_PERFORMANCE_GC_MAJOR: kind, NODE_PERFORMANCE_GC_FLAGS_FORCED: flags } = constants;
  await vi.waitFor(() => expect(kinds).toContainEqual({ kind, flags }), { timeout: 20_000, interval: 50 });
  observer.disconnect();
});
