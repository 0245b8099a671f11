/**
 * What can be waited for, in the same words wherever something waits; what must hold for an input to be
 * sent; and what an acting method may be asked to do besides acting.
 */
import * as z from 'zod';
import { lookParams, screenState } from './look.ts';
import { exit, foreground, milliseconds, terminal, timeoutMs } from './values.ts';

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
] as const;

const conditions = {
  text: oneOrSeveral
    .optional()
    .describe(
      'shown on the screen, or scrolled by since the last input or, before any, since the wait began; each of several; $, #, % or > alone: the prompt of a shell',
    ),
  regex: oneOrSeveral.optional().describe('the same for regular expressions, in RE2 syntax'),
  gone: oneOrSeveral.optional().describe('not shown on the screen'),
  gone_regex: oneOrSeveral.optional(),
  change: z
    .union([z.literal(true), z.int().min(0)])
    .optional()
    .describe('the screen differs from this content_hash or revision; true: from how it was'),
  settle_ms: milliseconds.optional().describe('the screen has been as it is for so long'),
  idle_ms: milliseconds.optional().describe('there has been no output and no input for so long'),
  exit: z.boolean().default(false).describe('the program has ended'),
  prompt: z
    .boolean()
    .default(false)
    .describe('a shell says it is at its prompt, or the cursor stands behind what looks like one'),
  reads: z
    .boolean()
    .default(false)
    .describe('the program has taken the last input and waits for more, as the kernel tells (Linux)'),
  password: z.boolean().default(false).describe('a line is being read that is not shown'),
  cursor: z
    .strictObject({ row: z.int().min(0).max(999), col: z.int().min(0).max(999).optional() })
    .optional()
    .describe('the cursor stands there'),
  title: words.optional().describe('the title has this in it'),
  bell: z.boolean().default(false).describe('the bell has rung since the last input'),
  command_finished: z
    .boolean()
    .default(false)
    .describe('a shell has said, since the last input, that a command ended'),
  any: z.boolean().default(false).describe('one of the conditions is enough; else all hold together'),
  new: z
    .boolean()
    .default(false)
    .describe(
      'text, regex and title count only where they appeared after the last input; else also what stood there before, once the program has taken the input; an echo never does',
    ),
};

type Conditions = z.output<z.ZodObject<typeof conditions>>;

function hasCondition(given: Conditions): boolean {
  return Object.keys(conditions).some((name) => {
    const value = given[name as keyof Conditions];
    return name !== 'any' && name !== 'new' && value !== undefined && value !== false;
  });
}

const CONDITION_MISSING = {
  message:
    'give a condition: text, regex, gone, gone_regex, change, settle_ms, idle_ms, exit, prompt, reads, password, cursor, title, bell or command_finished',
};

/** A strict object of the conditions, a deadline, and what else the method takes. */
export function waitParams<T extends z.ZodRawShape>(more: T) {
  return z
    .strictObject({ ...more, ...conditions, timeout_ms: timeoutMs })
    .refine((given) => hasCondition(given as unknown as Conditions), CONDITION_MISSING);
}

export const match = z.object({
  text: z.string(),
  row: z.int().describe('negative where it has left the top of the screen'),
  col: z.int(),
  groups: z.array(z.string().nullable()).describe('what the groups of the regex took'),
  old: z.literal(true).optional().describe('it stood there before the last input'),
});

const conditionName = z.enum(conditionNames);

const waitOutcome = z
  .enum(['matched', 'settled', 'idle', 'exited', 'deadline'])
  .describe('settled, idle, exited: where that was waited for alone; exited also when it ended without');

export const waitResult = z.object({
  type: z.literal('wait_result'),
  outcome: waitOutcome,
  holds: z.boolean().describe('what was waited for is so'),
  session: z.string(),
  elapsed_ms: z.int(),
  held: z.array(conditionName).describe('the conditions that hold'),
  missing: z.array(conditionName).describe('those that do not'),
  match: match.optional(),
  command: z
    .object({ number: z.int(), command: z.string().nullable(), exit_code: z.int().nullable() })
    .optional()
    .describe('of command_finished: what has finished, as `commands` lists it'),
  revision: z.int(),
  seq: z.int(),
  screen: z
    .string()
    .optional()
    .describe('the text of the screen, where the wait failed and no snapshot was asked for'),
  nearest_line: z.string().optional().describe('of the screen, to a text that was not found'),
  last_output_ms: z.int().optional().describe('since the program last wrote'),
  last_input_ms: z.int().optional().describe('since it was last sent something'),
  foreground: foreground.nullable().optional().describe('what had the keyboard at the deadline'),
  terminal: terminal.optional(),
  exit: exit.optional(),
  note: z.string().optional(),
});

/** What every acting method takes besides: act, wait, look, in one round trip. */
export const actParams = {
  only_if: z
    .strictObject({
      text: oneOrSeveral.optional().describe('the screen shows this'),
      gone: oneOrSeveral.optional().describe('the screen does not show this'),
      revision: z.int().min(0).optional().describe('the screen still has this revision or content_hash'),
    })
    .optional()
    .describe('looked at and acted upon without anything in between; else CONDITION_FAILED, with the screen'),
  wait: waitParams({}).optional().describe('then wait for this, counted from the input'),
  snapshot: lookParams({}).optional().describe('then answer with the screen'),
};

/** What it answers besides. */
export const acted = {
  wait: waitResult.optional(),
  screen: screenState.optional(),
};
