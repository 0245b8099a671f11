/**
 * Act, wait, look, in one request: what every acting method does around its own input.
 *
 * Acts on one session happen in turn. What must hold for the act is looked at when its turn has come, on a
 * screen that includes all output that had arrived, and nothing is drawn or sent between the look and the
 * first byte. The wait begins when the turn has ended, counted from the act: others may act meanwhile.
 */
import { type ParsedParams, RequestError, type Result } from '@pilotty/protocol';
import { type Call, Deadline } from '../call.ts';
import type { Session } from '../session/session.ts';
import { type Anchor, drawnUpTo, firstFrame, placeOfText, settles } from '../waiting/conditions.ts';
import { waitUntil } from '../waiting/wait.ts';
import { waitOn } from '../waiting/wait-on.ts';
import { describeScreen } from './describe-screen.ts';
import type { Services } from './services.ts';

/** What an acting method takes besides its own parameters. */
export type Around = Pick<ParsedParams<'session.key'>, 'session' | 'only_if' | 'wait' | 'snapshot'>;
/** What it answers besides its own result. */
export type Acted = Pick<Result<'session.key'>, 'wait' | 'screen'>;

/**
 * @param timeoutMs for the act; what is waited for afterwards has a deadline of its own
 * @param act must send its first byte before it first waits for anything
 * @param prepare looks, or waits for, what is not on the screen; before what must hold is looked at
 * @throws RequestError SESSION_EXITED, CONDITION_FAILED, and what the act throws
 */
export async function acting<T extends object>(
  services: Services,
  around: Around,
  timeoutMs: number,
  call: Call,
  act: (session: Session, deadline: Deadline) => T | Promise<T>,
  prepare?: (session: Session, deadline: Deadline) => Promise<void>,
): Promise<T & Acted> {
  const session = services.sessions.getRunning(around.session);
  const deadline = new Deadline(call, timeoutMs);
  try {
    const { result, anchor } = await session.inTurn(async () => {
      session.requireRunning();
      await prepare?.(session, deadline);
      if (around.only_if) {
        await waitUntil(session, drawnUpTo(session), deadline);
        session.requireRunning();
        requireStill(session, around.only_if);
      }
      const before = around.wait?.change === true ? { hash: session.contentHash } : {};
      const done = await act(session, deadline);
      return { result: done, anchor: { act: session.acts.last, ...before } };
    });
    return { ...result, ...(await afterwards(services, session, around, call, anchor)) };
  } finally {
    deadline.close();
  }
}

/** Waits and looks, as far as that was asked for. */
export async function afterwards(
  services: Services,
  session: Session,
  { wait, snapshot }: Pick<Around, 'wait' | 'snapshot'>,
  call: Call,
  anchor: Anchor,
): Promise<Acted> {
  const waited = wait && (await waitOn(session, wait, call, anchor));
  return {
    ...(waited && { wait: waited }),
    ...(snapshot && { screen: await look(services, session, snapshot, call, anchor, waited) }),
  };
}

/** A program draws its answer in several writes, this close together. */
const FRAME_QUIET_MS = 50;
/** A screen that never is still is looked at as it is. */
const FRAME_WITHIN_MS = 1000;

/** After a wait the screen is told as it ended; without one, once the program has answered the act. */
async function look(
  services: Services,
  session: Session,
  params: NonNullable<Around['snapshot']>,
  call: Call,
  anchor: Anchor,
  waited: Acted['wait'],
): Promise<NonNullable<Acted['screen']>> {
  const outcome = waited?.outcome ?? (await frameAfter(session, call, anchor));
  return { ...(await describeScreen(session, params, services.drawer)), outcome };
}

async function frameAfter(
  session: Session,
  call: Call,
  anchor: Anchor,
): Promise<NonNullable<Acted['screen']>['outcome']> {
  const deadline = new Deadline(call, FRAME_WITHIN_MS);
  try {
    if (session.isYoungAndBlank) await waitUntil(session, firstFrame(session), deadline);
    const frame = settles(session, FRAME_QUIET_MS, anchor);
    const isStill = await waitUntil(session, frame.ask, deadline);
    if (session.isExited) return 'exited';
    return isStill ? 'settled' : 'immediate';
  } finally {
    deadline.close();
  }
}

function requireStill(session: Session, { text, gone, revision }: NonNullable<Around['only_if']>): void {
  const missing = [text ?? []].flat().find((wanted) => !placeOfText(session, wanted));
  const unwanted = [gone ?? []].flat().find((wanted) => placeOfText(session, wanted));
  const problem =
    missing !== undefined
      ? `does not show ${JSON.stringify(missing)}`
      : unwanted !== undefined
        ? `shows ${JSON.stringify(unwanted)}`
        : revision !== undefined && session.revision !== revision && session.contentHash !== revision
          ? `has changed: its revision is ${session.revision}, not ${revision}`
          : undefined;
  if (problem === undefined) return;
  throw new RequestError(
    'CONDITION_FAILED',
    `The screen of session '${session.name}' ${problem}; nothing was sent`,
    {
      suggestion: `Look with 'pilotty snapshot -s ${session.name}', and decide anew.`,
      details: {
        screen: session.screen.text(),
        revision: session.revision,
        content_hash: session.contentHash,
        seq: session.drawnSeq,
      },
    },
  );
}
