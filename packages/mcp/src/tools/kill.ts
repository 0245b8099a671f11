import { methods } from '@pilotty/protocol/schemas';
import * as z from 'zod';
import { exitText, facts } from '../answers/answer.ts';
import { inToolWords } from '../answers/tool-words.ts';
import { tool } from '../tool.ts';

const { sessions, tags, signal } = methods['session.kill'].params.shape;

export const kill = tool({
  name: 'kill',
  title: methods['session.kill'].title,
  description: 'End sessions and all their processes; their output can still be read for a while.',
  readOnly: false,
  idempotent: true,
  openWorld: false,
  params: z
    .strictObject({
      sessions: sessions.describe('names or patterns: build-*'),
      tags: tags.describe(''),
      signal: signal.describe('KILL follows after 2 s'),
    })
    .refine(({ sessions, tags }) => sessions !== undefined || tags !== undefined, {
      message: 'give sessions or tags',
    }),
  async run(asked, { request }) {
    const { results, message } = await request('session.kill', asked);
    const lines = results.map(({ session, ok, already_ended: before, exit, survivors = [], error }) => {
      if (!ok) return `${session}: ${error?.code}: ${inToolWords(error?.message ?? '')}`;
      const left = survivors.map(({ pid, command }) => `; still runs: ${pid} ${command}`).join('');
      const how = exit ? exitText(exit) : '';
      const ended = before ? 'had ended' : how.startsWith('ended') ? '' : 'ended';
      return `${session}: ${[ended, how].filter((part) => part !== '').join(', ')}${left}`;
    });
    return facts(...(lines.length === 0 ? [message] : lines));
  },
});
