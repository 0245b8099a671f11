/** The daemon itself. These two answer whatever protocol the asker speaks, so their shapes stay. */
import * as z from 'zod';
import { method } from '../method.ts';

export const daemonMethods = {
  'daemon.info': method({
    title: 'About the daemon',
    description: 'Which daemon answers: its process, version, files, sessions and load.',
    readOnly: true,
    params: z.strictObject({}),
    result: z.object({
      type: z.literal('daemon_info'),
      pid: z.int(),
      version: z.string(),
      protocol: z.int(),
      node: z.string(),
      socket: z.string(),
      log_file: z.string(),
      started_at: z.string(),
      sessions: z.int().describe('live ones'),
      remembered: z.int().describe('ended ones that can still be looked at'),
      connections: z.int(),
      idle_ms: z.int().describe('since the last request'),
      idle_timeout_ms: z.int(),
      memory_bytes: z.int().describe('resident set size'),
      orphans: z
        .array(z.object({ pid: z.int(), name: z.string(), program: z.string() }))
        .describe('programs that a daemon before this one left running when it was killed'),
    }),
  }),
  'daemon.stop': method({
    title: 'Stop the daemon',
    description:
      'Ends every session, answers when they are gone, and ends. From the first moment on nothing new is accepted.',
    readOnly: false,
    params: z.strictObject({}),
    result: z.object({
      type: z.literal('daemon_stopped'),
      pid: z.int(),
      sessions_ended: z.int(),
      survivors: z.array(z.object({ pid: z.int(), command: z.string() })),
    }),
  }),
};
