import { resolve } from 'node:path';
import { callerEnvironment } from '@pilotty/client';
import { methods } from '@pilotty/protocol/schemas';
import * as z from 'zod';
import { thenAnswer, thenRequest } from '../acting.ts';
import { facts } from '../answers/answer.ts';
import { thenParams } from '../params.ts';
import { tool } from '../tool.ts';

const { argv, name, cwd, env, in: inside, size, tags, askpass } = methods['session.spawn'].params.shape;
const { cols, rows } = size.unwrap().shape;
const { place } = inside.unwrap().shape;

export const spawn = tool({
  name: 'spawn',
  title: methods['session.spawn'].title,
  description:
    'Start a program in a terminal of its own, or on pipes. It goes on until it ends or kill; no shell is between: ["sh","-c","a | b"].',
  readOnly: false,
  startsDaemon: true,
  waits: true,
  params: z.strictObject({
    argv: argv.describe(''),
    name: name.describe(''),
    cwd: cwd.optional(),
    env: env.optional().describe('added to ours'),
    in: place
      .optional()
      .describe(
        'docker:NAME, podman:NAME, kubectl:POD[/CONTAINER][@NAMESPACE], nsenter:PID; cwd and env are in there',
      ),
    cols: cols.default(80),
    rows: rows.default(24),
    // As short as it is clear: every model pays for what is declared.
    pipe: z.boolean().optional(),
    tags: tags.describe(''),
    askpass: askpass.describe('sudo -A, ssh and git ask a person, not you'),
    ...thenParams,
  }),
  async run(
    { cols, rows, cwd, env, in: where, wait, screen: wanted, ...rest },
    { request, surroundings, answerWithinMs },
  ) {
    const screen = rest.pipe ? 'none' : wanted;
    const { cwd: directory, env: inherited, ...inheritance } = await surroundings(rest.name);
    const created = await request('session.spawn', {
      ...rest,
      // Not what a person's commands without a session mean.
      background: true,
      size: { cols, rows },
      ...(where === undefined
        ? { cwd: resolve(directory, cwd ?? ''), env: { ...callerEnvironment(inherited), ...env } }
        : { cwd: directory, env: callerEnvironment(inherited), in: { place: where, cwd, env } }),
      ...inheritance,
      ...thenRequest({ wait, screen }, answerWithinMs),
    });
    const { name, pid, message } = created;
    const said = /\((.*)\)$/.exec(message)?.[1];
    return [
      ...facts(`started ${name}, pid ${pid}`, said && `note: ${said}`),
      ...thenAnswer({ wait, screen }, created, answerWithinMs),
    ];
  },
});
