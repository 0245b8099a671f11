/**
 * When something happened, as a number that orders everything one daemon has seen.
 *
 * Integer microseconds since 1970 by this host's clock as it stood when the daemon started, and
 * strictly increasing: no two things share a moment, and a moment of an earlier daemon lies before all
 * of a later one. Below 2^53 until the year 2255, so JSON carries it.
 */
let startedAt: number | undefined;

let last = 0;

/** Known with the first moment: what is loaded before a process starts is none of its time. */
function start(): number {
  startedAt ??= Date.now() * 1000 - Math.round(performance.now() * 1000);
  return startedAt;
}

/** A moment after all that were given before. */
export function nextMoment(): number {
  last = Math.max(last + 1, start() + Math.round(performance.now() * 1000));
  return last;
}

/** The clock of moments, for a process that goes on with it. */
export interface MomentClock {
  moment: number;
  /** When that was, by the clock that all processes of a host share. */
  monotonicMicroseconds: number;
}

export function momentClock(): MomentClock {
  return { moment: nextMoment(), monotonicMicroseconds: monotonicMicroseconds() };
}

/** Moments from now on come after those of the other process, and are as far from them as time has passed. */
export function goOnWithMoments({ moment, monotonicMicroseconds: then }: MomentClock): void {
  startedAt = moment + monotonicMicroseconds() - then - Math.round(performance.now() * 1000);
  last = Math.max(last, moment);
}

function monotonicMicroseconds(): number {
  return Number(process.hrtime.bigint() / 1000n);
}

/** How long ago a moment was, in milliseconds. */
export function msSince(moment: number): number {
  return start() / 1000 + performance.now() - moment / 1000;
}

/** The moment so many milliseconds after another. */
export function msAfter(moment: number, ms: number): number {
  return moment + Math.ceil(ms * 1000);
}
