/** The line that comes nearest to a text that was not found: for who mistyped it, or expected other words. */

/** Of the pairs of letters of the text; below, a line is merely another line. */
const LEAST_SHARED = 0.5;

export function nearestLine(lines: readonly string[], text: string): string | undefined {
  const wanted = pairs(text);
  if (wanted.size === 0) return undefined;
  let nearest: string | undefined;
  let most = LEAST_SHARED;
  for (const line of lines) {
    const found = pairs(line);
    const shared = [...wanted].filter((pair) => found.has(pair)).length / wanted.size;
    if (shared <= most) continue;
    most = shared;
    nearest = line;
  }
  return nearest;
}

function pairs(text: string): Set<string> {
  const letters = text.toLowerCase();
  return new Set(
    Array.from({ length: Math.max(0, letters.length - 1) }, (_, index) => letters.slice(index, index + 2)),
  );
}
