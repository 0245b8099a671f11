import { RequestError } from '@pilotty/client';
import { methods } from '@pilotty/protocol/schemas';
import * as z from 'zod';
import { actRequest, thenAnswer } from '../acting.ts';
import { type Answer, facts } from '../answers/answer.ts';
import { INPUT_WITHIN_MS } from '../limits.ts';
import { actParams, session, type Then } from '../params.ts';
import { type Call, tool } from '../tool.ts';

const { parts } = methods['session.send'].params.shape;

/** A string is a word as the protocol has it; this one says outright that it is text. */
const [text] = parts.element.options;
const input = z
  .array(z.union([z.string(), text]))
  .min(1)
  .max(1024);

export const send = tool({
  name: 'send',
  title: methods['session.send'].title,
  description:
    'Type and press keys, then wait and look, in one call. A string that names a key (Enter, Escape, Tab, Up, F5, Ctrl+C) is pressed, another is typed; {"text":"Enter"} is typed as well. Example: ["Go","new line","Escape",":wq","Enter"].',
  readOnly: false,
  waits: true,
  params: z
    .strictObject({
      session,
      input: input.optional(),
      secret_env: z
        .string()
        .min(1)
        .optional()
        .describe('instead: a variable of ours; its value is typed where nothing echoes it, then Enter'),
      eof: z.boolean().optional(),
      ...actParams,
    })
    .refine(
      ({ input, secret_env, eof }) =>
        (input === undefined) !== (secret_env === undefined) || (eof && secret_env === undefined),
      { message: 'give input or secret_env' },
    ),
  async run({ screen, ...given }, asking) {
    try {
      return await sendOnce({ screen, ...given }, asking);
    } catch (error) {
      if (!(error instanceof RequestError) || error.code !== 'NO_TERMINAL' || screen === 'none') throw error;
      // Nothing was done: it has no screen to show, which a model does not know.
      return await sendOnce({ screen: 'none', ...given }, asking);
    }
  },
});

type Given = Then & {
  session: string;
  input?: (string | { text: string })[] | undefined;
  secret_env?: string | undefined;
  eof?: boolean | undefined;
  if_text?: string | string[] | undefined;
};

async function sendOnce(
  { session, input = [], secret_env, eof, ...then }: Given,
  { request, host, answerWithinMs }: Call,
): Promise<Answer> {
  const waitMs = answerWithinMs - Math.min(INPUT_WITHIN_MS, Math.floor(answerWithinMs / 2));
  const act = { session, timeout_ms: answerWithinMs - waitMs, ...actRequest(then, waitMs) };
  if (secret_env !== undefined) {
    const secret = host.env[secret_env];
    if (secret === undefined) throw notSet(secret_env);
    const typed = await request('session.type', { ...act, text: secret, secret: true, enter: true, eof });
    return [...facts('secret sent'), ...thenAnswer(then, typed, waitMs)];
  }
  if (eof) {
    const text = input.map(textOf).join('');
    const typed = await request('session.type', { ...act, ...(text !== '' && { text }), eof });
    return [...facts('sent, and stdin closed'), ...thenAnswer(then, typed, waitMs)];
  }
  const words = input.map((part) => (typeof part === 'string' ? { word: part } : part));
  const sent = await request('session.send', { ...act, parts: words });
  // Whoever forgot Enter sees it here.
  const how = sent.keys.length === 0 ? 'sent as text, no key' : `sent, with keys ${sent.keys.join(' ')}`;
  return [...facts(how), ...thenAnswer(then, sent, waitMs)];
}

/** The one key that is text where there is no terminal. */
function textOf(part: string | { text: string }): string {
  if (typeof part !== 'string') return part.text;
  return part === 'Enter' ? '\n' : part;
}

function notSet(name: string): RequestError {
  return new RequestError(
    'INVALID_INPUT',
    `The variable ${name} is not set where this server runs; nothing was sent`,
    {
      suggestion: 'A person sets it in the configuration of the server, under env.',
    },
  );
}
