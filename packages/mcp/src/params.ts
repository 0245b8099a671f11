/** Parameters that several tools have, made of those of the protocol: the same names, types and bounds. */
import { methods } from '@pilotty/protocol/schemas';
import * as z from 'zod';
import { DEFAULT_MAX_BYTES, MAX_MAX_BYTES } from './limits.ts';

const conditions = methods['session.wait'].params.shape;
const { only_if: onlyIf } = methods['session.key'].params.shape;

/** Required: the session used last may be another agent's. */
export const session = z.string().min(1);

export const maxBytes = z
  .int()
  .min(100)
  .max(MAX_MAX_BYTES)
  .default(DEFAULT_MAX_BYTES)
  .describe('show so much; a link has the rest');

export const timeoutMs = conditions.timeout_ms.describe('beyond 45 s: answered still_waiting, goes on');

/** What is waited for. The others of the protocol are rare, and each costs every model some tokens. */
export const conditionParams = {
  text: conditions.text.describe(
    'shown, or printed since the last input; what you typed does not count; $ is any prompt',
  ),
  regex: conditions.regex.describe('RE2, as in PASS|FAIL'),
  gone: conditions.gone.describe('no longer shown'),
  prompt: conditions.prompt.describe('a shell or REPL, or a question, waits for a line'),
  password: conditions.password.describe(''),
  exit: conditions.exit.describe('the program has ended'),
  state: conditions.state.describe(''),
  settle_ms: conditions.settle_ms.describe('no change for so long'),
  any: conditions.any.describe('one is enough, else all at once'),
  new: conditions.new.describe('only what came after the last input'),
};

/** The same where the tool `wait` has described them; a change is one since the input. */
export const describedThere = {
  text: conditions.text.describe(''),
  regex: conditions.regex.describe(''),
  gone: conditions.gone.describe(''),
  prompt: conditions.prompt.describe(''),
  password: conditions.password.describe(''),
  exit: conditions.exit.describe(''),
  settle_ms: conditions.settle_ms.describe(''),
  change: z.literal(true).optional(),
  any: conditions.any.describe(''),
  new: conditions.new.describe(''),
  timeout_ms: conditions.timeout_ms.describe(''),
};

/** One of them must be given, as the protocol wants it. */
const wait = z
  .strictObject(describedThere)
  .refine((given) => methods['session.wait'].params.safeParse(given).success, {
    message: 'give a condition: text, regex, gone, prompt, password, exit, settle_ms or change',
  })
  .optional()
  .describe('then wait; as in tool wait');

const screen = z
  .enum(['new', 'full', 'none', 'picture'])
  .default('new')
  .describe('show then; new: new lines');

/** What every tool takes that starts something: wait, then look. */
export const thenParams = { wait, screen };

/** And what every tool takes that sends something. */
export const actParams = {
  if_text: onlyIf.unwrap().shape.text.describe('only if the screen shows it'),
  ...thenParams,
};

export type Then = z.output<z.ZodObject<typeof thenParams>>;
