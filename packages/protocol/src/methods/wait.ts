/** Waiting: for one session, or for many as one. */
import * as z from 'zod';
import { match, waitParams, waitResult } from '../conditions.ts';
import { method } from '../method.ts';
import { exit, target, which } from '../values.ts';

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
      ready: z
        .array(
          z.object({
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
          }),
        )
        .describe('every session that is ready, in the order they became so'),
      waiting: z
        .array(
          z.object({
            session_id: z.string(),
            session: z.string(),
            idle_ms: z.int(),
            last_line: z.string().describe('of its screen'),
          }),
        )
        .describe('live sessions that are not ready, at most a hundred'),
      remaining: z.int().describe('how many live sessions are not ready'),
      cursor: z.int().describe('pass it as `after`; an integer of microseconds, below 2^53'),
      elapsed_ms: z.int(),
      note: z.string().optional().describe('at the deadline: why, and what to try'),
    }),
  }),
};
