import { callerEnvironment } from '@pilotty/client';
import { methods } from '@pilotty/protocol/schemas';
import * as z from 'zod';
import { type Answer, facts } from '../answers/answer.ts';
import { inToolWords } from '../answers/tool-words.ts';
import { type Call, tool } from '../tool.ts';

const { sessions } = methods['sessions.lost'].params.shape;

export const restore = tool({
  name: 'restore',
  title: methods['sessions.restore'].title,
  description:
    'Start sessions of a daemon that was killed again: same names, tags, directories and arguments; their environment is ours. Without sessions or all: list what was lost.',
  readOnly: false,
  isDefault: false,
  startsDaemon: true,
  params: z
    .strictObject({
      sessions: sessions.describe('names or ids'),
      all: z.boolean().default(false),
      forget: z.boolean().default(false).describe('start nothing: remove what is kept of them'),
    })
    .refine(({ sessions, all }) => !all || sessions === undefined, {
      message: 'give sessions or all, not both',
    })
    .refine(({ sessions, all, forget }) => !forget || all || sessions !== undefined, {
      message: 'forget needs sessions or all',
    }),
  async run({ sessions, all, forget }, { request, surroundings }) {
    if (sessions === undefined && !all) return await lost(request);
    const { cwd: _, env, ...inheritance } = await surroundings();
    const { results, message } = await request('sessions.restore', {
      ...(sessions && { sessions }),
      all,
      forget,
      env: callerEnvironment(env),
      ...inheritance,
    });
    const lines = results.map(({ session, ok, pid, error }) => {
      if (!ok) return `${session}: ${error?.code}: ${inToolWords(error?.message ?? '')}`;
      return pid === undefined ? `${session}: forgotten` : `${session}: started again, pid ${pid}`;
    });
    return facts(...(lines.length === 0 ? [message] : lines));
  },
});

async function lost(request: Call['request']): Promise<Answer> {
  const found = await request('sessions.lost', {});
  if (found.sessions.length === 0) return facts('no session was lost');
  return facts(
    ...found.sessions.map(({ name, still_runs: stillRuns, pid, lost_at: at, tags, cwd, command }) => {
      const state = stillRuns ? `its program still runs, pid ${pid}` : 'can be started again';
      const tagged = tags.length === 0 ? '' : `, tags ${tags.join(' ')}`;
      return `${name}: lost at ${at}, ${state}${tagged}, in ${cwd}: ${command}`;
    }),
  );
}
