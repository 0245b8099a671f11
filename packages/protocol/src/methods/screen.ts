/** What a person would see: the screen, and what went by. */
import * as z from 'zod';
import { waitParams, waitResult } from '../conditions.ts';
import { lookParams, screenState } from '../look.ts';
import { method } from '../method.ts';
import { exit, milliseconds, retention, target, timeoutMs } from '../values.ts';

export const screenMethods = {
  'session.snapshot': method({
    title: 'Look at the screen',
    description:
      'The screen now (of a session in its first half second, once there is something on it), or once it differs from a hash or revision seen before, or once it has been still. A deadline and an exit still answer with the latest screen; `outcome` says which it was.',
    readOnly: true,
    params: lookParams({
      session: target,
      await_change: z.int().min(0).optional().describe('a content_hash or revision seen before'),
      settle_ms: milliseconds.optional().describe('unchanged for this long'),
      wait: waitParams({}).optional().describe('first wait for this; its deadline is its own'),
      timeout_ms: timeoutMs,
    }),
    result: screenState.extend({ wait: waitResult.optional() }),
  }),
  'session.output': method({
    title: 'Read what was printed',
    description:
      'The retained output: readable lines, or the exact bytes. Offsets count the bytes the program has written since its start; what is no longer retained is counted, never passed over in silence.',
    readOnly: true,
    params: z
      .strictObject({
        session: target,
        format: z.enum(['text', 'ansi']).default('text'),
        tail: z.int().min(0).max(10_000_000).optional().describe('only the last lines'),
        since: z.int().min(0).optional().describe('only from this offset on'),
        command: z
          .int()
          .optional()
          .describe('only what this command of a shell printed: its number, or -1 for the last one'),
        follow: z.boolean().default(false).describe('go on until the program, or the command, ends'),
      })
      .refine((p) => p.command === undefined || p.since === undefined, {
        message: 'give since or command, not both',
      }),
    stream: z.object({
      text: z.string().optional(),
      data_base64: z.string().optional(),
      next_offset: z.int().describe('everything before it has been sent'),
    }),
    result: z.object({
      type: z.literal('output'),
      session: z.string(),
      format: z.enum(['text', 'ansi']),
      offset: z.int().describe('where the answer begins'),
      next_offset: z.int().describe('pass it as `since` to go on from here'),
      missed_bytes: z.int().describe('asked for and no longer retained'),
      retention,
      exit: exit.optional(),
    }),
  }),
};
