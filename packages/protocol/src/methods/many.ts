/** Many sessions as one: acted on together, read together, searched together. */
import * as z from 'zod';
import { method } from '../method.ts';
import {
  eventCursor,
  exit,
  loss,
  milliseconds,
  placeFacts,
  reference,
  referenceOrName,
  requestError,
  scope,
  size,
  timeoutMs,
  which,
} from '../values.ts';
import { inherited } from './session.ts';

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
  'session.restart',
  'session.tag',
  'session.snapshot',
  'session.status',
] as const;

const searchedSessions = {
  ...which,
  all: z.boolean().default(false).describe('also ended sessions that are still retained'),
};

const lostSession = z.object({
  id: z.string(),
  name: z.string(),
  command: z.string(),
  argv: z.array(z.string()),
  cwd: z.string(),
  in: placeFacts.in,
  tags: z.array(z.string()),
  size,
  created_at: z.string(),
  lost_at: z.string().describe('when its daemon ended, or the next one found that it was killed'),
  because: z.enum(['killed', 'signalled']).describe('how its daemon ended'),
  pid: z.int(),
  still_runs: z.literal(true).optional().describe('its program has outlived its terminal'),
  output: z.string().optional().describe('if asked for: its last lines'),
});

export const manyMethods = {
  'sessions.each': method({
    title: 'Send one request to many sessions',
    description:
      'Sends the same request to every selected session, in parallel. Each has its own result or error. SESSION_NOT_FOUND if no session is selected.',
    readOnly: false,
    params: () =>
      z
        .strictObject({
          ...which,
          all: z.boolean().default(false).describe('every running session'),
          method: z.enum(broadcast),
          params: z
            .record(z.string(), z.unknown())
            .default({})
            .describe('parameters of that method, without `session`'),
        })
        .refine(({ sessions, tags, all }) => all !== (sessions !== undefined || tags !== undefined), {
          message: 'give sessions or tags, or all',
        })
        .refine(({ params }) => !Object.hasOwn(params, 'session'), {
          message: 'params must not have session: it is set for each session',
        }),
    result: () =>
      z.object({
        type: z.literal('broadcast'),
        results: z
          .array(
            z.object({
              ...referenceOrName,
              ok: z.boolean(),
              result: z.looseObject({ type: z.string() }).optional().describe('the result of the method'),
              error: requestError.optional(),
            }),
          )
          .describe('oldest session first; names without a session at the end'),
      }),
  }),
  'sessions.gather': method({
    title: 'Read the last lines, or the screens, of many sessions',
    description:
      'For each session its state and the last lines that it printed, as far as the scrollback has them; for a full-screen program the screen.',
    readOnly: true,
    params: () =>
      z.strictObject({
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
          .describe('an event_cursor: only sessions with output or input since then, or that have ended'),
      }),
    result: () =>
      z.object({
        type: z.literal('gathered'),
        results: z.array(
          z.object({
            ...reference,
            state: z.enum(['running', 'exited']),
            idle_ms: milliseconds.describe('since the last output or input'),
            tags: z.array(z.string()),
            lines: z.array(z.string()),
            exit: exit.optional(),
          }),
        ),
        event_cursor: eventCursor.describe('pass it as `after` to get only sessions with something new'),
      }),
  }),
  'sessions.grep': method({
    title: 'Search what many sessions have printed',
    description:
      'Searches the readable lines of the retained output, and the screens, of all running or the selected sessions; other requests are served meanwhile. Output that is no longer retained is counted in `not_searched`. A very long line is searched in overlapping pieces.',
    readOnly: true,
    params: () =>
      z.strictObject({
        ...searchedSessions,
        pattern: z.string().min(1).max(4096),
        regex: z.boolean().default(false).describe('the pattern is a regular expression (RE2); else text'),
        ignore_case: z.boolean().default(false),
        max: z.int().min(1).max(10_000).default(100).describe('matching lines of each session'),
        timeout_ms: timeoutMs,
      }),
    result: () =>
      z.object({
        type: z.literal('grep_result'),
        matches: z.array(
          z.object({
            ...reference,
            where: z.enum(['output', 'screen']).describe('above the screen, or on it'),
            line: z.string().describe('of a very long line, the part around the match'),
            line_number: z
              .int()
              .optional()
              .describe('output: counted from 1; absent once output was dropped'),
            row: z.int().optional().describe('screen: the row in which the line begins'),
          }),
        ),
        searched: z.int().describe('number of sessions'),
        truncated: loss.truncated.describe('max or the deadline was reached: there may be more matches'),
        not_searched: z
          .array(
            z.object({
              ...reference,
              truncated: z.literal(true),
              missed_bytes: z.int().describe('bytes of its output that are no longer retained'),
            }),
          )
          .optional()
          .describe('sessions of which only a part could be searched; absent if there is none'),
      }),
  }),
  'sessions.lost': method({
    title: 'List sessions of earlier daemons',
    description:
      'Sessions of daemons that were killed, or ended by a signal as at a reboot, which sessions.restore can start again. Those that `daemon.stop` ended are not among them.',
    readOnly: true,
    params: () =>
      z.strictObject({
        sessions: z.array(z.string()).min(1).optional().describe('only these names or ids'),
        scope,
        output: z.boolean().default(false).describe('with the last lines that each had printed'),
      }),
    result: () => z.object({ type: z.literal('lost_sessions'), sessions: z.array(lostSession) }),
  }),
  'sessions.restore': method({
    title: 'Start lost sessions again',
    description:
      'Starts sessions that sessions.lost lists, each in the directory it was started in, with its name, tags, size and arguments. The environment is that of the client: it was not kept. What they had printed is above in the scrollback. Each has its own result or error; one whose program still runs is refused.',
    readOnly: false,
    params: () =>
      z
        .strictObject({
          sessions: z.array(z.string()).min(1).optional().describe('names or ids'),
          scope,
          all: z.boolean().default(false),
          forget: z
            .boolean()
            .default(false)
            .describe('start nothing: remove what is kept of them on disk instead'),
          ...inherited,
        })
        .refine(({ sessions, all }) => all !== (sessions !== undefined), {
          message: 'give sessions, or all',
        }),
    result: () =>
      z.object({
        type: z.literal('sessions_restored'),
        results: z.array(
          z.object({
            ...referenceOrName,
            ok: z.boolean(),
            pid: z.int().optional().describe('if it was started'),
            error: requestError.optional(),
          }),
        ),
        message: z.string(),
      }),
  }),
};
