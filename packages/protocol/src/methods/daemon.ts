/** The daemon itself. `info` and `stop` answer whatever protocol the asker speaks, so their shapes stay. */
import * as z from 'zod';
import { method } from '../method.ts';
import { milliseconds, which } from '../values.ts';

const quota = z.object({ used: z.int(), most: z.int() });
const process = z.object({ pid: z.int(), command: z.string() });

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
      quotas: z
        .object({
          sessions: quota.describe('live ones; PILOTTY_MAX_SESSIONS'),
          remembered: quota.describe('ended ones; beyond, the oldest is forgotten'),
          remembered_bytes: quota.describe('of their screens and output; beyond, the oldest is forgotten'),
          connections: quota,
        })
        .describe('how much is used of what is bounded'),
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
      survivors: z.array(process),
    }),
  }),
  'daemon.gc': method({
    title: 'Clear up',
    description:
      'Forgets ended sessions, ends live ones that nobody uses if `idle_ms` is given, and removes files that killed daemons left. What is ended now can still be looked at; the next time it is forgotten.',
    readOnly: false,
    params: z.strictObject({
      ...which,
      idle_ms: milliseconds
        .optional()
        .describe('end live sessions that had no output and no input for so long'),
      dry_run: z.boolean().default(false).describe('change nothing, only say what would be done'),
    }),
    result: z.object({
      type: z.literal('gc_result'),
      dry_run: z.boolean(),
      forgotten: z.array(z.object({ session_id: z.string(), name: z.string(), bytes: z.int() })),
      ended: z.array(
        z.object({
          session_id: z.string(),
          name: z.string(),
          idle_ms: z.int(),
          survivors: z.array(process).describe('processes that started here and still run'),
        }),
      ),
      removed_files: z.array(z.string()),
      freed_bytes: z.int().describe('of screens, output and files'),
      message: z.string(),
    }),
  }),
};
