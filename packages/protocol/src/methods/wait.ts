/** Waiting: for one session, or for many as one. */
import * as z from 'zod';
import { match, waitParams, waitResult } from '../conditions.ts';
import { screenState } from '../look.ts';
import { method } from '../method.ts';
import { exit, milliseconds, target, timeoutMs, which } from '../values.ts';

const generation = z
  .int()
  .describe('the moment of its last activity; those of all sessions lie in one order');

const ready = z.object({
  session_id: z.string(),
  session: z.string(),
  outcome: z.enum(['matched', 'settled', 'idle', 'exited']),
  holds: z.boolean().describe('false: it ended without what was waited for'),
  forgotten: z
    .literal(true)
    .optional()
    .describe('its screen and output are no longer kept; only its end is known'),
  since: z.int().describe('the moment it became so, comparable with cursors'),
  revision: z.int(),
  match: match.optional(),
  exit: exit.optional(),
});

const waiting = z
  .array(
    z.object({
      session_id: z.string(),
      session: z.string(),
      idle_ms: z.int(),
      last_line: z.string().describe('that its screen shows'),
    }),
  )
  .describe('live sessions that are not ready, at most a hundred');

export const waitMethods = {
  'session.wait': method({
    title: 'Wait',
    description:
      'Answers as soon as the conditions hold together, searching the last screen before it calls an exit a failure. A deadline answers too, and says what there is instead.',
    readOnly: true,
    params: waitParams({ session: target }),
    result: waitResult,
  }),
  'sessions.wait': method({
    title: 'Wait for any or all of many sessions',
    description:
      'Answers once a session is ready: the conditions hold in it, or it ended without. Sessions that start or end meanwhile take part. Pass the cursor of the answer back as `after`, and only what happened since counts: a loop neither spins nor misses one.',
    readOnly: true,
    params: waitParams({
      ...which,
      all: z.boolean().default(false).describe('answer once every session is ready, not the first'),
      after: z.int().min(0).optional().describe('the cursor of an earlier answer'),
    }),
    result: z.object({
      type: z.literal('sessions_wait_result'),
      outcome: z.enum(['ready', 'deadline']),
      ready: z.array(ready).describe('every session that is ready, in the order they became so'),
      waiting,
      remaining: z.int().describe('how many live sessions are not ready'),
      cursor: z.int().describe('pass it as `after`; an integer of microseconds, below 2^53'),
      elapsed_ms: z.int(),
      note: z.string().optional().describe('at the deadline: why, and what to try'),
    }),
  }),
  'sessions.idle': method({
    title: 'Wait for the first of many sessions to be idle, and look at it',
    description:
      'Answers with the session that has been silent longest and was not told before, or has ended meanwhile, and its screen. Pass its name and generation back as `last_session` and `last_generation`: each session is told once for each silence, in turn, however many are silent. A session that had ended before is told only to whoever names it.',
    readOnly: true,
    params: z.strictObject({
      ...which,
      idle_ms: milliseconds.describe('no output and no input for so long'),
      timeout_ms: timeoutMs,
      fresh: z.boolean().default(false).describe('silence before the request does not count'),
      last_session: z.string().min(1).optional().describe('the session of the last answer'),
      last_generation: z.int().min(0).optional().describe('and its generation'),
      after: z.int().min(0).optional().describe('the cursor of an earlier answer'),
    }),
    result: z.object({
      type: z.literal('idle'),
      outcome: z.enum(['idle', 'exited', 'deadline']),
      session_id: z.string().optional(),
      session: z.string().optional().describe('absent at the deadline of a race'),
      generation: generation.optional(),
      screen: screenState.optional(),
      scrollback_lines: z.int().optional().describe('rows kept above its screen'),
      idle_ms: z.int().optional(),
      ready: z.array(ready).describe('every session that is ready, the one told first'),
      waiting,
      cursor: z.int().describe('pass it as `after`, and none of those that are ready is told again'),
    }),
  }),
};
