/** Where to cut output so that all lines of the first part fit on a screen and what is kept above it. */

/** LF, VT and FF each begin a line. */
const LINE_ENDS = [0x0a, 0x0b, 0x0c];

/** @returns how many bytes, at least one if there are any */
export function prefixOfLines(bytes: Uint8Array, { lines, cols }: { lines: number; cols: number }): number {
  // Most pieces are far below the bound, whatever is in them.
  if (bytes.length <= lines) return bytes.length;
  let begun = 0;
  let inRow = 0;
  for (let index = 0; index < bytes.length; index++) {
    inRow += 1;
    if (LINE_ENDS.includes(bytes[index] as number) || inRow === cols) {
      begun += 1;
      inRow = 0;
    }
    if (begun >= lines) return index + 1;
  }
  return bytes.length;
}
