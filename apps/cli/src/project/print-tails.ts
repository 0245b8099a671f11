/** Prints each line of the sessions of a project after the name of its session. */
import { type Client, plainSentence } from '@pilotty/client';
import type { Project } from '@pilotty/project';
import type { Io } from '../io.ts';
import { printJsonLine, printJsonLines } from '../output.ts';
import { sessionsOf } from './open-project.ts';

interface Given {
  sessions: string[];
  lines: number | undefined;
  follow: boolean;
  json: boolean;
}

export async function printTails(project: Project, given: Given, io: Io, client: Client): Promise<void> {
  const { tail } = await import('@pilotty/project');
  const { sessions: keys, lines, follow, json } = given;
  const { stdout, stderr, signal } = io;
  const width = Math.max(...project.sessions.map(({ key }) => key.length), 1);
  await tail(client, project, {
    ...{ keys, lines, follow, signal },
    list: async () => await sessionsOf(client, io),
    async onLines(tailed) {
      if (json)
        return await printJsonLines(
          stdout,
          tailed.map(({ text, ...of }) => ({ type: 'line', ...of, text })),
        );
      const shown = tailed.map(
        ({ key, text }) => `${key.padEnd(width)} | ${stdout.isTty ? plainSentence(text) : text}\n`,
      );
      await stdout.write(shown.join(''));
    },
    async onGap({ key, session, session_id, stream, missed_bytes }) {
      const of = { key, session, session_id, ...(stream && { stream }) };
      if (json) return await printJsonLine(stdout, { type: 'missed', ...of, missed_bytes });
      const which = stream === undefined ? '' : ` stream=${stream}`;
      await stderr.write(`retention: key=${key}${which} missed_bytes=${missed_bytes}\n`);
    },
  });
}
