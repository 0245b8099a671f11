import { methods } from '@pilotty/protocol/schemas';
import * as z from 'zod';
import { exitText, facts } from '../answers/answer.ts';
import { Collected } from '../answers/collect.ts';
import { maxBytes, session } from '../params.ts';
import { tool } from '../tool.ts';

const { since, tail, command_number } = methods['session.output'].params.shape;

export const output = tool({
  name: 'output',
  title: methods['session.output'].title,
  description: 'What a session has printed, as lines, also what has left the screen or when it has ended.',
  params: z
    .strictObject({
      session,
      tail: tail.describe('only the last lines'),
      since: since.describe('only from the next_offset of an earlier answer'),
      command_number: command_number.describe('only of this shell command; -1: the last'),
      max_bytes: maxBytes,
    })
    .refine(({ since, command_number }) => since === undefined || command_number === undefined, {
      message: 'give since or command_number, not both',
    }),
  async run({ max_bytes, ...asked }, { request, longTexts }) {
    // Of a program on pipes; on a terminal all is one stream.
    const streams = { stdout: new Collected(), stderr: new Collected() };
    const result = await request('session.output', asked, ({ output = '', stream = 'stdout' }) =>
      streams[stream].add(Buffer.from(output)),
    );
    const stderr = streams.stderr.text.trimEnd();
    const { next_offset, missed_bytes: missed, exit, from_stream: kept } = result;
    return [
      ...facts(
        `[${result.session} · next_offset ${next_offset}${exit ? ` · has ended: ${exitText(exit)}` : ''}]`,
        kept && `of the stream of the fleet, as kept at ${kept.kept_at}: ${kept.reason}`,
        missed === undefined ? undefined : `${missed} bytes before this are no longer retained`,
      ),
      ...longTexts.show(streams.stdout.text.trimEnd(), max_bytes, `output of ${result.session}`),
      ...(stderr === '' ? [] : facts('stderr:')),
      ...longTexts.show(stderr, max_bytes, `stderr of ${result.session}`),
    ];
  },
});
