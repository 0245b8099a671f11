/**
 * Which of many sessions falls silent first, one answer after another: the loop of a client that passes the session
 * and the generation of the last answer back.
 *
 * A generation is the moment of a session's last activity, so those of all sessions lie in one order, the one in which
 * they fall silent. An answer is the earliest that is ready and later than the last one: none is returned twice for the
 * same silence, and however many are idle, each has its turn.
 */
import type { ParsedParams, Result } from '@pilotty/protocol';
import { type Call, Deadline } from '../call.ts';
import { requireGivenOut } from '../cursor.ts';
import { msAfter, msSince, nextMoment } from '../moment.ts';
import { isPattern } from '../session/selection.ts';
import type { Session } from '../session/session.ts';
import type { SessionStore } from '../session/session-store.ts';
import { NO_CONDITION } from './condition.ts';
import { Fleet } from './many.ts';

type Params = ParsedParams<'sessions.idle'>;
type Ready = Result<'sessions.wait'>['ready'][number];

export interface Race {
  outcome: 'idle' | 'exited' | 'deadline';
  /** Undefined where the deadline of a race of several has passed. */
  session: Session | undefined;
  generation: number | undefined;
  ready: Ready[];
  event_cursor: number;
  duration_ms: number;
  waiting: Result<'sessions.wait'>['waiting'];
}

/** The generation each session was last returned with, for a client that gives back its name alone. */
export const lastTold = new WeakMap<Session, number>();

/** @throws RequestError SESSION_NOT_FOUND for a name that no session has, INVALID_INPUT for a cursor of the future */
export async function raceToIdle(store: SessionStore, params: Params, call: Call): Promise<Race> {
  const { idle_ms, fresh, after } = params;
  requireGivenOut(after);
  requireGivenOut(params.last_generation);
  requireGivenOut(params.asked_at);
  const only = onlySession(store, params);
  // A client that names one session asks for it, however it has ended.
  if (only?.isExited) return nothing('exited', only, idle_ms);
  const told = reportedUpTo(store, params);
  const waitedMs = params.asked_at === undefined ? 0 : msSince(params.asked_at);
  const deadline = new Deadline(call, params.timeout_ms);
  const fleet = new Fleet(store, conditionsOf(only ? { ...params, sessions: [only.id] } : params), {
    ...(fresh && { idleFrom: params.asked_at ?? nextMoment() }),
    ...(told !== undefined && { reportedUpTo: told }),
  });
  try {
    await fleet.gather();
    const isReady = await fleet.untilReady(deadline);
    const { ready, event_cursor, waiting } = fleet.answer(isReady, Math.round(waitedMs + params.timeout_ms));
    const duration_ms = Math.round(waitedMs + deadline.elapsedMs);
    const known = ready
      .map((one) => ({ one, session: store.find(one.session_id) }))
      .filter((entry): entry is { one: Ready; session: Session } => entry.session !== undefined)
      .map((entry) => ({ ...entry, generation: generationOf(entry.session, idle_ms) }))
      .sort((a, b) => a.generation - b.generation);
    const [first] = known;
    if (first === undefined)
      return { ...nothing('deadline', only, idle_ms), event_cursor, waiting, duration_ms };
    const { session, generation } = first;
    lastTold.set(session, generation);
    const outcome = first.one.holds ? 'idle' : 'exited';
    return {
      outcome,
      session,
      generation,
      ready: known.map(({ one }) => one),
      event_cursor,
      waiting,
      duration_ms,
    };
  } finally {
    fleet.close();
    deadline.close();
  }
}

function nothing(outcome: Race['outcome'], session: Session | undefined, idleMs: number): Race {
  return {
    outcome,
    session,
    generation: session && generationOf(session, idleMs),
    ready: [],
    event_cursor: nextMoment(),
    waiting: [],
    duration_ms: 0,
  };
}

/** Of an end: as if its session had fallen silent so long before, so that it has its turn among the silent ones. */
function generationOf({ times }: Session, idleMs: number): number {
  return times.ended === undefined ? times.generation(idleMs) : msAfter(times.ended, -idleMs);
}

function onlySession(store: SessionStore, { sessions, tags }: Params): Session | undefined {
  const [name, ...others] = sessions ?? [];
  if (name === undefined || others.length > 0 || tags !== undefined || isPattern(name)) return undefined;
  return store.get(name);
}

/** The generation that was returned last, as far as the client says so. */
export function reportedUpTo(
  store: SessionStore,
  {
    idle_ms,
    last_generation,
    last_session: name,
  }: Pick<Params, 'idle_ms' | 'last_generation' | 'last_session'>,
): number | undefined {
  if (last_generation !== undefined) return last_generation;
  const session = name === undefined ? undefined : store.find(name);
  return session && (lastTold.get(session) ?? session.times.generation(idle_ms));
}

function conditionsOf({
  sessions,
  tags,
  scope,
  idle_ms,
  timeout_ms,
  after,
  asked_at,
}: Params): ParsedParams<'sessions.wait'> {
  return {
    ...NO_CONDITION,
    any: false,
    all: false,
    sessions,
    tags,
    scope,
    idle_ms,
    timeout_ms,
    after,
    asked_at,
  };
}
