/** What we say to the person, on the last row of their terminal; and the row itself where they asked for one. */

/** @param row from 1 */
export function barAt(row: number, cols: number, text: string): string {
  const shown = [...text.replace(/[\p{Cc}\p{Cf}]/gu, ' ')].slice(0, cols).join('');
  // Where origin mode is on, rows are counted from the margin; what is saved brings it back.
  return `\x1b7\x1b[?6l\x1b[${row};1H\x1b[0;7m\x1b[K${shown}\x1b[0m\x1b8`;
}
