/** What was sent to a session that was started with `keep_input`, and a program made of it that does the same again. */
import * as z from 'zod';
import { method } from '../method.ts';
import { reference, size, target } from '../values.ts';

export const journalMethods = {
  'session.inputs': method({
    title: 'Read what was sent to a session',
    description:
      'What was typed, pressed, pasted, clicked or resized in a session that was started with `keep_input`, oldest first; or a test or a shell script that does it again, and after each input waits for what the screen showed then. Input at a password prompt is only counted. UNAVAILABLE where nothing was recorded.',
    readOnly: true,
    params: () =>
      z.strictObject({
        session: target,
        format: z
          .enum(['json', 'vitest', 'jest', 'node-test', 'shell'])
          .default('json')
          .describe(
            'vitest, jest, node-test: a test that needs pilotty/testing; shell: a script of commands',
          ),
      }),
    result: () =>
      z.object({
        type: z.literal('inputs'),
        ...reference,
        argv: z.array(z.string()),
        cwd: z.string(),
        term: z.string(),
        size: size.describe('at its start'),
        inputs: z.array(
          z.object({
            seq: z.int().describe('its number in the sequence of output and input'),
            at_ms: z.int().describe('since the start of the session'),
            revision: z.int().describe('of the screen when it was sent'),
            method: z.string().describe("'session.key' and so on"),
            params: z
              .record(z.string(), z.unknown())
              .optional()
              .describe('what the method was given, without session, wait and snapshot; absent if hidden'),
            hidden: z
              .literal(true)
              .optional()
              .describe('the terminal did not show it, as at a password prompt, or it was sent as a secret'),
            shown: z
              .array(z.string())
              .describe('the lines that were on the screen before the next input, and not before this one'),
          }),
        ),
        missed_inputs: z
          .int()
          .optional()
          .describe('further inputs that were not kept, because there were too many; absent if none'),
        text: z.string().optional().describe('the test or the script'),
      }),
  }),
};
