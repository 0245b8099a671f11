/** When output came: what is answered for a moment was so, and as much of it is kept as the bound says. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { OutputTimes } from '../../packages/daemon/src/pty/output-times.ts';

const MAX_BURSTS = 2048;

interface Chunk {
  atMs: number;
  offset: number;
  length: number;
  seq: number;
}

/** Chunks that come so far apart. */
function chunksOf(gapsMs: readonly number[]): Chunk[] {
  let atMs = 1_000_000;
  return gapsMs.map((gapMs, index) => {
    atMs += gapMs;
    return { atMs, offset: index * 10, length: 10, seq: index + 1 };
  });
}

/** How much had come by then, and number of the last. */
function truth(chunks: readonly Chunk[], timeMs: number): { offset: number; seq: number } {
  const last = chunks.findLast(({ atMs }) => atMs <= timeMs);
  return last === undefined ? { offset: 0, seq: 0 } : { offset: last.offset + last.length, seq: last.seq };
}

function timesOf(chunks: readonly Chunk[]): { times: OutputTimes; total: number } {
  const times = new OutputTimes();
  for (const { seq, offset, atMs } of chunks) times.note(seq, offset, atMs);
  return { times, total: chunks.length * 10 };
}

test('the answer to a moment is what had come before the one that it names, or at it', () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(40), { maxLength: 60 }),
      fc.array(fc.nat(3000), { minLength: 1, maxLength: 20 }),
      (gapsMs, ages) => {
        const chunks = chunksOf(gapsMs);
        const { times, total } = timesOf(chunks);
        const nowMs = (chunks.at(-1)?.atMs ?? 1_000_000) + 500;
        for (const age of ages) {
          const { timeMs, ...moment } = times.at(nowMs - age, total);
          expect(nowMs - age - timeMs).toBeGreaterThanOrEqual(0);
          expect(nowMs - age - timeMs).toBeLessThan(10);
          // The beginning of a burst is the moment before its first byte.
          expect([truth(chunks, timeMs), truth(chunks, timeMs - 1)]).toContainEqual(moment);
        }
      },
    ),
    { numRuns: 300 },
  );
});

test('an offset is known by the moment at which it was reached', () => {
  const { times, total } = timesOf(chunksOf([0, 100, 3, 100]));
  expect(times.of(0, total)).toBeUndefined();
  expect(times.of(10, total)).toEqual({ offset: 10, timeMs: 1_000_000, seq: 1 });
  expect(times.of(30, total)).toEqual({ offset: 30, timeMs: 1_000_103, seq: 3 });
  // Within a burst it is not known better than by its beginning.
  expect(times.of(15, total)).toEqual({ offset: 15, timeMs: 1_000_100, seq: 1 });
  expect(times.of(40, total)).toEqual({ offset: 40, timeMs: 1_000_203, seq: 4 });
});

test('of a program that never rests, the last seconds are known best, in a bounded number of bursts', () => {
  const chunks = chunksOf(Array.from({ length: 100_000 }, () => 25));
  const { times, total } = timesOf(chunks);
  expect(times.count).toBeLessThanOrEqual(MAX_BURSTS);
  const nowMs = chunks.at(-1)?.atMs ?? 0;
  for (const ageMs of [0, 100, 1000, 5000, 60_000, 600_000, 2_400_000]) {
    const { timeMs, ...moment } = times.at(nowMs - ageMs, total);
    expect([truth(chunks, timeMs), truth(chunks, timeMs - 1)]).toContainEqual(moment);
    // Within a thirtieth of how long ago it was.
    expect(nowMs - ageMs - timeMs).toBeLessThanOrEqual(ageMs / 30 + 25);
  }
  expect(times.offsetFrom(nowMs - 1000, total)).toBe(total - 410);
  expect(times.offsetFrom(0, total)).toBe(0);
  expect(times.offsetFrom(nowMs + 1, total)).toBe(total);
});
