/** Who may type: an agent that must not be disturbed, and one that needs a person. */
import { methods } from '@pilotty/protocol/schemas';
import * as z from 'zod';
import { facts } from '../answers/answer.ts';
import { screenAnswer } from '../answers/screen-text.ts';
import { session } from '../params.ts';
import { type Call, type Tool, tool } from '../tool.ts';

const TEN_MINUTES_MS = 600_000;
const { steal } = methods['session.take'].params.shape;
const { message } = methods['session.hand_over'].params.shape;

const take = tool({
  name: 'take',
  title: methods['session.take'].title,
  description:
    'Others are refused while you have the keyboard of a session. Without `steal` not from another client.',
  readOnly: false,
  destructive: false,
  openWorld: false,
  isDefault: false,
  params: z.strictObject({ session, for_ms: z.int().min(1).max(86_400_000).default(TEN_MINUTES_MS), steal }),
  run: async (given, { request }) => facts((await request('session.take', given)).message),
});

const release = tool({
  name: 'release',
  title: methods['session.release'].title,
  description: 'Everyone may type again.',
  readOnly: false,
  destructive: false,
  openWorld: false,
  isDefault: false,
  params: z.strictObject({ session, steal }),
  run: async (given, { request }) => facts((await request('session.release', given)).message),
});

const handOver = tool({
  name: 'hand_over',
  title: methods['session.hand_over'].title,
  description:
    'Ask a person to type something that you must not know or decide: a password, an approval. Answers when the person has released the keyboard, with the screen; still_waiting: call it again without message.',
  readOnly: false,
  destructive: false,
  openWorld: false,
  isDefault: false,
  waits: true,
  params: z.strictObject({
    session,
    message: message.optional().describe('what the person is to do; none: wait on'),
    timeout_ms: z
      .int()
      .min(1)
      .max(86_400_000)
      .default(TEN_MINUTES_MS)
      .describe('then the offer is withdrawn'),
  }),
  async run({ session, message, timeout_ms }, call) {
    const { request } = call;
    if (message !== undefined) await request('session.hand_over', { session, message, timeout_ms });
    const { keyboard, exit } = await released(session, call);
    if (keyboard?.hand_over)
      return facts('outcome: still_waiting', `holder: ${keyboard.holder ?? 'no one yet'}`);
    const screen = exit ? [] : screenAnswer(await request('session.snapshot', { session, format: 'text' }));
    return [...facts(`outcome: ${exit ? 'exited' : 'released'}`), ...screen];
  },
});

/** Waits until the hand-over is over, or an answer is due. */
async function released(session: string, { request, answerWithinMs }: Call) {
  const began = performance.now();
  for (;;) {
    const status = await request('session.status', { session });
    const leftMs = Math.round(answerWithinMs - (performance.now() - began));
    if (!status.keyboard?.hand_over || status.state === 'exited' || leftMs <= 0) return status;
    let isOver = false;
    await request(
      'events.follow',
      { sessions: [status.id], types: ['keyboard_released', 'exited'], timeout_ms: Math.min(leftMs, 2000) },
      () => {
        isOver = true;
      },
    );
    if (isOver) return await request('session.status', { session });
  }
}

export const keyboard: readonly Tool[] = [take, release, handOver];
