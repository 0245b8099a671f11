/** What ran in a shell that marks its commands. */
import * as z from 'zod';
import { method } from '../method.ts';
import { target } from '../values.ts';

export const commandMethods = {
  'session.commands': method({
    title: 'List what ran in a shell',
    description:
      'The commands of a shell that marks them (OSC 133), oldest first; the last 1000 are known. Marks are what the program in the terminal says: one that prints them itself is believed.',
    readOnly: true,
    params: z.strictObject({
      session: target,
      tail: z.int().min(0).optional().describe('only the last so many'),
    }),
    result: z.object({
      type: z.literal('commands'),
      session: z.string(),
      commands: z.array(
        z.object({
          number: z.int().describe('counted from 1 since the start of the session'),
          command: z.string().nullable().describe('the command line; null where it cannot be told'),
          state: z.enum(['running', 'finished']),
          exit_code: z.int().nullable().describe('null while it runs, and where the shell has not told'),
          started_at: z.string().describe('RFC 3339, UTC'),
          duration_ms: z.int().nullable().describe('null while it runs'),
          cwd: z.string().nullable().describe('where it was started, if the shell has told'),
          output: z
            .object({ start: z.int(), end: z.int().nullable().describe('null while it runs') })
            .describe('offsets into the bytes the program has written, as those of session.output'),
          answered: z
            .literal(true)
            .optional()
            .describe(
              'it ran through session.exec: what it printed was that answer, and is not in the output',
            ),
        }),
      ),
    }),
  }),
};
