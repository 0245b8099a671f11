/** What follows an act: a wait, and then the screen, each where it was asked for. */
import type { ParsedParams, Result } from '@pilotty/protocol';
import { type Call, Deadline } from '../call.ts';
import type { Session } from '../session/session.ts';
import { affectedByScreen } from '../waiting/askers.ts';
import type { Anchor } from '../waiting/condition.ts';
import { firstFrame, settles } from '../waiting/conditions.ts';
import { waitUntil } from '../waiting/wait.ts';
import { waitOn } from '../waiting/wait-on.ts';
import { describeScreen } from './describe-screen.ts';
import { MatchOnFrame } from './match-on-frame.ts';
import { restOfFrame } from './rest-of-frame.ts';
import type { Services } from './services.ts';

type CaptureParams = Pick<ParsedParams<'session.key'>, 'wait' | 'snapshot'>;
export type Captured = Pick<Result<'session.key'>, 'wait' | 'screen'>;
type Screen = NonNullable<Captured['screen']>;

/** @param anchor the act: what came before it does not count */
export async function waitAndCapture(
  services: Services,
  session: Session,
  { wait, snapshot }: CaptureParams,
  call: Call,
  anchor: Anchor,
): Promise<Captured> {
  const match = new MatchOnFrame(session);
  const waited = wait && (await waitOn(services.waits, session, wait, call, anchor, match.found));
  if (!snapshot) return waited ? { wait: waited } : {};
  if (waited) await restOfFrame(session, waited, wait.timeout_ms, call);
  const screen = await capture(services, session, snapshot, call, { anchor, waited, look: match.look });
  return { ...(waited && { wait: match.beside(waited) }), screen };
}

/** A program draws its answer in several writes, this close together. */
const FRAME_QUIET_MS = 50;
/** A screen that never is still is looked at as it is. */
const FRAME_WITHIN_MS = 1000;

/** After a wait the screen is told as it ended; without one, once the program has answered the act. */
async function capture(
  services: Services,
  session: Session,
  params: NonNullable<CaptureParams['snapshot']>,
  call: Call,
  { anchor, waited, look }: { anchor: Anchor; waited: Captured['wait']; look: () => void },
): Promise<Screen> {
  const outcome = waited?.outcome ?? (await frameAfter(session, call, anchor));
  const { act } = anchor;
  return { ...(await describeScreen(session, params, services, call, { act, look })), outcome };
}

async function frameAfter(session: Session, call: Call, anchor: Anchor): Promise<Screen['outcome']> {
  const deadline = new Deadline(call, FRAME_WITHIN_MS);
  try {
    const affected = affectedByScreen(session);
    if (session.isStartingUp) await waitUntil(session, firstFrame(session), deadline, affected);
    const frame = settles(session, FRAME_QUIET_MS, anchor);
    const isStill = await waitUntil(session, frame.ask, deadline, affected);
    if (session.isExited) return 'exited';
    return isStill ? 'settled' : 'deadline';
  } finally {
    deadline.close();
  }
}
