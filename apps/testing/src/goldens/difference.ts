/** Two texts line by line, for the message of a failure. */

const AROUND = 1;

/** Lines that differ, `-` as expected and `+` as found, with the lines around them. */
export function difference(expected: string, found: string): string[] {
  const [before, after] = [expected.split('\n'), found.split('\n')];
  const length = Math.max(before.length, after.length);
  const differs = Array.from({ length }, (_, row) => before[row] !== after[row]);
  const isNear = (row: number) => differs.slice(Math.max(0, row - AROUND), row + AROUND + 1).includes(true);
  const lines: string[] = [];
  for (let row = 0; row < length; row++) {
    if (!isNear(row)) continue;
    if (row > 0 && !isNear(row - 1) && lines.length > 0) lines.push('  …');
    if (!differs[row]) lines.push(`  ${before[row]}`);
    else {
      if (before[row] !== undefined) lines.push(`- ${before[row]}`);
      if (after[row] !== undefined) lines.push(`+ ${after[row]}`);
    }
  }
  return lines;
}
