/**
 * The tools that are one acting method of the protocol each, with its own parameters: its check of the screen, its wait
 * and its look are those of every acting tool.
 */
import type { MethodName, Params, Result } from '@pilotty/client';
import { methods } from '@pilotty/protocol/schemas';
import * as z from 'zod';
import { actRequest, thenAnswer } from '../acting.ts';
import { facts } from '../answers/answer.ts';
import { checkedBy } from '../checked-by.ts';
import { FIXED_INPUT_MS } from '../limits.ts';
import { actParams, session, type Then } from '../params.ts';
import { type Tool, tool } from '../tool.ts';

type ActMethod = Extract<
  MethodName,
  `session.${'click' | 'choose' | 'scroll' | 'mouse' | 'paste' | 'signal' | 'resize'}`
>;

interface Act<M extends ActMethod> {
  description?: string;
  isDefault?: boolean;
  /** Of the method's own parameters. */
  params: z.ZodRawShape;
  /** What was done. */
  done(result: Result<M>): string;
}

function actTool<M extends ActMethod>(method: M, { params, done, ...more }: Act<M>): Tool {
  const own = z.strictObject({ session, ...params });
  const ownOf = (given: object) =>
    Object.fromEntries(Object.entries(given).filter(([name]) => name in own.shape));
  const { title, description } = methods[method];
  return tool({
    name: method.replace('session.', ''),
    title,
    description,
    readOnly: false,
    isDefault: false,
    waits: true,
    ...more,
    params: z
      .strictObject({ session, ...params, ...actParams })
      .superRefine(checkedBy(methods[method].params, ownOf)),
    async run(given, { request, answerWithinMs }) {
      const then = given as Then & { if_text?: string | string[] };
      const waitMs = Math.max(answerWithinMs - FIXED_INPUT_MS, Math.floor(answerWithinMs / 3));
      // Sound, because the method's own schema has accepted it.
      const asked = { ...ownOf(given), ...actRequest(then, waitMs) } as unknown as Params<M>;
      const result = await request(method, asked);
      return [...facts(done(result)), ...thenAnswer(then, result as never, waitMs)];
    },
  });
}

const click = methods['session.click'].params.shape;
const choose = methods['session.choose'].params.shape;
const scroll = methods['session.scroll'].params.shape;
const mouse = methods['session.mouse'].params.shape;
const paste = methods['session.paste'].params.shape;
const { signal } = methods['session.signal'].params.shape;
const { cols, rows } = methods['session.resize'].params.shape;

export const actMethods = {
  click: actTool('session.click', {
    description: 'Click on a text, an element or a cell, where the program takes the mouse.',
    isDefault: true,
    params: {
      text: click.text.describe('the first place that shows it'),
      ref: click.ref.describe('@e3 of look'),
      row: click.row,
      col: click.col,
      button: click.button,
      count: click.count.describe(''),
    },
    done: ({ row, col }) => `clicked ${row},${col}`,
  }),
  choose: actTool('session.choose', {
    description:
      'Choose a button, menu item or checkbox without the mouse: press Tab or arrows until it has the focus, then Enter (Space for a checkbox).',
    isDefault: true,
    params: { text: choose.text.describe('of the element'), ref: choose.ref.describe('@e3 of look') },
    done: ({ keys, element }) =>
      `chose ${element.kind} at ${element.row},${element.col} with ${keys.join(' ')}`,
  }),
  scroll: actTool('session.scroll', {
    params: { direction: scroll.direction, amount: scroll.amount, row: scroll.row, col: scroll.col },
    done: ({ by }) => `scrolled by ${by}`,
  }),
  mouse: actTool('session.mouse', {
    params: {
      action: mouse.action,
      row: mouse.row,
      col: mouse.col,
      to_row: mouse.to_row,
      to_col: mouse.to_col,
      button: mouse.button,
    },
    done: ({ bytes }) => `sent ${bytes} bytes`,
  }),
  paste: actTool('session.paste', {
    params: { text: paste.text, enter: paste.enter },
    done: ({ bytes, bracketed }) => `pasted ${bytes} bytes${bracketed ? ', in brackets' : ''}`,
  }),
  signal: actTool('session.signal', {
    params: { signal },
    done: ({ message }) => message,
  }),
  resize: actTool('session.resize', {
    params: { cols, rows },
    done: ({ message }) => message,
  }),
} as const satisfies Record<string, Tool>;
