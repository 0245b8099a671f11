/** Waits: for one session, or a race of many; for silence, or for anything that can be waited for. */
import type { Params, Result } from '@pilotty/protocol';
import { methods, withAnyCursor } from '@pilotty/protocol/schemas';
import * as z from 'zod';
import { throwIfTimedOut } from './deadline.ts';
import { type Context, type Route, route } from './route.ts';

const { shape: idle } = methods['sessions.idle'].params;
const { shape: answer } = methods['sessions.idle'].result;
const session = z.string().min(1);

const silence = {
  timeout_ms: idle.idle_ms,
  max_wait_ms: idle.timeout_ms,
  last_generation: idle.last_generation.describe(
    'of an earlier answer: idle time that it reported does not count',
  ),
  fresh: idle.fresh,
  format: z
    .enum(['plain', 'styled'])
    .default('plain')
    .describe('styled: the screen also has its lines with their styles'),
};

/** A deadline is answered as an error, so an answer has them all. */
const result = z.object({
  ...answer,
  outcome: z.enum(['idle', 'exited']),
  session: answer.session.unwrap(),
  generation: answer.generation.unwrap(),
  screen: answer.screen.unwrap(),
  scrollback_lines: z.int().optional().describe('rows retained above its screen'),
  idle_ms: answer.idle_ms.unwrap(),
});

/** Clients of the original read it beside the screen. */
function withScrollback(idle: Result<'sessions.idle'>) {
  return { ...idle, ...(idle.screen && { scrollback_lines: idle.screen.scrollback_lines ?? 0 }) };
}

type Silence = z.output<z.ZodObject<typeof silence>>;
type Which = Omit<Params<'sessions.idle'>, keyof Silence | 'idle_ms' | 'styles'>;

/** One request, of one session or of many: the daemon decides. */
async function nextIdle(
  { timeout_ms: idle_ms, max_wait_ms: timeout_ms, format, ...more }: Silence & Which,
  { daemon }: Context,
) {
  const styles = format === 'styled';
  const idle = await daemon.request('sessions.idle', { ...more, idle_ms, timeout_ms, styles });
  return throwIfTimedOut(withScrollback(idle), idle.outcome);
}

export const waitingRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/sessions/:session/idle',
    id: 'waitUntilIdle',
    tag: 'waiting',
    effect: 'reads',
    summary: 'Wait until a session is idle, and return its screen',
    params: z.strictObject({ session, ...silence }),
    result,
    run: ({ session, ...given }, context) => nextIdle({ ...given, sessions: [session] }, context),
  }),
  route({
    method: 'POST',
    path: '/sessions/:session/wait',
    id: 'waitForSession',
    tag: 'waiting',
    effect: 'reads',
    summary: 'Wait for any conditions of one session',
    params: methods['session.wait'].params,
    result: methods['session.wait'].result,
    async run(given, { daemon }) {
      const answer = await daemon.request('session.wait', given);
      return throwIfTimedOut(answer, answer.outcome);
    },
  }),
  route({
    method: 'GET',
    path: '/idle',
    id: 'waitForNextIdle',
    tag: 'waiting',
    effect: 'reads',
    summary: 'Wait for the next running session that is idle, of all or with a tag, and return its screen',
    params: z.strictObject({
      tag: idle.tags,
      ...silence,
      last_session: idle.last_session,
      after: idle.after,
    }),
    result,
    run: ({ tag: tags, ...given }, context) => nextIdle({ ...given, tags }, context),
  }),
  route({
    method: 'POST',
    path: '/wait',
    id: 'waitForSessions',
    tag: 'waiting',
    effect: 'reads',
    summary:
      'Wait for any or all of many sessions: those that run, and without a cursor of ended ones only what `text`, `regex` and `exit` find',
    params: withAnyCursor(methods['sessions.wait'].params),
    result: methods['sessions.wait'].result,
    async run(given, { daemon }) {
      const answer = await daemon.request('sessions.wait', given as Params<'sessions.wait'>);
      return throwIfTimedOut(answer, answer.outcome);
    },
  }),
];
