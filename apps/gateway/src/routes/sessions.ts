/** Sessions: listed, started, changed, ended. */
import { callerEnvironment } from '@pilotty/client';
import { methods } from '@pilotty/protocol/schemas';
import * as z from 'zod';
import { call, type Route, route } from './route.ts';

const { shape: list } = methods['session.list'].params;
const { shape: spawn } = methods['session.spawn'].params;
const { place } = spawn.in.unwrap().shape;
const { cols, rows } = methods['session.resize'].params.shape;

/** What is not said is as it is for the gateway itself: its environment, the home directory, a login shell. */
const newSession = z
  .strictObject({
    name: spawn.name,
    preferred_name: spawn.preferred_name,
    background: spawn.background,
    command: z.string().min(1).optional().describe('a line for the shell'),
    argv: spawn.argv.optional(),
    cols: cols.default(80),
    rows: rows.default(24),
    cwd: spawn.cwd.optional().describe("working directory (default: the gateway's home directory)"),
    env: spawn.env.optional().describe('added to the environment of the gateway'),
    in: place
      .optional()
      .describe(
        'docker:NAME, podman:NAME, kubectl:POD[/CONTAINER][@NAMESPACE] or nsenter:PID; cwd and env are in there then',
      ),
    term: spawn.term,
    colors: spawn.colors,
    tags: spawn.tags,
    scrollback: spawn.scrollback,
    shell_integration: spawn.shell_integration,
    askpass: spawn.askpass,
    retain_bytes: spawn.retain_bytes,
    ttl_ms: spawn.ttl_ms,
    idle_ttl_ms: spawn.idle_ttl_ms,
    send: spawn.send,
    wait: spawn.wait,
    snapshot: spawn.snapshot,
  })
  .refine(({ command, argv }) => command === undefined || argv === undefined, {
    message: 'give either command or argv',
  });

export const sessionRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/sessions',
    id: 'listSessions',
    tag: 'sessions',
    effect: 'reads',
    summary: 'List sessions',
    params: z.strictObject({
      tag: list.tags.describe('every session with one of these tags'),
      all: list.all.describe('also ended sessions that are still retained'),
    }),
    result: methods['session.list'].result,
    run: async ({ tag, all }, { daemon }) => daemon.request('session.list', { tags: tag, all }),
  }),
  route({
    method: 'POST',
    path: '/sessions',
    id: 'createSession',
    tag: 'sessions',
    effect: 'changes',
    summary: 'Start a session: argv, a command line for the shell, or a login shell',
    params: newSession,
    result: methods['session.spawn'].result,
    status: 201,
    async run({ command, argv, cols, rows, cwd, env, in: where, ...rest }, { daemon }) {
      const { env: own, cwd: home, ...inherited } = await daemon.surroundings(rest.name);
      const [shell, login] = where === undefined ? [own.SHELL || '/bin/sh', ['-l']] : ['sh', []];
      return daemon.request('session.spawn', {
        ...rest,
        argv: argv ?? (command === undefined ? [shell, ...login] : [shell, '-c', command]),
        size: { cols, rows },
        ...(where === undefined
          ? { cwd: cwd ?? home, env: { ...callerEnvironment(own), ...env } }
          : { cwd: home, env: callerEnvironment(own), in: { place: where, cwd, env } }),
        ...inherited,
      });
    },
  }),
  call('GET', '/sessions/:session', 'session.status', { id: 'getSession', tag: 'sessions' }),
  call('PATCH', '/sessions/:session', 'session.change', { id: 'changeSession', tag: 'sessions' }),
  call('POST', '/sessions/:session/restart', 'session.restart', { id: 'restartSession', tag: 'sessions' }),
  route({
    method: 'DELETE',
    path: '/sessions/:session',
    id: 'endSession',
    tag: 'sessions',
    effect: 'changes',
    summary: 'End a session',
    params: z.strictObject({
      session: z.string().min(1),
      signal: methods['session.kill'].params.shape.signal,
      grace_ms: methods['session.kill'].params.shape.grace_ms,
    }),
    result: methods['session.kill'].result,
    run: async (given, { daemon }) => daemon.request('session.kill', given),
  }),
];
