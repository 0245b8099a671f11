/** Waits: for one session, or a race of many; for silence, or for anything that can be waited for. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Result } from '@pilotty/protocol';
import { methods } from '@pilotty/protocol/schemas';
import * as z from 'zod';
import { unlessDeadline } from './deadline.ts';
import { type Asking, type Route, route } from './route.ts';

const { shape: one } = methods['session.wait'].params;
const { shape: many } = methods['sessions.wait'].params;
const session = z.string().min(1);
/** More than the scrollback of any session. */
const MOST_ROWS = 1_000_000;

const silence = {
  timeout_ms: one.timeout_ms.unwrap().describe('no output and no input for so long'),
  max_wait_ms: one.timeout_ms,
  last_generation: z.int().min(0).optional().describe('of an answer before: wait for new activity first'),
  fresh: z.boolean().default(false).describe('silence before the request does not count'),
};

export const waitingRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/sessions/:session/idle',
    summary: 'Wait until a session is idle, and look',
    takes: z.strictObject({ session, ...silence }),
    gives: z.object({
      type: z.literal('idle'),
      session: z.string(),
      outcome: z.enum(['idle', 'exited']),
      generation: z.int().describe('counts activity: output and input'),
      screen: methods['session.snapshot'].result,
      scrollback_lines: z.int(),
      idle_ms: z.int(),
    }),
    async run({ session, timeout_ms, max_wait_ms, last_generation, fresh }, { daemon }) {
      const deadline = new Deadline(max_wait_ms);
      if (fresh) await deadline.pause(timeout_ms, daemon.signal);
      // Taken first: what happens from here on is new activity.
      const { cursor } = await daemon.request('session.list', { sessions: [session], all: true });
      const { id, seq, state } = await daemon.request('session.status', { session });
      const silent = { idle_ms: timeout_ms, timeout_ms: deadline.leftMs };
      const isKnown = seq === last_generation && state === 'running';
      const outcome = isKnown
        ? outcomeOf(await daemon.request('sessions.wait', { ...silent, sessions: [id], after: cursor }))
        : (await daemon.request('session.wait', { ...silent, session: id })).outcome;
      const seen = await look(daemon, id);
      return unlessDeadline(
        { type: 'idle', outcome: seen.screen.exit ? 'exited' : outcome, ...seen },
        outcome,
      );
    },
  }),
  route({
    method: 'POST',
    path: '/sessions/:session/wait',
    summary: 'Wait for anything a session can be waited for',
    takes: methods['session.wait'].params,
    gives: methods['session.wait'].result,
    async run(given, { daemon }) {
      const answer = await daemon.request('session.wait', given);
      return unlessDeadline(answer, answer.outcome);
    },
  }),
  route({
    method: 'GET',
    path: '/idle',
    summary: 'Wait until any session is idle, or any with a tag, and look at it',
    takes: z.strictObject({
      tag: many.tags,
      ...silence,
      last_session: z.string().min(1).optional().describe('whose last_generation it is'),
      after: many.after,
    }),
    gives: z.object({
      type: z.literal('idle'),
      session: z.string(),
      outcome: z.enum(['idle', 'exited']),
      generation: z.int().describe("counts that session's activity"),
      screen: methods['session.snapshot'].result,
      scrollback_lines: z.int(),
      cursor: z.int().describe('pass it as `after`, and no session is told twice for the same silence'),
      ready: methods['sessions.wait'].result.shape.ready,
    }),
    async run(given, { daemon }) {
      const { tag, timeout_ms, max_wait_ms, last_session, last_generation, fresh, after } = given;
      const deadline = new Deadline(max_wait_ms);
      if (fresh) await deadline.pause(timeout_ms, daemon.signal);
      const wait = (since: number | undefined) =>
        daemon.request('sessions.wait', {
          tags: tag,
          idle_ms: timeout_ms,
          timeout_ms: deadline.leftMs,
          after: since,
        });
      const known = await knownIdle(daemon, last_session, last_generation);
      const first = await wait(after);
      const isOnlyKnown =
        first.ready.length > 0 && first.ready.every(({ session_id }) => session_id === known);
      const answer = isOnlyKnown ? await wait(first.cursor) : first;
      unlessDeadline(answer, answer.outcome);
      const ready = isOnlyKnown
        ? answer.ready
        : answer.ready.filter(({ session_id }) => session_id !== known);
      const [chosen] = ready as [Ready, ...Ready[]];
      return {
        type: 'idle',
        outcome: outcomeOf({ ready }),
        ...(await look(daemon, chosen.session_id)),
        cursor: answer.cursor,
        ready,
      };
    },
  }),
  route({
    method: 'POST',
    path: '/wait',
    summary: 'Wait for any or all of many sessions',
    takes: methods['sessions.wait'].params,
    gives: methods['sessions.wait'].result,
    async run(given, { daemon }) {
      const answer = await daemon.request('sessions.wait', given);
      return unlessDeadline(answer, answer.outcome);
    },
  }),
];

type Ready = Result<'sessions.wait'>['ready'][number];

function outcomeOf({ ready }: { ready: readonly Ready[] }): 'idle' | 'exited' | 'deadline' {
  const [first] = ready;
  if (first === undefined) return 'deadline';
  return first.holds ? 'idle' : 'exited';
}

async function look(daemon: Asking, session: string) {
  const screen = await daemon.request('session.snapshot', { session });
  const top = { first: -MOST_ROWS, last: -MOST_ROWS };
  const { first_row } = await daemon.request('session.snapshot', { session, rows: top, format: 'compact' });
  const { idle_ms } = await daemon.request('session.status', { session });
  return { session: screen.session, generation: screen.seq, screen, scrollback_lines: -first_row, idle_ms };
}

/** The id of the session that was told before, as long as nothing has happened to it. */
async function knownIdle(
  daemon: Asking,
  session: string | undefined,
  generation: number | undefined,
): Promise<string | undefined> {
  if (session === undefined || generation === undefined) return undefined;
  const { sessions } = await daemon.request('session.list', { all: true });
  const id = sessions.find(({ id, name }) => id === session || name === session)?.id;
  if (id === undefined) return undefined;
  const { seq } = await daemon.request('session.status', { session: id });
  return seq === generation ? id : undefined;
}

class Deadline {
  readonly #at: number;

  constructor(ms: number) {
    this.#at = performance.now() + ms;
  }

  get leftMs(): number {
    return Math.max(0, Math.round(this.#at - performance.now()));
  }

  async pause(ms: number, signal: AbortSignal): Promise<void> {
    await delay(Math.min(ms, this.leftMs), undefined, { signal });
  }
}
