/** Waiting for what the screen shows, or for the end. */
import * as z from 'zod';
import { method } from '../method.ts';
import { exit, foreground, target, timeoutMs } from '../values.ts';

export const waitMethods = {
  'session.wait': method({
    title: 'Wait',
    description:
      'Answers as soon as the conditions hold together, searching the last screen before it calls an exit a failure. A deadline answers too, with the screen.',
    readOnly: true,
    params: z
      .strictObject({
        session: target,
        text: z.string().min(1).optional().describe('shown somewhere on the screen'),
        regex: z.string().min(1).optional().describe('RE2 syntax, searched in the lines of the screen'),
        exit: z.boolean().default(false).describe('the program has ended'),
        timeout_ms: timeoutMs,
      })
      .refine((p) => p.exit || p.text !== undefined || p.regex !== undefined, {
        message: 'give a condition: text, regex or exit',
      }),
    result: z.object({
      type: z.literal('wait_result'),
      outcome: z.enum(['matched', 'exited', 'deadline']),
      session: z.string(),
      elapsed_ms: z.int(),
      match: z
        .object({
          text: z.string(),
          row: z.int(),
          col: z.int(),
          groups: z.array(z.string().nullable()).describe('what the groups of the regex took'),
        })
        .optional(),
      revision: z.int(),
      seq: z.int(),
      screen: z.string().optional().describe('the text of the screen, where the wait did not match'),
      nearest_line: z.string().optional().describe('of the screen, to a text that was not found'),
      last_output_ms: z.int().optional().describe('since the program last wrote'),
      last_input_ms: z.int().optional().describe('since it was last sent something'),
      foreground: foreground.nullable().optional().describe('what had the keyboard at the deadline'),
      terminal: z
        .object({
          echo: z.boolean().describe('false, with canonical true: most likely a password is asked for'),
          canonical: z.boolean().describe('input is read line by line'),
        })
        .optional(),
      exit: exit.optional(),
      note: z.string().optional(),
    }),
  }),
};
