/** What a person would see: the screen, and what went by. */
import * as z from 'zod';
import { method } from '../method.ts';
import { cursor, exit, milliseconds, modes, retention, size, target, timeoutMs } from '../values.ts';

const outcome = z.enum(['immediate', 'changed', 'settled', 'deadline', 'exited']);

const screenState = z.object({
  type: z.literal('screen_state'),
  session: z.string(),
  outcome,
  size,
  cursor,
  text: z.string().optional().describe('one line per screen row, without trailing blanks and rows'),
  content: z.string().optional().describe('format text: the header line and the rows, the cursor marked'),
  content_hash: z.int().describe('over text, styles and cursor; below 2^53'),
  revision: z.int().describe('grows with every visible change'),
  seq: z.int().describe('the last output or input this screen includes'),
  title: z.string(),
  cwd: z.string().nullable(),
  alternate_screen: z.boolean(),
  modes,
  exit: exit.optional(),
  note: z.string().optional(),
});

export const screenMethods = {
  'session.snapshot': method({
    title: 'Look at the screen',
    description:
      'The screen now, or once it differs from a hash or revision seen before, or once it has been still. A deadline and an exit still answer with the latest screen; `outcome` says which it was.',
    readOnly: true,
    params: z.strictObject({
      session: target,
      format: z.enum(['full', 'compact', 'text']).default('full'),
      await_change: z.int().min(0).optional().describe('a content_hash or revision seen before'),
      settle_ms: milliseconds.optional().describe('unchanged for this long'),
      timeout_ms: timeoutMs,
    }),
    result: screenState,
  }),
  'session.output': method({
    title: 'Read what was printed',
    description:
      'The retained output: readable lines, or the exact bytes. Offsets count the bytes the program has written since its start; what is no longer retained is counted, never passed over in silence.',
    readOnly: true,
    params: z.strictObject({
      session: target,
      format: z.enum(['text', 'ansi']).default('text'),
      tail: z.int().min(0).max(10_000_000).optional().describe('only the last lines'),
      since: z.int().min(0).optional().describe('only from this offset on'),
      follow: z.boolean().default(false).describe('go on until the program ends'),
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
