/**
 * The pause between Escape and what is sent next, whether both came in one request or not: a program that gets both in one
 * read takes them for Alt and that key, as readline does, or for the beginning of a sequence.
 */
import type { Session } from '../session/session.ts';

/** Programs wait so long for the rest of a sequence; vim's usual ttimeoutlen is 50. */
export const ESCAPE_GAP_MS = 60;

const pressedAt = new WeakMap<Session, number>();

/** To be called once Escape has been sent, as the byte that other sequences begin with. */
export function escapeSent(session: Session): void {
  pressedAt.set(session, performance.now());
}

/** How long what comes next has to wait; 0 where it has not. */
export function leftAfterEscapeMs(session: Session): number {
  const at = pressedAt.get(session);
  return at === undefined ? 0 : Math.max(0, at + ESCAPE_GAP_MS - performance.now());
}
