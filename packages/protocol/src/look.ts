/** How a screen is asked for, and how it is told. */
import * as z from 'zod';
import { cursor, element, exit, modes, size, styledLine } from './values.ts';

const look = {
  format: z.enum(['full', 'compact', 'text', 'ansi', 'html', 'svg', 'png']).default('full'),
  rows: z
    .strictObject({
      first: z.int(),
      last: z.int(),
      from: z
        .enum(['screen', 'oldest', 'end'])
        .default('screen')
        .describe('where 0 is: the top of the screen, the oldest row that is kept, or behind the last row'),
    })
    .refine(({ first, last }) => first <= last, { message: 'the first row comes after the last' })
    .optional()
    .describe('only these rows, both included, counted from 0; negative ones are above the screen'),
  scrollback: z.int().min(0).max(1_000_000).default(0).describe('begin so many rows above the screen'),
  styles: z.boolean().default(false).describe('full and compact: add lines'),
  elements: z.boolean().default(false).describe('full and compact: add elements'),
  since: z.int().min(0).optional().describe('full: only what changed since this revision'),
  theme: z.enum(['dark', 'light']).default('dark').describe('html, svg and png'),
};

type Look = z.output<z.ZodObject<typeof look>>;

/** A strict object of how the screen is asked for, and what else the method takes. */
export function lookParams<T extends z.ZodRawShape>(more: T) {
  return z
    .strictObject({ ...more, ...look })
    .refine(
      (given) => {
        const { since, format } = given as unknown as Look;
        return since === undefined || format === 'full';
      },
      { message: 'since goes with format full' },
    )
    .refine(
      (given) => {
        const { styles, elements, format } = given as unknown as Look;
        return (!styles && !elements) || format === 'full' || format === 'compact';
      },
      { message: 'styles and elements go with the formats full and compact' },
    );
}

export const screenState = z.object({
  type: z.literal('screen_state'),
  session: z.string(),
  outcome: z.enum(['immediate', 'changed', 'settled', 'matched', 'idle', 'deadline', 'exited']),
  size,
  cursor,
  first_row: z
    .int()
    .optional()
    .describe('the row that text and lines begin with; negative above the screen; absent: 0'),
  scrollback_rows: z.int().optional().describe('how many rows are kept above the screen; absent: 0'),
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
  title: z.string().optional().describe('absent where the program has set none'),
  cwd: z.string().optional().describe('as the program told it (OSC 7); absent where it has not'),
  alternate_screen: z.literal(true).optional().describe('absent where it is the main one'),
  modes,
  exit: exit.optional(),
  note: z.string().optional(),
});
