/** What is worse than its baseline allows, and still is when it is measured once more. */
import type { Gauge, Reading } from './reading.ts';

export type Baseline = Readonly<Record<string, number>>;

/** @param print gets a line for each reading */
export async function slowerTwice(
  gauges: readonly Gauge[],
  dist: string,
  baseline: Baseline,
  print: (line: string) => void,
): Promise<string[]> {
  const failed: string[] = [];
  for (const gauge of gauges) {
    let slower = slowerOf(await gauge.read(dist), baseline, print);
    if (slower.length > 0) {
      print(`  ${gauge.name}: once more`);
      const again = slowerOf(await gauge.read(dist), baseline, print);
      slower = slower.filter((what) => again.includes(what));
    }
    failed.push(...slower);
  }
  return failed;
}

function slowerOf(readings: readonly Reading[], baseline: Baseline, print: (line: string) => void): string[] {
  return readings.flatMap(({ what, value, tolerance }) => {
    const stored = baseline[what];
    const most = (stored ?? Number.NaN) * tolerance;
    const isFine = value <= most;
    const compared = stored === undefined ? 'no baseline' : `baseline ${stored}, at most ${rounded(most)}`;
    print(
      `  ${what.padEnd(64)} ${String(rounded(value)).padStart(6)}   ${compared}${isFine ? '' : '   SLOWER'}`,
    );
    return isFine ? [] : [what];
  });
}

export function rounded(value: number): number {
  return Number(value.toPrecision(3));
}
