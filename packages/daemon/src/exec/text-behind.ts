/** Whether what stands behind the cursor was typed, or is a prompt at the right edge. */
import type { Session } from '../session/session.ts';

/** To the right of the cursor stands more than a right prompt, which ends at the edge. */
export function isTextBehind({ screen }: Session): boolean {
  const text = screen.lineFromCursor;
  if (text === '') return false;
  const isAtEdge = screen.cursor.col + text.length >= screen.size.cols - 2;
  return !(isAtEdge && /^\s/.test(text));
}
