/** What a session is sent: the bytes of a body as they are, or text, keys or a paste, with a wait and a look after it. */
import { methods } from '@pilotty/protocol/schemas';
import * as z from 'zod';
import { throwIfTimedOut } from './deadline.ts';
import { type Context, type Route, route } from './route.ts';

const { shape: type } = methods['session.type'].params;
const { shape: key } = methods['session.key'].params;
const { shape: mixed } = methods['session.send'].params;
const { shape: paste } = methods['session.paste'].params;

const input = z
  .strictObject({
    session: z.string().min(1),
    bytes: z.instanceof(Uint8Array).optional().describe('the body, if it is not JSON'),
    text: type.text,
    enter: type.enter,
    keys: key.keys.optional(),
    parts: mixed.parts.optional(),
    delay_ms: mixed.delay_ms,
    paste: paste.text.optional(),
    only_if: type.only_if,
    wait: type.wait,
    snapshot: type.snapshot,
    timeout_ms: type.timeout_ms,
  })
  .refine(
    ({ bytes, text, keys, parts, paste }) =>
      [bytes, text, keys, parts, paste].filter((each) => each !== undefined).length === 1,
    { message: 'give one of text, keys, parts and paste, or a body that is not JSON' },
  )
  .refine(({ keys, parts, enter }) => (keys === undefined && parts === undefined) || !enter, {
    message: 'enter is for text and paste; with keys or parts, give Enter as the last key',
  });

export const inputRoutes: readonly Route[] = [
  route({
    method: 'POST',
    path: '/sessions/:session/input',
    id: 'sendInput',
    tag: 'input',
    effect: 'changes',
    summary:
      'Send input: the bytes of the body, or text, keys, both in parts, or a paste; then wait, then look',
    params: input,
    takesBytes: true,
    result: z.union([
      methods['session.type'].result,
      methods['session.key'].result,
      methods['session.send'].result,
      methods['session.paste'].result,
    ]),
    async run(given, context) {
      const answer = await send(given, context);
      return throwIfTimedOut(answer, answer.wait?.outcome);
    },
  }),
];

function send(
  { bytes, text, enter, keys, parts, delay_ms, paste, ...rest }: z.output<typeof input>,
  { daemon }: Context,
) {
  const { timeout_ms, ...around } = rest;
  if (keys !== undefined) return daemon.request('session.key', { ...around, keys, delay_ms });
  if (parts !== undefined) return daemon.request('session.send', { ...rest, parts, delay_ms });
  if (paste !== undefined) return daemon.request('session.paste', { ...rest, text: paste, enter });
  const what = bytes === undefined ? { text } : { data_base64: Buffer.from(bytes).toString('base64') };
  return daemon.request('session.type', { ...rest, ...what, enter });
}
