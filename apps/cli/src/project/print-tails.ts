/** Prints each line of the sessions of a project after the name of its session. */
import { type Client, plainSentence } from '@pilotty/client';
import type { Project } from '@pilotty/project';
import type { Io } from '../io.ts';
import { printJsonLine } from '../output.ts';
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
  const { stdout, signal } = io;
  const width = Math.max(...project.sessions.map(({ key }) => key.length), 1);
  await tail(client, project, {
    ...{ keys, lines, follow, signal },
    list: async () => await sessionsOf(client, io),
    async onLine({ key, text, ...of }) {
      if (json) return await printJsonLine(stdout, { type: 'line', key, ...of, text });
      const line = stdout.isTty ? plainSentence(text) : text;
      await stdout.write(`${key.padEnd(width)} | ${line}\n`);
    },
  });
}
