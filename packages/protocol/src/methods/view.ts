/** A session as another terminal shows it: what an emulator at the other end must be fed to be the same. */
import * as z from 'zod';
import { method } from '../method.ts';
import { exit, milliseconds, size, target } from '../values.ts';

const seq = z.int().describe('the last output or input that is in what has been sent, this part included');

export const viewMethods = {
  'session.view': method({
    title: 'Follow the screen with a terminal',
    description:
      'Keeps a terminal emulator the same as the session, until the program ends: first a screen, then output as it is drawn. A screen comes again when the terminal is resized, and in the place of output that a slow reader has let grow; the program never waits for a viewer.',
    readOnly: true,
    params: z.strictObject({
      session: target,
      scrollback: z
        .int()
        .min(0)
        .max(1_000_000)
        .default(1000)
        .describe('rows above the screen, at most, that a screen brings along'),
      interval_ms: milliseconds.default(0).describe('between two parts, at least'),
    }),
    stream: z.discriminatedUnion('kind', [
      z.object({
        kind: z.literal('screen'),
        data_base64: z.string().describe('makes a new or reset terminal of this size into the session'),
        size,
        seq,
      }),
      z.object({
        kind: z.literal('output'),
        data_base64: z.string().describe('what the program wrote since the last part'),
        seq,
      }),
      z.object({ kind: z.literal('exited'), exit }),
    ]),
    result: z.object({ type: z.literal('view_end'), session: z.string(), exit: exit.optional() }),
  }),
};
