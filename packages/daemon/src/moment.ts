/**
 * When something happened, as a number that orders everything one daemon has seen.
 *
 * Integer microseconds since 1970 by this host's clock as it stood when the daemon started, and
 * strictly increasing: no two things share a moment, and a moment of an earlier daemon lies before all
 * of a later one. Below 2^53 until the year 2255, so JSON carries it.
 */
const startedAt = Date.now() * 1000 - Math.round(performance.now() * 1000);

let last = 0;

/** A moment after all that were given before. */
export function nextMoment(): number {
  last = Math.max(last + 1, startedAt + Math.round(performance.now() * 1000));
  return last;
}

/** How long ago a moment was, in milliseconds. */
export function msSince(moment: number): number {
  return startedAt / 1000 + performance.now() - moment / 1000;
}

/** The moment so many milliseconds after another. */
export function msAfter(moment: number, ms: number): number {
  return moment + Math.ceil(ms * 1000);
}
