import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { constants, PerformanceObserver } from 'node:perf_hooks';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Call, Cancellation } from '../../packages/daemon/src/call.ts';
import { startInProcess } from '../../packages/daemon/src/in-process.ts';
import { Rest, thisProcess } from '../../packages/daemon/src/rest.ts';
import { PATH } from '../harness/programs.ts';

const MIB = 1024 * 1024;
let heapBytes: number;
let cpuTimeMs: number;
let collections: number;

const ownProcess = {
  heapBytes: () => heapBytes,
  cpuTimeMs: () => cpuTimeMs,
  collect: async () => {
    collections += 1;
    heapBytes = 10 * MIB;
  },
};

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  heapBytes = 14 * MIB;
  cpuTimeMs = 0;
  collections = 0;
});

afterEach(() => void vi.useRealTimers());

test.for([
  ['no session runs', false],
  ['sessions run', true],
] as const)(
  'where %s, garbage is collected twice once the rest has lasted, and not again',
  async ([, isInUse]) => {
    const rest = new Rest(ownProcess);
    rest.asked(isInUse);
    await vi.advanceTimersByTimeAsync(9_999);
    expect(collections).toBe(0);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(collections).toBe(2);
  },
);

test('a rest in which a request began or ended begins anew', async () => {
  const rest = new Rest(ownProcess);
  for (let second = 0; second < 60; second += 9) {
    rest.asked(true);
    await vi.advanceTimersByTimeAsync(9_000);
  }
  expect(collections).toBe(0);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(collections).toBe(2);
});

test('while output takes time there is no rest, and what it left is collected though nothing was asked since', async () => {
  const rest = new Rest(ownProcess);
  rest.asked(true);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(collections).toBe(2);
  heapBytes = 20 * MIB;
  for (let second = 0; second < 60; second++) {
    rest.printed();
    cpuTimeMs += 100;
    await vi.advanceTimersByTimeAsync(1000);
  }
  expect(collections).toBe(2);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(collections).toBe(4);
});

test('a program that prints a little all the time is no work', async () => {
  const rest = new Rest(ownProcess);
  rest.asked(true);
  for (let second = 0; second < 60; second++) {
    rest.printed();
    cpuTimeMs += 20;
    await vi.advanceTimersByTimeAsync(1000);
  }
  expect(collections).toBe(2);
});

test('a rest that ends between the two collections, or during the first, has no second', async () => {
  const rest = new Rest(ownProcess);
  rest.asked(true);
  await vi.advanceTimersByTimeAsync(10_500);
  rest.asked(true);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(collections).toBe(1);

  const disturbed: Rest = new Rest({
    ...ownProcess,
    collect: async () => {
      await ownProcess.collect();
      disturbed.asked(true);
    },
  });
  heapBytes = 14 * MIB;
  disturbed.asked(true);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(collections).toBe(2);
});

test('where the heap has grown little since the last collection, there is none', async () => {
  const rest = new Rest(ownProcess);
  rest.asked(true);
  await vi.advanceTimersByTimeAsync(60_000);
  heapBytes += 3 * MIB;
  rest.asked(true);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(collections).toBe(2);
  heapBytes += MIB;
  rest.asked(true);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(collections).toBe(4);
});

test('a large heap, whose collection would be noticed, is left alone until no session runs', async () => {
  heapBytes = 100 * MIB;
  const rest = new Rest(ownProcess);
  rest.asked(true);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(collections).toBe(0);
  rest.asked(false);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(collections).toBe(2);
});

test('the daemon says when it is asked, and when a program prints', async () => {
  vi.useRealTimers();
  const directory = realpathSync(mkdtempSync(join(tmpdir(), 'pt-')));
  const said: string[] = [];
  const rest = new Rest(ownProcess);
  vi.spyOn(rest, 'asked').mockImplementation((isInUse) => said.push(isInUse ? 'in use' : 'unused'));
  vi.spyOn(rest, 'printed').mockImplementation(() => said.push('printed'));
  const { daemon, close } = await startInProcess(directory, { rest });
  const call = new Call(
    { isGone: () => false, emit: async () => {}, ready: async () => {} },
    new Cancellation(),
  );
  try {
    await daemon.answer('daemon.info', {}, call);
    expect(said).toEqual(['unused', 'in use', 'unused']);
    said.length = 0;
    const argv = ['/bin/sh', '-c', 'read line; echo over; exec sleep 1000'];
    await daemon.answer('session.spawn', { name: 'one', argv, cwd: '/', env: { PATH } }, call);
    expect(new Set(said)).toEqual(new Set(['in use']));
    // It waits before there is anything: a request draws what it finds itself.
    const waiting = daemon.answer('session.wait', { session: 'one', text: 'over', timeout_ms: 30_000 }, call);
    await daemon.answer('session.key', { session: 'one', keys: 'Enter' }, call);
    await waiting;
    expect(new Set(said)).toEqual(new Set(['in use', 'printed']));
  } finally {
    await close();
    rmSync(directory, { recursive: true, force: true });
  }
});

test('it is the garbage of the process that is collected, wholly', async () => {
  const kinds: unknown[] = [];
  const observer = new PerformanceObserver((list) =>
    kinds.push(...list.getEntries().map((entry) => (entry as unknown as { detail: unknown }).detail)),
  );
  observer.observe({ entryTypes: ['gc'] });
  // What the tests beside it do to this process does not matter.
  new Rest({ ...thisProcess, heapBytes: () => 32_000_000, cpuTimeMs: () => 0 }).asked(true);
  await vi.advanceTimersByTimeAsync(10_000);
  vi.useRealTimers();
  const { NODE_PERFORMANCE_GC_MAJOR: kind, NODE_PERFORMANCE_GC_FLAGS_FORCED: flags } = constants;
  await vi.waitFor(() => expect(kinds).toContainEqual({ kind, flags }), { timeout: 20_000, interval: 50 });
  observer.disconnect();
});
