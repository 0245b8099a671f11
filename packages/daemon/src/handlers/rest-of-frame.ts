/**
 * What a wait for something on the screen matched may be the first line of what is being drawn. So a screen that is
 * told after it is given the time of a frame, where the program is still at it.
 */
import type { Result } from '@pilotty/protocol';
import { type Call, Deadline } from '../call.ts';
import type { Session } from '../session/session.ts';
import { frameEnds } from '../waiting/conditions.ts';
import { waitUntil } from '../waiting/wait.ts';

type Waited = Result<'session.wait'>;

const ON_SCREEN = new Set<Waited['held'][number]>([
  ...(['text', 'regex', 'gone', 'gone_regex', 'change', 'cursor'] as const),
]);
/** What draws on and on is told as it is then. */
const WITHIN_MS = 50;

/** @param timeoutMs of the wait, which this does not exceed */
export async function restOfFrame(
  session: Session,
  { outcome, held, duration_ms }: Waited,
  timeoutMs: number,
  call: Call,
): Promise<void> {
  if (outcome !== 'matched' || !held.some((name) => ON_SCREEN.has(name))) return;
  const deadline = new Deadline(call, Math.max(0, Math.min(WITHIN_MS, timeoutMs - duration_ms)));
  try {
    await waitUntil(session, frameEnds(session), deadline);
  } finally {
    deadline.close();
  }
}
