/** Many sessions as one: acted on together, read together, searched together. */
import * as z from 'zod';
import { method } from '../method.ts';
import { exit, milliseconds, requestError, timeoutMs, which } from '../values.ts';

const broadcast = [
  'session.type',
  'session.key',
  'session.send',
  'session.paste',
  'session.click',
  'session.scroll',
  'session.mouse',
  'session.choose',
  'session.signal',
  'session.resize',
  'session.tag',
  'session.snapshot',
  'session.status',
] as const;

const searchedSessions = {
  ...which,
  all: z.boolean().default(false).describe('also those that have ended and are still remembered'),
};

export const manyMethods = {
  'sessions.each': method({
    title: 'Ask each of many sessions',
    description:
      'The same request to every session that is meant, side by side. Each has its own result or error; one that fails hides none of the others. None at all is SESSION_NOT_FOUND.',
    readOnly: false,
    params: z
      .strictObject({
        ...which,
        all: z.boolean().default(false).describe('every live session'),
        method: z.enum(broadcast),
        params: z.record(z.string(), z.unknown()).default({}).describe('of that method, without `session`'),
      })
      .refine(({ sessions, tags, all }) => all !== (sessions !== undefined || tags !== undefined), {
        message: 'give sessions or tags, or all',
      })
      .refine(({ params }) => !Object.hasOwn(params, 'session'), {
        message: 'params.session is filled in for each session',
      }),
    result: z.object({
      type: z.literal('broadcast'),
      results: z
        .array(
          z.object({
            session_id: z.string().optional().describe('absent where no session has the name'),
            session: z.string(),
            ok: z.boolean(),
            result: z.looseObject({ type: z.string() }).optional().describe('as the method answers it'),
            error: requestError.optional(),
          }),
        )
        .describe('oldest session first, names that nobody has at the end'),
    }),
  }),
  'sessions.gather': method({
    title: 'Read the last lines, or the screens, of many sessions',
    description:
      'For each session its state and the last lines it printed, as far as they are kept with its screen; of a full-screen program the screen.',
    readOnly: true,
    params: z.strictObject({
      ...searchedSessions,
      lines: z.int().min(0).max(1000).default(10).describe('how many; of a whole screen all'),
      part: z
        .enum(['tail', 'head', 'screen'])
        .default('tail')
        .describe('the last lines, the first of the screen, or all of the screen'),
      after: z
        .int()
        .min(0)
        .optional()
        .describe('a cursor: only sessions with output or input since, or that have ended'),
    }),
    result: z.object({
      type: z.literal('gathered'),
      sessions: z.array(
        z.object({
          session_id: z.string(),
          session: z.string(),
          state: z.enum(['running', 'exited']),
          idle_ms: milliseconds.describe('since the last output or input'),
          tags: z.array(z.string()),
          lines: z.array(z.string()),
          exit: exit.optional(),
        }),
      ),
      cursor: z.int().describe('pass it as `after` to hear only of sessions with something new'),
    }),
  }),
  'sessions.grep': method({
    title: 'Search what many sessions have printed',
    description:
      'Searches the readable lines of the retained output, and the screens, of all live sessions or those that are meant; others are served in between. A line that is very long is searched in pieces that overlap.',
    readOnly: true,
    params: z.strictObject({
      ...searchedSessions,
      pattern: z.string().min(1).max(4096),
      regex: z.boolean().default(false).describe('the pattern is RE2 syntax; else text'),
      ignore_case: z.boolean().default(false),
      max: z.int().min(1).max(10_000).default(100).describe('matching lines of each session'),
      timeout_ms: timeoutMs,
    }),
    result: z.object({
      type: z.literal('grep_result'),
      matches: z.array(
        z.object({
          session_id: z.string(),
          session: z.string(),
          where: z.enum(['output', 'screen']).describe('above the screen, or on it'),
          line: z.string().describe('of a very long one the part around the match'),
          line_number: z.int().optional().describe('output: from 1, while nothing of it has been dropped'),
          row: z.int().optional().describe('screen: where the line begins'),
        }),
      ),
      searched: z.int().describe('sessions'),
      truncated: z.boolean().describe('there may be more: max or the deadline was reached'),
    }),
  }),
};
