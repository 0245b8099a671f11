/**
 * The gate: fails when the product has become slower, in proportion to what was measured beside it in the same
 * run, than the stored baseline allows. What fails is measured a second time before it counts.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../floods.ts';
import { counters } from './counters.ts';
import type { Gauge } from './reading.ts';
import { type Baseline, rounded, slowerTwice } from './slower.ts';
import { commandTimes, execTimes, firstCommandTime, floodTimes, requestTimes } from './times.ts';

const BASELINE = join(root, 'tests/bench/gate/baseline.json');

/** CPU times are read from /proc. */
const GAUGES: readonly Gauge[] = [
  counters,
  commandTimes,
  firstCommandTime,
  ...(process.platform === 'linux' ? [requestTimes, execTimes, floodTimes] : []),
];

/** @returns whether nothing has become slower */
export async function runGate(dist: string): Promise<boolean> {
  const baseline = JSON.parse(readFileSync(BASELINE, 'utf8')) as Baseline;
  const failed = await slowerTwice(GAUGES, dist, baseline, console.log);
  for (const what of failed) console.log(`slower than the baseline allows: ${what}`);
  return failed.length === 0;
}

/** What there is now becomes the baseline. */
export async function writeBaseline(dist: string): Promise<void> {
  const baseline: Record<string, number> = {};
  for (const gauge of GAUGES)
    for (const { what, value } of await gauge.read(dist)) baseline[what] = rounded(value);
  writeFileSync(BASELINE, `${JSON.stringify(baseline, null, 2)}\n`);
}
