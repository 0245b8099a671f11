/** The candidate that takes the fewest edits to reach, if it is near enough to have been meant. */
export function findNearest(written: string, candidates: readonly string[]): string | undefined {
  const wanted = written.toLowerCase();
  // A third of the word: "Ctl" finds "Ctrl" and "Bakspce" finds "Backspace", but "hello" finds nothing.
  let least = Math.max(1, Math.floor(wanted.length / 3)) + 1;
  let nearest: string | undefined;
  for (const candidate of candidates) {
    if (candidate.length < 2) continue;
    const distance = editDistance(wanted, candidate.toLowerCase());
    if (distance < least) [least, nearest] = [distance, candidate];
  }
  return nearest;
}

/** Levenshtein's distance, with a swap of two neighbours counted once ("Entre", "Crtl"). */
function editDistance(from: string, to: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const isSame = from[row - 1] === to[column - 1];
      const isSwap = from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      current[column] = Math.min(
        (last[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + (isSame ? 0 : 1),
        isSwap ? (beforeLast[column - 2] ?? Number.POSITIVE_INFINITY) + 1 : Number.POSITIVE_INFINITY,
      );
    }
    [beforeLast, last] = [last, current];
  }
  return last[to.length] ?? 0;
}
