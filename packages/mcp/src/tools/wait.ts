import { RequestError } from '@pilotty/client';
import { methods } from '@pilotty/protocol/schemas';
import * as z from 'zod';
import { patient, withoutSaid } from '../acting.ts';
import { facts } from '../answers/answer.ts';
import { screenAnswer } from '../answers/screen-text.ts';
import { waitAnswer } from '../answers/wait-text.ts';
import { checkedBy } from '../checked-by.ts';
import { conditionParams, session, timeoutMs } from '../params.ts';
import { tool } from '../tool.ts';

const { change, idle_ms, resume, stream } = methods['session.wait'].params.shape;

export const wait = tool({
  name: 'wait',
  title: methods['session.wait'].title,
  description:
    'Wait until a session shows or does something, and see the screen; ends as soon as the program does. Never sleep or poll.',
  waits: true,
  params: z
    .strictObject({
      session: session.optional(),
      ...conditionParams,
      change: change.describe('the screen differs from this revision'),
      idle_ms: idle_ms.describe('no output, no input for so long'),
      stream: stream.describe('of pipes'),
      resume: resume.describe('instead: an earlier wait goes on'),
      timeout_ms: timeoutMs,
      screen: z.enum(['full', 'new', 'none']).default('full'),
    })
    .refine(({ session, resume }) => session !== undefined || resume !== undefined, {
      message: 'session is missing',
    })
    .superRefine(checkedBy(methods['session.wait'].params, ({ screen: _, ...asked }) => asked)),
  async run({ screen, ...asked }, { request, answerWithinMs }) {
    const result = await request('session.wait', patient(asked, answerWithinMs));
    const answer = waitAnswer(result, { regex: asked.regex, wasCut: asked.timeout_ms > answerWithinMs });
    if (screen === 'none') return answer;
    const look = () => request('session.snapshot', { session: result.session_id, format: screen });
    const shown = result.screen ?? (await look().catch(noScreen));
    if (shown === undefined) return [...answer, ...facts('it has no screen: output shows what it wrote')];
    return [...answer, ...screenAnswer(withoutSaid(shown, result))];
  },
});

/** Of a session without a terminal. */
function noScreen(error: unknown): undefined {
  if (!(error instanceof RequestError) || error.code !== 'NO_TERMINAL') throw error;
}
