/** What a person would see: the screen, and what went by. */
import * as z from 'zod';
import { method } from '../method.ts';
import {
  cursor,
  element,
  exit,
  milliseconds,
  modes,
  retention,
  size,
  styledLine,
  target,
  timeoutMs,
} from '../values.ts';

const outcome = z.enum(['immediate', 'changed', 'settled', 'deadline', 'exited']);

const screenState = z.object({
  type: z.literal('screen_state'),
  session: z.string(),
  outcome,
  size,
  cursor,
  first_row: z.int().describe('the row that text and lines begin with; negative above the screen'),
  text: z.string().optional().describe('one line per screen row, without trailing blanks and rows'),
  lines: z.array(styledLine).optional().describe('the rows as spans of one style'),
  elements: z.array(element).optional().describe('what a person would see as controls, in reading order'),
  changes: z
    .object({
      since: z.int().describe('the revision they are against'),
      scrolled: z
        .int()
        .describe('rows have moved up by this many; those that came in are blank unless listed'),
      rows: z.array(z.object({ row: z.int(), text: z.string() })),
    })
    .optional()
    .describe('in the place of text, where `since` is given and they are the shorter answer'),
  content: z.string().optional().describe('formats text, ansi, html and svg: the rendered screen'),
  data_base64: z.string().optional().describe('format png: the picture'),
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
      'The screen now (of a session in its first half second, once there is something on it), or once it differs from a hash or revision seen before, or once it has been still. A deadline and an exit still answer with the latest screen; `outcome` says which it was.',
    readOnly: true,
    params: z
      .strictObject({
        session: target,
        format: z.enum(['full', 'compact', 'text', 'ansi', 'html', 'svg', 'png']).default('full'),
        rows: z
          .strictObject({ first: z.int(), last: z.int() })
          .refine(({ first, last }) => first <= last, { message: 'the first row comes after the last' })
          .optional()
          .describe('only these rows, both included, counted from 0; negative ones are above the screen'),
        scrollback: z.int().min(0).max(1_000_000).default(0).describe('begin so many rows above the screen'),
        styles: z.boolean().default(false).describe('full and compact: add lines'),
        elements: z.boolean().default(false).describe('full and compact: add elements'),
        since: z.int().min(0).optional().describe('full: only what changed since this revision'),
        theme: z.enum(['dark', 'light']).default('dark').describe('html, svg and png'),
        await_change: z.int().min(0).optional().describe('a content_hash or revision seen before'),
        settle_ms: milliseconds.optional().describe('unchanged for this long'),
        timeout_ms: timeoutMs,
      })
      .refine(({ since, format }) => since === undefined || format === 'full', {
        message: 'since goes with format full',
      })
      .refine(
        ({ styles, elements, format }) => (!styles && !elements) || format === 'full' || format === 'compact',
        {
          message: 'styles and elements go with the formats full and compact',
        },
      ),
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
