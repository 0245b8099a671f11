import { methods } from '@pilotty/protocol/schemas';
import * as z from 'zod';
import { thenAnswer, thenRequest } from '../acting.ts';
import { facts } from '../answers/answer.ts';
import { session, thenParams } from '../params.ts';
import { tool } from '../tool.ts';

const { signal } = methods['session.restart'].params.shape;

export const restart = tool({
  name: 'restart',
  title: methods['session.restart'].title,
  description:
    'End the program of a session, if it runs, and start it again there: same name, directory, environment, size and output history.',
  readOnly: false,
  isDefault: false,
  waits: true,
  params: z.strictObject({ session, signal: signal.describe('KILL follows after 2 s'), ...thenParams }),
  async run({ session, signal, wait, screen }, { request, answerWithinMs }) {
    const then = thenRequest({ wait, screen }, answerWithinMs);
    const restarted = await request('session.restart', { session, signal, ...then });
    const { survivors, pid } = restarted;
    return [
      ...facts(
        `restarted ${restarted.session}, pid ${pid}`,
        ...survivors.map(
          (survivor) => `of the program before still runs: ${survivor.pid} ${survivor.command}`,
        ),
      ),
      ...thenAnswer({ wait, screen }, restarted, answerWithinMs),
    ];
  },
});
