/** The parameters that select a screen, and the shape of the answer. */
import * as z from 'zod';
import { cursor, element, exit, modes, outcome, reference, size, styledLine } from './values.ts';

const look = {
  format: z
    .enum(['full', 'compact', 'text', 'new', 'ansi', 'html', 'svg', 'png'])
    .default('full')
    .describe('new: only the lines that were printed or changed since the act, or since the last input'),
  rows: z
    .strictObject({
      first: z.int(),
      last: z.int(),
      from: z
        .enum(['screen', 'oldest', 'end'])
        .default('screen')
        .describe(
          'what row 0 is: the top row of the screen, the oldest retained row, or the row after the last one',
        ),
    })
    .refine(({ first, last }) => first <= last, { message: 'the first row comes after the last' })
    .optional()
    .describe('only these rows, both included, counted from 0; negative ones are above the screen'),
  scrollback: z.int().min(0).max(1_000_000).default(0).describe('also this many rows above the screen'),
  styles: z.boolean().default(false).describe('full and compact: add lines'),
  elements: z.boolean().default(false).describe('full and compact: add elements'),
  since: z.int().min(0).optional().describe('full: only what changed since this revision'),
  theme: z.enum(['dark', 'light']).default('dark').describe('html, svg and png'),
};

type Look = z.output<z.ZodObject<typeof look>>;

/** A strict object of these parameters and those of the method. */
export function lookParams<T extends z.ZodRawShape>(more: T) {
  return z
    .strictObject({ ...more, ...look })
    .refine(
      (given) => {
        const { since, format } = given as unknown as Look;
        return since === undefined || format === 'full';
      },
      { message: 'since needs format full' },
    )
    .refine(
      (given) => {
        const { styles, elements, format } = given as unknown as Look;
        return (!styles && !elements) || format === 'full' || format === 'compact';
      },
      { message: 'styles and elements need format full or compact' },
    )
    .refine(
      (given) => {
        const { rows, scrollback, format } = given as unknown as Look;
        return format !== 'new' || (rows === undefined && scrollback === 0);
      },
      { message: 'rows and scrollback cannot be combined with format new' },
    );
}

export const screenState = z.object({
  type: z.literal('screen_state'),
  ...reference,
  outcome: outcome.extract(['immediate', 'changed', 'settled', 'matched', 'idle', 'deadline', 'exited']),
  format: look.format.unwrap().optional().describe('absent for full'),
  size,
  cursor,
  first_row: z
    .int()
    .optional()
    .describe('the first row of text and lines (default: 0); negative: above the screen'),
  scrollback_lines: z.int().optional().describe('number of rows retained above the screen (default: 0)'),
  text: z
    .string()
    .optional()
    .describe(
      'format full: one line per screen row, without trailing blanks and rows; text, ansi, html and svg: the rendered screen',
    ),
  lines: z.array(styledLine).optional().describe('the rows as spans of one style'),
  elements: z
    .array(element)
    .optional()
    .describe('buttons, menus, fields and other controls, in reading order'),
  changes: z
    .object({
      since: z.int().describe('the revision that they are relative to'),
      scrolled: z
        .int()
        .describe('number of rows scrolled up; new rows at the bottom are blank unless listed'),
      rows: z.array(z.object({ row: z.int(), text: z.string() })),
    })
    .optional()
    .describe('instead of text, if `since` is given and this is shorter'),
  new: z
    .object({
      lines: z
        .array(z.object({ row: z.int().describe('negative: above the screen'), text: z.string() }))
        .describe('in order, with the echo of what was typed; on the alternate screen the rows that are new'),
      offset: z.int().describe('`since` of session.output: where the output after the input begins'),
      missed_rows: z
        .int()
        .optional()
        .describe('rows printed since then that are not among the lines, because there were too many'),
      whole: z
        .enum(['cleared', 'resized'])
        .optional()
        .describe('why the lines are the whole screen: it was cleared, or folded anew at another width'),
    })
    .optional()
    .describe('format new'),
  data_base64: z.string().optional().describe('format png: the picture'),
  content_hash: z.int().describe('over text, styles and cursor; below 2^53'),
  revision: z.int().describe('increases with every visible change'),
  seq: z.int().describe('sequence number of the last output or input that this screen includes'),
  title: z.string().optional().describe('absent if the program has set none'),
  cwd: z.string().optional().describe('as reported by the program (OSC 7); absent if it reports none'),
  alternate_screen: z.literal(true).optional().describe('absent on the main screen'),
  modes,
  exit: exit.optional(),
  note: z.string().optional(),
});
