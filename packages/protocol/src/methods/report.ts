/** What programs that run in a session report of themselves. */
import * as z from 'zod';
import { method } from '../method.ts';
import { reference, workState, workStateName } from '../values.ts';

export const reportMethods = {
  'sessions.report': method({
    title: 'Report what a program is doing',
    description:
      "For programs in a session, and their hooks: sets the work_state of that session, or with `clear` takes back what was set. The session is the one whose `key` it is: the program has it in PILOTTY_STATE_KEY, so none sets another's. It stands until input, a new command or the end of the program ends it, see docs/work-states.md.",
    readOnly: false,
    params: () =>
      z
        .strictObject({
          key: z.string().min(1).max(200).describe('PILOTTY_STATE_KEY of the program'),
          state: workStateName.optional(),
          text: z
            .string()
            .max(65_536)
            .optional()
            .describe('what it asks or reports; of a long one the beginning'),
          clear: z.boolean().default(false).describe('conclude the state again'),
        })
        .refine(({ state, clear }) => (state === undefined) === clear, {
          message: 'give state or clear, and not both',
        }),
    result: () =>
      z.object({
        type: z.literal('state_set'),
        ...reference,
        work_state: workState.optional(),
        message: z.string(),
      }),
  }),
};
