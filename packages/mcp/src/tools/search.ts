import { methods } from '@pilotty/protocol/schemas';
import * as z from 'zod';
import { facts } from '../answers/answer.ts';
import { maxBytes } from '../params.ts';
import { tool } from '../tool.ts';

const { sessions, tags, all, pattern, regex, ignore_case, max } = methods['sessions.grep'].params.shape;

export const search = tool({
  name: 'search',
  title: methods['sessions.grep'].title,
  description: 'Find lines in what sessions have printed, and on their screens.',
  waits: true,
  params: z.strictObject({
    pattern: pattern.describe('text'),
    regex: regex.describe('it is RE2'),
    ignore_case,
    sessions: sessions.describe('without, all'),
    tags: tags.describe(''),
    all: all.describe('ended ones too'),
    max: max.describe('lines of each'),
    max_bytes: maxBytes.describe(''),
  }),
  async run({ max_bytes, ...asked }, { request, longTexts, answerWithinMs }) {
    const {
      matches,
      searched,
      truncated,
      not_searched: missing = [],
    } = await request('sessions.grep', {
      ...asked,
      timeout_ms: answerWithinMs,
    });
    const lines = matches.map(({ session, where, line, line_number: number, row }) => {
      const place = where === 'screen' ? `row ${row}` : number === undefined ? 'output' : `line ${number}`;
      return `${session} ${place}: ${line}`;
    });
    return [
      ...facts(
        `lines found: ${matches.length}, in sessions: ${searched}${truncated ? '; there may be more lines' : ''}`,
        ...missing.map(
          ({ session, missed_bytes }) =>
            `${session}: ${missed_bytes} bytes are no longer retained, and were not searched`,
        ),
      ),
      ...longTexts.show(lines.join('\n'), max_bytes, 'lines found'),
    ];
  },
});
