/** From samples to a row of the table. */

export interface Summary {
  value: number;
  min: number;
  max: number;
  n: number;
}

/** What a unit means for the table; times are taken in milliseconds. */
export type Unit = 'ms' | 's' | 'MB' | '/s' | 'lost' | 'failed' | '×' | '';

export interface Row extends Summary {
  what: string;
  unit: Unit;
  against: (Summary & { what: string }) | undefined;
  compared: { by: Comparison; value: number } | undefined;
  target: { text: string; isMet: boolean } | undefined;
  point: Point | undefined;
}

/** Of a curve that is drawn: what is measured, and where it is, such as the number of hosts. */
export interface Point {
  curve: string;
  at: number;
}

type Comparison = 'ratio' | 'difference';

export interface Measurement {
  what: string;
  unit: Unit;
  samples: readonly number[];
  /** 0.5, the median, unless a tail is meant. */
  quantile?: number;
  against?: { what: string; samples: readonly number[] } | undefined;
  by?: Comparison;
  /** Of the comparison where there is one, else of the value. */
  atMost?: number;
  atLeast?: number;
  point?: Point;
}

export function row(measurement: Measurement): Row {
  const { what, unit, quantile = 0.5, against, by = 'ratio' } = measurement;
  const measured = summarize(measurement.samples, quantile);
  const other = against && { what: against.what, ...summarize(against.samples, quantile) };
  const compared = other && {
    by,
    value: by === 'ratio' ? measured.value / other.value : measured.value - other.value,
  };
  return {
    what,
    unit,
    ...measured,
    against: other,
    compared,
    target: targetOf(measurement, compared, measured),
    point: measurement.point,
  };
}

function targetOf(
  { unit, atMost, atLeast }: Measurement,
  compared: Row['compared'],
  measured: Summary,
): Row['target'] {
  const limit = atMost ?? atLeast;
  if (limit === undefined) return undefined;
  const value = compared?.value ?? measured.value;
  const isMet = atMost === undefined ? value >= limit : value <= limit;
  const of = compared?.by === 'ratio' ? '×' : unit;
  const sign = compared?.by === 'difference' ? '+' : '';
  return { text: `${atMost === undefined ? '≥' : '≤'} ${sign}${limit} ${of}`, isMet };
}

function summarize(samples: readonly number[], quantile: number): Summary {
  const sorted = [...samples].sort((a, b) => a - b);
  const last = sorted.length - 1;
  return {
    value: at(sorted, quantile * last),
    min: at(sorted, 0),
    max: at(sorted, last),
    n: sorted.length,
  };
}

/** Between two samples, in proportion. */
function at(sorted: readonly number[], index: number): number {
  const low = sorted[Math.floor(index)] ?? Number.NaN;
  const high = sorted[Math.ceil(index)] ?? low;
  return low + (high - low) * (index - Math.floor(index));
}
