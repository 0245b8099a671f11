/** What ran in a shell that marks its commands. */
import * as z from 'zod';
import { method } from '../method.ts';
import { reference, target } from '../values.ts';

export const commandMethods = {
  'session.commands': method({
    title: 'List what ran in a shell',
    description:
      'The commands of a shell that emits marks (OSC 133), oldest first; the last 1000 are retained. Marks are output like any other: a program can print them itself.',
    readOnly: true,
    params: () =>
      z.strictObject({
        session: target,
        tail: z.int().min(0).optional().describe('only the last N'),
      }),
    result: () =>
      z.object({
        type: z.literal('commands'),
        ...reference,
        commands: z.array(
          z.object({
            number: z.int().describe('counted from 1 since the start of the session'),
            command: z.string().nullable().describe('the command line; null if unknown'),
            state: z.enum(['running', 'finished']),
            exit_code: z.int().nullable().describe('null while it runs, and if the shell did not report it'),
            started_at: z.string().describe('RFC 3339, UTC'),
            duration_ms: z.int().nullable().describe('null while it runs'),
            cwd: z.string().nullable().describe('its working directory, if the shell reported it'),
            output_range: z
              .object({ start: z.int(), end: z.int().nullable().describe('null while it runs') })
              .describe('byte offsets into the output, as in session.output'),
            answered: z
              .literal(true)
              .optional()
              .describe(
                'it ran through session.exec, which returned its output; it is not in the output of the session',
              ),
          }),
        ),
      }),
  }),
};
