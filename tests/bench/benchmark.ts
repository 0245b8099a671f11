import type { Row } from './summary.ts';

export interface Bench {
  /** Where the built programs are. */
  dist: string;
  /** As many runs and sessions as a claim needs, instead of as many as fit into a few seconds. */
  isFull: boolean;
  /** Another program with our command line, from $PILOTTY_BENCH_PEER. */
  peer: string | undefined;
}

export interface Benchmark {
  name: string;
  /** What is measured, and how, for the reader of the table. */
  title: string;
  run(bench: Bench): Promise<Row[]>;
}

type Measure = () => number | Promise<number>;

/** Calls each in turn, `rounds` times over, so that what disturbs one disturbs all; answers the samples of each. */
export async function interleave<Name extends string>(
  rounds: number,
  measured: Record<Name, Measure | undefined>,
): Promise<Record<Name, number[]>> {
  const samples = Object.fromEntries(Object.keys(measured).map((name) => [name, [] as number[]]));
  for (let round = -1; round < rounds; round++) {
    for (const [name, measure] of Object.entries<Measure | undefined>(measured)) {
      const sample = await measure?.();
      // The first round fills caches.
      if (round >= 0 && sample !== undefined) samples[name]?.push(sample);
    }
  }
  return samples as Record<string, number[]> as Record<Name, number[]>;
}

export async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
