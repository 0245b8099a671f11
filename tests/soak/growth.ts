/** Whether the daemon takes more in the second half of a run than in the first. */
import type { Rest } from './samples.ts';

export interface Growth {
  what: keyof Omit<Rest, 'open' | 'atSeconds'>;
  first: number;
  last: number;
  /** What the last may be above the first. */
  most: number;
}

/** Of the first round and the last: not one more. */
const COUNTED = ['descriptors', 'threads', 'timers'] as const;
/**
 * Medians of the first half of the rounds and of the second. The heap may be that much larger: the ends of sessions and the
 * events that can still be read are kept up to a bound (docs/limits.md). Of the process itself the C library gives back
 * what it can, which is a matter of what lies in between.
 */
const MEASURED = { heapMb: 6, externalMb: 2, memoryMb: 48 } as const;

/** @throws Error with fewer than two rests: one says nothing about growth */
export function growthOf(rests: readonly Rest[]): Growth[] {
  const [first] = rests;
  const last = rests.at(-1);
  if (first === undefined || last === undefined || first === last)
    throw new Error('a run has two rounds at least');
  const counted = COUNTED.map((what) => ({ what, first: first[what], last: last[what], most: 0 }));
  const half = Math.floor(rests.length / 2);
  const measured = (Object.keys(MEASURED) as (keyof typeof MEASURED)[]).map((what) => ({
    what,
    first: median(rests.slice(0, half).map((rest) => rest[what])),
    last: median(rests.slice(-half).map((rest) => rest[what])),
    most: MEASURED[what],
  }));
  return [...counted, ...measured];
}

export function hasGrown({ first, last, most }: Growth): boolean {
  return last - first > most;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? 0)
    : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}
