/** Waiting: for one session, or for many as one. */
import * as z from 'zod';
import { askedAt, match, resumable, resumableWaitParams, waitResult } from '../conditions.ts';
import { screenState } from '../look.ts';
import { method } from '../method.ts';
import {
  durationMs,
  eventCursor,
  exit,
  milliseconds,
  outcome,
  reference,
  target,
  timeoutMs,
  which,
  workState,
} from '../values.ts';

const generation = z.int().describe('time of its last activity; comparable between sessions');

const ready = z.object({
  ...reference,
  outcome: outcome.extract(['matched', 'settled', 'idle', 'exited']),
  holds: z.boolean().describe('false: it ended before the condition was met'),
  evicted: z
    .literal(true)
    .optional()
    .describe('it was evicted: only its exit is known, not its screen and output'),
  event_cursor: eventCursor.describe('when it became ready'),
  revision: z.int(),
  match: match.optional(),
  line: z
    .string()
    .optional()
    .describe(
      'the row of the screen with the match; absent where it has scrolled away, or is a part of several',
    ),
  work_state: workState.optional().describe('if state was a condition'),
  exit: exit.optional(),
});

const waiting = z
  .array(
    z.object({
      ...reference,
      idle_ms: z.int(),
      last_line: z.string().describe('the last line on its screen'),
    }),
  )
  .describe('running sessions that are not ready, at most 100');

export const waitMethods = {
  'session.wait': method({
    title: 'Wait for conditions in one session',
    description:
      'Answers once all conditions are met at the same time. If the program ends, its last screen is searched first. At the deadline the answer says what is missing, and shows the screen.',
    readOnly: true,
    params: () => resumableWaitParams({ session: target }),
    result: () => waitResult,
  }),
  'sessions.wait': method({
    title: 'Wait for any or all of many sessions',
    description:
      'Answers once a session is ready: its conditions are met, or it ended before. Sessions that start or end meanwhile are included; of those that ended before, without `after`, only what `text`, `regex` and `exit` find, and those that are named. Pass the `event_cursor` of the answer as `after` to count only what happened since: a loop neither spins nor misses a session.',
    readOnly: true,
    params: () =>
      resumableWaitParams({
        ...which,
        all: z.boolean().default(false).describe('answer once every session is ready, instead of the first'),
        after: z.int().min(0).optional().describe('the event_cursor of an earlier answer'),
      }),
    result: () =>
      z.object({
        type: z.literal('sessions_wait_result'),
        outcome: outcome
          .extract(['matched', 'settled', 'idle', 'exited', 'deadline'])
          .describe(
            'that of the first ready session whose condition is met; exited: there is none, all of them ended before',
          ),
        ready: z
          .array(ready)
          .describe('every session that is ready, in the order in which they became ready'),
        waiting,
        remaining: z.int().describe('number of running sessions that are not ready'),
        event_cursor: eventCursor.describe('pass it as `after`; an integer of microseconds, below 2^53'),
        duration_ms: durationMs,
        ...resumable,
        note: z.string().optional().describe('at the deadline: why, and what to try'),
      }),
  }),
  'sessions.idle': method({
    title: 'Wait for the next idle session, and show its screen',
    description:
      'Answers with the session that has been idle longest and was not reported before, or that has ended meanwhile, and with its screen. Pass its name and generation back as `last_session` and `last_generation`: each session is then reported once per idle period, in turn. A session that had already ended is reported only if the request names it.',
    readOnly: true,
    params: () =>
      z.strictObject({
        ...which,
        idle_ms: milliseconds.describe('no output and no input for this long'),
        timeout_ms: timeoutMs,
        fresh: z.boolean().default(false).describe('idle time before the request does not count'),
        last_session: z.string().min(1).optional().describe('the session of the last answer'),
        last_generation: z.int().min(0).optional().describe('and its generation'),
        after: z.int().min(0).optional().describe('the event_cursor of an earlier answer'),
        styles: z.boolean().default(false).describe('add the lines of the screen with their styles'),
        asked_at: askedAt,
      }),
    result: () =>
      z.object({
        type: z.literal('idle'),
        outcome: outcome.extract(['idle', 'exited', 'deadline']),
        session_id: z.string().optional(),
        session: z
          .string()
          .optional()
          .describe('absent if the deadline of a wait on several sessions passed'),
        generation: generation.optional(),
        screen: screenState.optional(),
        idle_ms: z.int().optional(),
        ready: z.array(ready).describe('every session that is ready; the reported one first'),
        waiting,
        event_cursor: eventCursor.describe(
          'pass it as `after` so that none of the ready sessions is reported again',
        ),
        duration_ms: durationMs,
      }),
  }),
};
