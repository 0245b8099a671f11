/** Standing rules: what the daemon does by itself when something happens in a session. */
import * as z from 'zod';
import { hasStandingCondition, onlyIf, STANDING_CONDITION_MISSING, standing } from '../conditions.ts';
import { method } from '../method.ts';
import { durationMs, eventCursor, milliseconds, outcome, scope, timeoutMs, which } from '../values.ts';
import { part } from './input.ts';
import { followedEvent } from './watch.ts';

/** A command that takes longer is a session's work. */
const MAX_COMMAND_MS = 3_600_000;
const MAX_URL = 2048;

const ruleId = z
  .string()
  .regex(/^r[1-9]\d{0,14}$/, "a rule's id is r and a number, such as r1")
  .describe("a rule's id");

const ruleScope = scope.describe(
  "only rules that were made in this scope; * for all (default: the client's)",
);

const actionResult = () =>
  z.object({
    action: z.enum(['run', 'input', 'post', 'notify']),
    ok: z.boolean(),
    reason: z.string().optional().describe('why it failed'),
    output: z.string().optional().describe('run: the end of what the command printed'),
    duration_ms: durationMs,
  });

const rule = {
  rule: ruleId,
  made_by: z.string().describe('label of the client'),
  created_at: z.string().describe('RFC 3339, UTC'),
  state: z.enum(['armed', 'done']).describe('done: it fires no more'),
  note: z.string().optional().describe('why it is done, or what may surprise'),
  scope: z.string().optional().describe('the scope it was made in; absent if in none'),
  session_names: z.array(z.string()).optional().describe('names, ids and patterns, as they were given'),
  tags: z.array(z.string()).optional(),
  conditions: z.record(z.string(), z.unknown()).describe('as they were given'),
  all: z.boolean(),
  repeat: z.enum(['once', 'each']),
  every_ms: z.int().optional(),
  ended: z.boolean(),
  run: z.object({ argv: z.array(z.string()), timeout_ms: z.int() }).optional(),
  sends: z.record(z.string(), z.unknown()).optional().describe('the input, as it was given'),
  post: z
    .object({ to: z.string(), signed: z.boolean() })
    .optional()
    .describe('only the origin of its URL: the rest may be a secret'),
  notify: z.literal(true).optional(),
  kept: z.boolean().describe('on disk, so that it survives the daemon'),
  watching: z.int().describe('running sessions that it watches now'),
  firings: z.int().describe('how often it has fired'),
  failures: z.int().describe('actions that failed'),
  suppressed: z
    .int()
    .describe('how often it did not fire: because of every_ms, of too many firings, or of a loop of rules'),
  last_fired_at: z.string().optional(),
  last_error: z.string().optional(),
  last_output: z.string().optional().describe('the end of what its last command printed'),
  pending_posts: z.int().describe('requests that are being sent, or will be tried again'),
};

export const ruleMethods = {
  'rules.add': method({
    title: 'Make a rule',
    description:
      'A rule stays in the daemon, and fires when one of its conditions is met in one of its sessions, or when such a session ends without. Sessions that start later are included. What holds already counts for a rule that fires once, else only what comes after. It emits a `rule` event, and does what `run`, `input`, `post` and `notify` say. It survives an upgrade and a restart of the daemon.',
    readOnly: false,
    params: () =>
      z
        .strictObject({
          ...which,
          ...standing,
          all: z
            .boolean()
            .default(false)
            .describe('all conditions must be met at the same time (default: one is enough)'),
          repeat: z
            .enum(['once', 'each'])
            .default('once')
            .describe('once, in whichever session; or each time, where matches that come together are one'),
          every_ms: milliseconds.min(1).optional().describe('each time, but at most once in this long'),
          ended: z
            .boolean()
            .default(true)
            .describe('fire also when a session ends in which the rule has not fired'),
          run: z
            .strictObject({
              argv: z.array(z.string()).min(1).max(1024),
              timeout_ms: milliseconds
                .min(1)
                .max(MAX_COMMAND_MS)
                .default(60_000)
                .describe('then its processes are killed'),
            })
            .optional()
            .describe(
              'a command, without a terminal: it gets PILOTTY_RULE, PILOTTY_FIRED, PILOTTY_MET, PILOTTY_MATCH, PILOTTY_LINE, PILOTTY_SCREEN, PILOTTY_EXIT_CODE, PILOTTY_SESSION and PILOTTY_SESSION_ID in its environment',
            ),
          input: z
            .strictObject({
              session: z.string().min(1).optional().describe('default: the one in which the rule fires'),
              parts: z.array(part).min(1).max(64).describe('as session.send takes them'),
              only_if: onlyIf,
            })
            .optional(),
          post: z
            .strictObject({
              url: z.url({ protocol: /^https?$/, error: 'must be a URL of http or https' }).max(MAX_URL),
              secret: z.string().min(1).max(4096).optional().describe('signs the request: HMAC with SHA-256'),
              secret_file: z.string().startsWith('/').optional().describe('a private file that has it'),
            })
            .refine(({ secret, secret_file }) => secret === undefined || secret_file === undefined, {
              message: 'give secret or secret_file, not both',
            })
            .optional()
            .describe('sends JSON; tried again for some minutes where it fails'),
          notify: z
            .boolean()
            .default(false)
            .describe('shows a notification on the desktop, and on pages of a gateway'),
          cwd: z.string().startsWith('/').default('/').describe('of the command'),
          env: z
            .record(z.string(), z.string())
            .default({})
            .describe('of the command, and kept with the rule'),
          ephemeral: z.boolean().default(false).describe('do not keep it on disk'),
        })
        .refine(hasStandingCondition, STANDING_CONDITION_MISSING)
        .refine(({ sessions, tags }) => sessions !== undefined || tags !== undefined, {
          message: "give sessions or tags; sessions: ['*'] means every session",
        })
        .refine(({ repeat, every_ms }) => every_ms === undefined || repeat === 'each', {
          message: "every_ms needs repeat: 'each'",
        }),
    result: () => z.object({ type: z.literal('rule'), ...rule, event_cursor: eventCursor }),
  }),
  'rules.list': method({
    title: 'List rules',
    description:
      'All rules, or those that are named, oldest first; with how often they fired and failed. Rules that are done are listed for a while.',
    readOnly: true,
    params: () => z.strictObject({ rules: z.array(ruleId).min(1).max(1000).optional(), scope: ruleScope }),
    result: () =>
      z.object({ type: z.literal('rules'), rules: z.array(z.object(rule)), event_cursor: eventCursor }),
  }),
  'rules.remove': method({
    title: 'Remove rules',
    description:
      'They fire no more. A command that runs is killed, and requests that were to be sent again are dropped.',
    readOnly: false,
    params: () =>
      z
        .strictObject({
          rules: z.array(ruleId).min(1).max(1000).optional(),
          all: z.boolean().default(false),
          scope: ruleScope,
        })
        .refine(({ rules, all }) => all !== (rules !== undefined), { message: 'give rules, or all' }),
    result: () => z.object({ type: z.literal('rules_removed'), removed: z.array(ruleId) }),
  }),
  'rules.test': method({
    title: 'Try the actions of a rule',
    description:
      'Does what the rule does when it fires, now and for real, and answers how it went. With `session` the actions are about that session, else about the first that the rule watches.',
    readOnly: false,
    params: () => z.strictObject({ rule: ruleId, session: z.string().min(1).optional() }),
    result: () =>
      z.object({ type: z.literal('rule_tested'), rule: ruleId, actions: z.array(actionResult()) }),
  }),
  'rules.wait': method({
    title: 'Wait until a rule fires',
    description:
      'Answers with the `rule` and `rule_failed` events after a cursor, as soon as there is one. Pass the `event_cursor` of the answer as `after`: a loop misses nothing, and gets nothing twice, also after its connection, or its client, was away.',
    readOnly: true,
    params: () =>
      z
        .strictObject({
          rules: z.array(ruleId).min(1).max(1000).optional().describe('default: any'),
          scope: ruleScope,
          after: z
            .int()
            .min(0)
            .optional()
            .describe('an event_cursor (default: 0, the oldest event that is retained)'),
          timeout_ms: timeoutMs,
        })
        .refine(({ rules, after }) => rules !== undefined || after !== undefined, {
          message: 'give rules or after',
        }),
    result: () =>
      z.object({
        type: z.literal('rules_wait_result'),
        outcome: outcome.extract(['matched', 'deadline']).describe('matched: there are events'),
        rule_events: z.array(followedEvent()),
        event_cursor: eventCursor.describe('pass it as `after`'),
        missed_events: z
          .int()
          .nullable()
          .optional()
          .describe(
            'number of events that were dropped before they could be read, null if they belong to an earlier daemon',
          ),
        duration_ms: durationMs,
      }),
  }),
};
