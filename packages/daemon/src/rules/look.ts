/** The screen of a session as it is, for all rules that watch it: the same until it is drawn on. */
import { PastLines } from '@pilotty/terminal';
import type { Session } from '../session/session.ts';

const looks = new WeakMap<Session, { at: string; look: PastLines }>();

export function lookAt(session: Session): PastLines {
  const { screen, times } = session;
  const { cursor, size, topLine } = screen;
  // What a piece of output announces is told before the piece counts as drawn, and the cursor has moved by then.
  const at = [times.drawn, topLine, cursor.row, cursor.col, size.cols, size.rows].join();
  const known = looks.get(session);
  if (known?.at === at) return known.look;
  const look = new PastLines(screen);
  looks.set(session, { at, look });
  return look;
}
