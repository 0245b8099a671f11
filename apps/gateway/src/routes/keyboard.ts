/** Who may type into a session. A connection over HTTP ends with its answer, so the keyboard is taken for a time. */
import { methods } from '@pilotty/protocol/schemas';
import * as z from 'zod';
import { call, type Route, route } from './route.ts';

const { for_ms, steal } = methods['session.take'].params.shape;
const TEN_MINUTES_MS = 600_000;

export const keyboardRoutes: readonly Route[] = [
  route({
    method: 'POST',
    path: '/sessions/:session/take',
    id: 'takeKeyboard',
    tag: 'input',
    effect: 'changes',
    summary: methods['session.take'].title,
    params: z.strictObject({
      session: z.string().min(1),
      for_ms: for_ms.unwrap().default(TEN_MINUTES_MS),
      steal,
    }),
    result: methods['session.take'].result,
    run: async (given, { daemon }) => daemon.request('session.take', given),
  }),
  call('POST', '/sessions/:session/release', 'session.release', { id: 'releaseKeyboard', tag: 'input' }),
  call('POST', '/sessions/:session/hand-over', 'session.hand_over', { id: 'handOverKeyboard', tag: 'input' }),
  call('POST', '/sessions/:session/answer', 'session.answer', { id: 'answerQuestion', tag: 'input' }),
];
