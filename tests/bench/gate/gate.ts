/**
 * The gate: fails when the product has become slower, in proportion to what was measured beside it in the same
 * run, than the stored baseline allows. What fails is measured a second time before it counts.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../floods.ts';
import { counters } from './counters.ts';
import type { Gauge, Reading } from './reading.ts';
import { commandTimes, firstCommandTime, floodTimes, requestTimes } from './times.ts';

const BASELINE = join(root, 'tests/bench/gate/baseline.json');

/** CPU times are read from /proc. */
const GAUGES: readonly Gauge[] = [
  counters,
  commandTimes,
  firstCommandTime,
  ...(process.platform === 'linux' ? [requestTimes, floodTimes] : []),
];

type Baseline = Record<string, number>;

/** @returns whether nothing has become slower */
export async function runGate(dist: string): Promise<boolean> {
  const baseline = JSON.parse(readFileSync(BASELINE, 'utf8')) as Baseline;
  const failed: string[] = [];
  for (const gauge of GAUGES) {
    let slower = slowerOf(await gauge.read(dist), baseline);
    if (slower.length > 0) {
      console.log(`  ${gauge.name}: once more`);
      const again = slowerOf(await gauge.read(dist), baseline);
      slower = slower.filter((what) => again.includes(what));
    }
    failed.push(...slower);
  }
  for (const what of failed) console.log(`slower than the baseline allows: ${what}`);
  return failed.length === 0;
}

/** Prints each, and answers what of them is worse than it may be. */
function slowerOf(readings: readonly Reading[], baseline: Baseline): string[] {
  return readings.flatMap(({ what, value, tolerance }) => {
    const stored = baseline[what];
    const most = (stored ?? Number.NaN) * tolerance;
    const isFine = value <= most;
    const compared = stored === undefined ? 'no baseline' : `baseline ${stored}, at most ${rounded(most)}`;
    console.log(
      `  ${what.padEnd(64)} ${String(rounded(value)).padStart(6)}   ${compared}${isFine ? '' : '   SLOWER'}`,
    );
    return isFine ? [] : [what];
  });
}

/** What there is now becomes the baseline. */
export async function writeBaseline(dist: string): Promise<void> {
  const baseline: Baseline = {};
  for (const gauge of GAUGES)
    for (const { what, value } of await gauge.read(dist)) baseline[what] = rounded(value);
  writeFileSync(BASELINE, `${JSON.stringify(baseline, null, 2)}\n`);
}

function rounded(value: number): number {
  return Number(value.toPrecision(3));
}
