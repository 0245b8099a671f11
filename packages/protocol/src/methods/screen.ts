/** The screen, and the output. */
import * as z from 'zod';
import { waitParams, waitResult } from '../conditions.ts';
import { lookParams, screenState } from '../look.ts';
import { method } from '../method.ts';
import { exit, loss, milliseconds, reference, retention, target, timeoutMs } from '../values.ts';

export const screenMethods = {
  'session.snapshot': method({
    title: 'Look at the screen',
    description:
      'The screen: now (in the first half second of a session: once it is not blank), or once it differs from a known hash or revision, or once it has settled. After a deadline or an exit the answer is the latest screen; see `outcome`.',
    readOnly: true,
    params: () =>
      lookParams({
        session: target,
        await_change: z.int().min(0).optional().describe('a content_hash or revision of an earlier answer'),
        settle_ms: milliseconds
          .optional()
          .describe('then wait until the screen has not changed for this long'),
        wait: waitParams({}).optional().describe('first wait for this; it has its own deadline'),
        timeout_ms: timeoutMs,
      }),
    result: () => screenState.extend({ wait: waitResult.optional() }),
  }),
  'session.output': method({
    title: 'Read what was printed',
    description:
      'The retained output: readable lines, or the exact bytes. Offsets count the bytes of output since the start; bytes that are no longer retained are counted in `missed_bytes`.',
    readOnly: true,
    params: () =>
      z
        .strictObject({
          session: target,
          format: z.enum(['text', 'ansi']).default('text'),
          tail: z.int().min(0).max(10_000_000).optional().describe('only the last N lines'),
          since: z.int().min(0).optional().describe('only from this offset'),
          command_number: z
            .int()
            .optional()
            .describe('only the output of this shell command; -1: the last one'),
          follow: z
            .boolean()
            .default(false)
            .describe('keep streaming until the program, or the command, ends'),
        })
        .refine((p) => p.command_number === undefined || p.since === undefined, {
          message: 'give since or command_number, not both',
        }),
    stream: () =>
      z.object({
        output: z.string().optional().describe('format text'),
        output_base64: z.string().optional().describe('format ansi'),
        next_offset: z.int().describe('everything before this offset has been sent'),
      }),
    result: () =>
      z.object({
        type: z.literal('output'),
        ...reference,
        format: z.enum(['text', 'ansi']),
        offset: z.int().describe('offset of the first byte of the answer'),
        next_offset: z.int().describe('pass it as `since` to continue'),
        ...loss,
        retention,
        exit: exit.optional(),
      }),
  }),
};
