/** The screen, and the output. */
import * as z from 'zod';
import { waitParams, waitResult } from '../conditions.ts';
import { lookParams, screenState } from '../look.ts';
import { method } from '../method.ts';
import { exit, milliseconds, retention, target, timeoutMs } from '../values.ts';

export const screenMethods = {
  'session.snapshot': method({
    title: 'Look at the screen',
    description:
      'The screen: now (in the first half second of a session: once it is not blank), or once it differs from a known hash or revision, or once it has settled. After a deadline or an exit the answer is the latest screen; see `outcome`.',
    readOnly: true,
    params: lookParams({
      session: target,
      await_change: z.int().min(0).optional().describe('a content_hash or revision of an earlier answer'),
      settle_ms: milliseconds.optional().describe('then wait until the screen has not changed for this long'),
      wait: waitParams({}).optional().describe('first wait for this; it has its own deadline'),
      timeout_ms: timeoutMs,
    }),
    result: screenState.extend({ wait: waitResult.optional() }),
  }),
  'session.output': method({
    title: 'Read what was printed',
    description:
      'The retained output: readable lines, or the exact bytes. Offsets count the bytes of output since the start; bytes that are no longer retained are reported in `missed_bytes`.',
    readOnly: true,
    params: z
      .strictObject({
        session: target,
        format: z.enum(['text', 'ansi']).default('text'),
        tail: z.int().min(0).max(10_000_000).optional().describe('only the last N lines'),
        since: z.int().min(0).optional().describe('only from this offset'),
        command: z
          .int()
          .optional()
          .describe('only the output of this shell command: its number, or -1 for the last one'),
        follow: z.boolean().default(false).describe('keep streaming until the program, or the command, ends'),
      })
      .refine((p) => p.command === undefined || p.since === undefined, {
        message: 'give since or command, not both',
      }),
    stream: z.object({
      text: z.string().optional(),
      data_base64: z.string().optional(),
      next_offset: z.int().describe('everything before this offset has been sent'),
    }),
    result: z.object({
      type: z.literal('output'),
      session: z.string(),
      format: z.enum(['text', 'ansi']),
      offset: z.int().describe('offset of the first byte of the answer'),
      next_offset: z.int().describe('pass it as `since` to continue'),
      missed_bytes: z.int().describe('bytes that were requested and are no longer retained'),
      retention,
      exit: exit.optional(),
    }),
  }),
};
