/** Mirrors a session in another terminal emulator: what to write to it so that it shows the same. */
import * as z from 'zod';
import { method } from '../method.ts';
import { exit, milliseconds, reference, shownColors, size, target } from '../values.ts';
import { attachmentSize } from './attach.ts';

const seq = z.int().describe('sequence number of the last output or input that the parts so far include');

export const viewMethods = {
  'session.view': method({
    title: 'Follow the screen with a terminal',
    description:
      'Mirrors the session in a terminal emulator until the program ends: first a screen, then output as it is parsed. A new screen is sent when the terminal is resized, and instead of output that a slow reader has not taken. The program never waits for a viewer.',
    readOnly: true,
    params: () =>
      z.strictObject({
        session: target,
        scrollback: z
          .int()
          .min(0)
          .max(1_000_000)
          .default(1000)
          .describe('maximum number of rows above the screen that a screen part includes'),
        window: attachmentSize()
          .optional()
          .describe(
            'size of the terminal; where the session has another, its screen is drawn in a frame, or cut to it',
          ),
        drawn: z
          .boolean()
          .default(false)
          .describe('always draw the screen so, and never pass on what the program writes'),
        interval_ms: milliseconds.default(0).describe('minimum time between two parts'),
        colors: shownColors,
      }),
    stream: () =>
      z.discriminatedUnion('type', [
        z.object({
          type: z.literal('screen'),
          data_base64: z
            .string()
            .describe('write this to a new or reset terminal of this size, or of `window`'),
          size,
          seq,
        }),
        z.object({
          type: z.literal('output'),
          data_base64: z
            .string()
            .describe('what to write next: output since the last part, or what has changed on the screen'),
          seq,
        }),
        z.object({ type: z.literal('exited'), exit }),
      ]),
    result: () => z.object({ type: z.literal('view_end'), ...reference, exit: exit.optional() }),
  }),
};
