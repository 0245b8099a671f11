/** Rows without what frames leave at their edges. */
const FRAME = /[│┃║┌┐└┘├┤╭╮╰╯─━═|]/gu;

/** Each cell stays in its place. */
export function withoutFrames(row: string): string {
  return row.replace(FRAME, ' ').trimEnd();
}

export function bare(row: string): string {
  return withoutFrames(row).replace(/\s+/g, ' ').trim();
}
