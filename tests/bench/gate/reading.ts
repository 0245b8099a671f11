/** What the gate compares with its baseline: one number, the smaller the better. */

export interface Reading {
  what: string;
  value: number;
  /** How many times the baseline is still taken for the same: a ratio of times varies with the machine's load. */
  tolerance: number;
}

/** Measures one or several of them in the same run. */
export interface Gauge {
  name: string;
  read(dist: string): Promise<Reading[]>;
}

const OF_TIMES = 1.5;
const OF_COUNTS = 1.2;

/** Of what was measured in pairs, one right after the other: the median of the pairs' own ratios. */
export function ratioOfPairs(
  what: string,
  own: readonly number[],
  other: readonly number[],
  of: (own: number, other: number) => number = (a, b) => a / b,
): Reading {
  const ratios = own.map((sample, index) => of(sample, other[index] ?? Number.NaN));
  return { what, value: median(ratios), tolerance: OF_TIMES };
}

export function ratio(what: string, own: number, other: number): Reading {
  return { what, value: own / other, tolerance: OF_TIMES };
}

export function count(what: string, value: number): Reading {
  return { what, value, tolerance: OF_COUNTS };
}

function median(samples: readonly number[]): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
