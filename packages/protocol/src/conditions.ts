/**
 * What can be waited for, in the same words wherever something waits; what must hold for an input to be
 * sent; and what an acting method may be asked to do besides acting.
 */
import * as z from 'zod';
import { lookParams, screenState } from './look.ts';
import {
  durationMs,
  exit,
  foreground,
  milliseconds,
  outcome,
  reference,
  stream,
  terminal,
  timeoutMs,
  workState,
  workStateName,
} from './values.ts';

const words = z.string().min(1).max(65_536);
const oneOrSeveral = z.union([words, z.array(words).min(1).max(32)]);

const conditionNames = [
  'text',
  'regex',
  'gone',
  'gone_regex',
  'change',
  'settle',
  'idle',
  'exit',
  'prompt',
  'reads',
  'password',
  'cursor',
  'title',
  'bell',
  'command_finished',
  'state',
] as const;

const conditions = {
  text: oneOrSeveral
    .optional()
    .describe(
      'shown on the screen, or scrolled by since the last input (without input: since its start); of several, all; $, #, % or > alone matches any shell prompt',
    ),
  regex: oneOrSeveral.optional().describe('the same for regular expressions, in RE2 syntax'),
  gone: oneOrSeveral.optional().describe('not shown on the screen'),
  gone_regex: oneOrSeveral.optional(),
  change: z
    .union([z.literal(true), z.int().min(0)])
    .optional()
    .describe(
      'the screen differs from this content_hash or revision; true: from the screen before the input',
    ),
  settle_ms: milliseconds.optional().describe('the screen has not changed for this long'),
  idle_ms: milliseconds.optional().describe('there was no output and no input for this long'),
  exit: z.boolean().default(false).describe('the program has ended'),
  prompt: z
    .boolean()
    .default(false)
    .describe(
      'a shell reports that it is at its prompt, or the cursor is behind text that looks like a prompt',
    ),
  reads: z
    .boolean()
    .default(false)
    .describe(
      'the program has read the last input and blocks in a read for more; known from the kernel (Linux)',
    ),
  password: z.boolean().default(false).describe('the program reads a line with echo off'),
  cursor: z
    .strictObject({ row: z.int().min(0).max(999), col: z.int().min(0).max(999).optional() })
    .optional()
    .describe('the cursor is at this place'),
  title: words.optional().describe('the title contains this'),
  bell: z.boolean().default(false).describe('the bell has rung since the last input'),
  command_finished: z
    .boolean()
    .default(false)
    .describe('a shell has reported, since the last input, that a command finished'),
  state: z
    .union([workStateName, z.array(workStateName).min(1).max(workStateName.options.length)])
    .optional()
    .describe('its work_state is this, or one of these, and the program has processed the last input'),
  stream: stream
    .optional()
    .describe('text and regex match only what a program without a terminal wrote to this'),
  any: z
    .boolean()
    .default(false)
    .describe('one of the conditions is enough; else all must be met at the same time'),
  new: z
    .boolean()
    .default(false)
    .describe(
      'text, regex and title match only what appeared after the last input; else also what was there before, once the program has processed the input; the echo of input never matches',
    ),
};

/** They say how the others are meant, and are no conditions. */
const QUALIFIERS: ReadonlySet<string> = new Set(['any', 'new', 'stream']);

type Conditions = z.output<z.ZodObject<typeof conditions>>;

function hasCondition(given: Conditions): boolean {
  return Object.keys(conditions).some((name) => {
    const value = given[name as keyof Conditions];
    return !QUALIFIERS.has(name) && value !== undefined && value !== false;
  });
}

const CONDITION_MISSING = {
  message:
    'give a condition: text, regex, gone, gone_regex, change, settle_ms, idle_ms, exit, prompt, reads, password, cursor, title, bell, command_finished or state',
};

/** Of a rule, which looks at what comes: one condition is enough, unless all are asked for. */
const { any: _any, new: _new, stream: _stream, change: _change, ...standingConditions } = conditions;
export const standing = standingConditions;

export function hasStandingCondition(given: object): boolean {
  return Object.keys(standing).some((name) => {
    const value = (given as Record<string, unknown>)[name];
    return value !== undefined && value !== false;
  });
}

export const STANDING_CONDITION_MISSING = {
  message: CONDITION_MISSING.message.replace(' change,', ''),
};

/** Ten minutes: a client that was away for longer looks anew. */
const MAX_KEEP_MS = 600_000;

const keep = milliseconds
  .max(MAX_KEEP_MS)
  .optional()
  .describe(
    'at the deadline the wait goes on for this long, so that `resume` takes it up again and nothing is missed; up to 10 minutes',
  );

/** A strict object of the conditions, a deadline, and what else the method takes. */
export function waitParams<T extends z.ZodRawShape>(more: T) {
  return z
    .strictObject({ ...more, ...conditions, timeout_ms: timeoutMs, keep_ms: keep })
    .refine((given) => hasCondition(given as unknown as Conditions), CONDITION_MISSING);
}

/** Of a wait that goes on in another daemon. */
export const askedAt = z
  .int()
  .min(0)
  .optional()
  .describe('after an upgrade: when the request was made first, as an event_cursor');

/** The same for a wait that may also be one that was kept. */
export function resumableWaitParams<T extends z.ZodRawShape>(more: T) {
  const resume = z
    .int()
    .min(0)
    .optional()
    .describe(
      'instead of conditions: continue the wait whose answer had this; UNAVAILABLE if it was not kept',
    );
  const isResumed = (given: unknown) => (given as { resume?: number }).resume !== undefined;
  return z
    .strictObject({ ...more, ...conditions, timeout_ms: timeoutMs, keep_ms: keep, resume, asked_at: askedAt })
    .refine((given) => isResumed(given) || hasCondition(given as unknown as Conditions), CONDITION_MISSING)
    .refine((given) => !isResumed(given) || !hasCondition(given as unknown as Conditions), {
      message: 'give conditions or resume, not both: a wait that is resumed has its conditions',
    });
}

/** In the answer of a wait that is kept. */
export const resumable = {
  resume: z
    .int()
    .optional()
    .describe('the wait goes on: pass this as `resume`; absent unless `keep_ms` was given'),
};

export const match = z.object({
  text: z.string(),
  row: z
    .int()
    .nullable()
    .describe(
      'in the screen of this answer, else at its `revision`; negative: above the screen; null: drawn over since',
    ),
  col: z.int().nullable(),
  groups: z.array(z.string().nullable()).describe('the capture groups of the regex'),
  old: z.literal(true).optional().describe('it was there before the last input'),
});

const conditionName = z.enum(conditionNames);

const waitOutcome = outcome
  .extract(['matched', 'settled', 'idle', 'exited', 'deadline'])
  .describe(
    'settled, idle, exited: that was the only condition; exited also: the program ended before the condition was met',
  );

export const waitResult = z.object({
  type: z.literal('wait_result'),
  outcome: waitOutcome,
  holds: z.boolean().describe('whether the condition is met'),
  ...reference,
  duration_ms: durationMs,
  held: z.array(conditionName).describe('the conditions that are met'),
  missing: z.array(conditionName).describe('the conditions that are not met'),
  match: match.optional(),
  command_finished: z
    .object({ number: z.int(), command: z.string().nullable(), exit_code: z.int().nullable() })
    .optional()
    .describe('if that was a condition: the command, as `commands` lists it'),
  work_state: workState.optional().describe('if state was a condition; absent where it cannot be known'),
  revision: z.int(),
  seq: z.int(),
  screen: screenState.optional().describe('if the wait failed, no snapshot was requested, and there is one'),
  nearest_line: z
    .string()
    .optional()
    .describe('the line on the screen that is most similar to a text that was not found'),
  last_output_ms: z.int().optional().describe('time since the last output'),
  last_input_ms: z.int().optional().describe('time since the last input'),
  foreground: foreground.nullable().optional().describe('the foreground process at the deadline'),
  terminal: terminal.optional(),
  exit: exit.optional(),
  ...resumable,
  note: z.string().optional(),
});

export const onlyIf = z
  .strictObject({
    text: oneOrSeveral.optional().describe('the screen shows this'),
    gone: oneOrSeveral.optional().describe('the screen does not show this'),
    revision: z.int().min(0).optional().describe('the screen still has this revision or content_hash'),
  })
  .optional()
  .describe('checked and acted upon atomically; if not met: CONDITION_FAILED, with the screen');

/** What every acting method takes besides: act, wait, look, in one round trip. */
export const actParams = {
  only_if: onlyIf,
  wait: waitParams({}).optional().describe('then wait for this; counts from the input'),
  snapshot: lookParams({}).optional().describe('then add the screen to the answer'),
};

/** What it answers besides. */
export const acted = {
  wait: waitResult.optional(),
  screen: screenState.optional(),
};
