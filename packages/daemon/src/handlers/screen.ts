import type { ParsedParams, Result } from '@pilotty/protocol';
import { atOnce, awaited, type Work } from '../at-once.ts';
import { type Call, Deadline } from '../call.ts';
import type { Session } from '../session/session.ts';
import { affectedByScreen } from '../waiting/askers.ts';
import { changed, firstFrame, parsedUpTo, settled } from '../waiting/conditions.ts';
import { waitUntil, waitUntilNow } from '../waiting/wait.ts';
import { waitOn } from '../waiting/wait-on.ts';
import { describeScreen } from './describe-screen.ts';
import type { Handlers } from './handler.ts';
import { MatchOnFrame } from './match-on-frame.ts';
import { pastScreen } from './past-screen.ts';
import { restOfFrame } from './rest-of-frame.ts';
import type { Services } from './services.ts';

type Outcome = Result<'session.snapshot'>['outcome'];
type SnapshotParams = ParsedParams<'session.snapshot'>;

export const screenHandlers: Handlers<'session.snapshot'> = {
  'session.snapshot': (services, params, call) => {
    const session = services.sessions.get(params.session);
    if (params.at !== undefined || params.at_offset !== undefined)
      return pastScreen(services, session, params, call);
    return atOnce(look(services, session, params, call));
  },
};

function* look(
  services: Services,
  session: Session,
  params: SnapshotParams,
  call: Call,
): Work<Result<'session.snapshot'>> {
  const deadline = new Deadline(call, params.timeout_ms);
  try {
    const match = new MatchOnFrame(session);
    const waited = params.wait && (yield* waitFirst(services, session, params.wait, call, match));
    const outcome = yield* awaitScreen(session, params, deadline, waited);
    const failure = waited?.note ?? (outcome === 'deadline' ? deadlineNote(session, params) : undefined);
    const screen = yield* awaited(describeScreen(session, params, services, call, match));
    if (waited === undefined && failure === undefined) return { ...screen, outcome };
    const notes = [failure, screen.note].filter((note) => note !== undefined);
    return {
      ...screen,
      outcome,
      ...(waited && { wait: match.beside(waited) }),
      ...(notes.length > 0 && { note: notes.join(' ') }),
    };
  } finally {
    deadline.close();
  }
}

function* waitFirst(
  { waits }: Services,
  session: Session,
  wait: NonNullable<SnapshotParams['wait']>,
  call: Call,
  match: MatchOnFrame,
): Work<Result<'session.wait'>> {
  const waited = yield* awaited(waitOn(waits, session, wait, call, {}, match.found));
  yield* awaited(restOfFrame(session, waited, wait.timeout_ms, call));
  return waited;
}

/** Of looks one after the other not each reads the terminal anew: a read that finds nothing takes a fifth of the look. */
const RECENT_MS = 5;

function* awaitScreen(
  session: Session,
  params: SnapshotParams,
  deadline: Deadline,
  waited: Result<'session.wait'> | undefined,
): Work<Outcome> {
  const awaitsMore = params.await_change !== undefined || params.settle_ms !== undefined;
  if (waited && !(waited.holds && awaitsMore)) return waited.outcome;
  // However short the deadline, what was printed before the question belongs to the answer.
  const isParsed = parsedUpTo(session, RECENT_MS);
  session.arrived.drawPiece();
  const arrived = yield* awaited(waitUntilNow(session, isParsed, deadline));
  if (session.isExited) return 'exited';
  const affected = affectedByScreen(session);
  if (isPlainLook(params) && session.isStartingUp) {
    const shown = yield* awaited(waitUntil(session, firstFrame(session), deadline, affected));
    if (session.isExited) return 'exited';
    return shown === 'drawn' ? 'settled' : 'immediate';
  }
  const failed = () => (session.isExited ? 'exited' : 'deadline');
  if (params.await_change !== undefined) {
    const isOther = changed(session, params.await_change);
    const seen = yield* awaited(waitUntil(session, isOther, deadline, affected));
    if (!seen) return failed();
  }
  if (params.settle_ms !== undefined && params.settle_ms > 0) {
    const isStill = settled(session, params.settle_ms);
    const still = yield* awaited(waitUntil(session, isStill, deadline, affected));
    return still ? 'settled' : failed();
  }
  if (params.await_change !== undefined) return 'changed';
  return arrived ? 'immediate' : failed();
}

/** Whether the screen is wanted as it is now, without waiting for the first frame of a program that just started. */
function isPlainLook({ await_change, settle_ms, timeout_ms }: SnapshotParams): boolean {
  return await_change === undefined && settle_ms === undefined && timeout_ms > 0;
}

function deadlineNote(session: Session, { await_change, settle_ms, timeout_ms }: SnapshotParams): string {
  const awaited =
    await_change !== undefined && (session.contentHash === await_change || session.revision === await_change)
      ? `to differ from ${await_change}`
      : `to be still for ${settle_ms ?? 0} ms`;
  const since = Math.round(session.times.stillMs);
  return `After ${timeout_ms} ms the screen had yet ${awaited}; it was last drawn on ${since} ms ago.`;
}
