/** What a person would do with the mouse. Sent in the encoding the program asked for, and only if it listens. */
import * as z from 'zod';
import { acted, actParams } from '../conditions.ts';
import { method } from '../method.ts';
import { element, milliseconds, reference, target } from '../values.ts';

const cell = z.int().min(0).max(999);
const button = z.enum(['left', 'middle', 'right']).default('left');

/** Held while the mouse acts. */
const held = {
  shift: z.boolean().default(false),
  alt: z.boolean().default(false),
  ctrl: z.boolean().default(false),
};
const force = z
  .boolean()
  .default(false)
  .describe('send it in the SGR encoding although the program has not enabled the mouse');

const sent = {
  ...reference,
  seq: z.int().describe("the input's number in the session's sequence of output and input"),
  bytes: z.int().describe('sent to the program'),
  ...acted,
};

/** A place on the screen, or something on it. */
const place = {
  row: cell.optional(),
  col: cell.optional(),
  ref: z.string().optional().describe("an element's ref, '@e3'"),
  text: z.string().min(1).optional().describe('the first place on the screen that shows this text'),
};

function oneOf(params: { row?: unknown; col?: unknown; ref?: unknown; text?: unknown }): boolean {
  const ways = [
    params.row !== undefined && params.col !== undefined,
    params.ref !== undefined,
    params.text !== undefined,
  ];
  return ways.filter(Boolean).length === 1 && (params.row === undefined) === (params.col === undefined);
}

export const mouseMethods = {
  'session.click': method({
    title: 'Click',
    description: 'Presses and releases a mouse button on a cell, an element or a text.',
    readOnly: false,
    params: () =>
      z
        .strictObject({
          session: target,
          ...actParams,
          ...place,
          button,
          count: z.int().min(1).max(3).default(1).describe('2 is a double click'),
          ...held,
          force,
        })
        .refine(oneOf, { message: 'give either row and col, or ref, or text' }),
    result: () =>
      z.object({
        type: z.literal('clicked'),
        ...sent,
        row: z.int(),
        col: z.int(),
        element: element.optional(),
      }),
  }),
  'session.scroll': method({
    title: 'Scroll',
    description:
      'Turns the mouse wheel. If the program has not enabled the mouse, but uses the alternate screen with mode 1007, arrow keys are sent, as xterm does.',
    readOnly: false,
    params: () =>
      z.strictObject({
        session: target,
        ...actParams,
        direction: z.enum(['up', 'down', 'left', 'right']),
        amount: z.int().min(1).max(1000).default(1).describe('notches of the wheel'),
        row: cell.optional().describe('position of the mouse (default: the middle of the screen)'),
        col: cell.optional(),
        ...held,
        force,
      }),
    result: () => z.object({ type: z.literal('scrolled'), ...sent, by: z.enum(['wheel', 'arrow keys']) }),
  }),
  'session.mouse': method({
    title: 'Use the mouse',
    description: 'Sends one event: press, release or move; or a drag from one cell to another.',
    readOnly: false,
    params: () =>
      z
        .strictObject({
          session: target,
          ...actParams,
          action: z.enum(['press', 'release', 'move', 'drag']),
          row: cell,
          col: cell,
          to_row: cell.optional(),
          to_col: cell.optional(),
          button: z
            .enum(['left', 'middle', 'right', 'none'])
            .optional()
            .describe('default: left; for a move: none'),
          ...held,
          force,
        })
        .refine((p) => (p.action === 'drag') === (p.to_row !== undefined && p.to_col !== undefined), {
          message: 'to_row and to_col are for a drag, which needs both',
        }),
    result: () => z.object({ type: z.literal('mouse_sent'), ...sent }),
  }),
  'session.choose': method({
    title: 'Choose an element by keys',
    description:
      'Moves to an element with Tab or the arrow keys, checks the screen after each, and presses Enter (Space for a checkbox) once the element has the focus. For programs without a mouse.',
    readOnly: false,
    params: () =>
      z
        .strictObject({
          session: target,
          ...actParams,
          ref: z.string().optional().describe("an element's ref, '@e3'"),
          text: z
            .string()
            .min(1)
            .optional()
            .describe('text of the element: equal, else a prefix, else contained in exactly one element'),
          timeout_ms: milliseconds.default(30_000),
        })
        .refine((p) => (p.ref === undefined) !== (p.text === undefined), {
          message: 'give either ref or text',
        }),
    result: () => z.object({ type: z.literal('chosen'), ...sent, keys: z.array(z.string()), element }),
  }),
};
