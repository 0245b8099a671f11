/** The daemon itself. `info`, `stop` and `upgrade` answer every version of the protocol, so their shapes stay. */
import * as z from 'zod';
import { method } from '../method.ts';
import { durationMs, milliseconds, reference, survivor, which } from '../values.ts';

const readUpTo = z.string().describe('how far the log was read; pass it on to continue from here');
const quota = z.object({ used: z.int(), limit: z.int() });

export const daemonMethods = {
  'daemon.info': method({
    title: 'About the daemon',
    description: 'Which daemon answers: its process, version, files, sessions and load.',
    readOnly: true,
    params: () => z.strictObject({}),
    result: () =>
      z.object({
        type: z.literal('daemon_info'),
        pid: z.int(),
        version: z.string(),
        protocol: z.int(),
        node: z.string(),
        socket: z.string(),
        log_file: z.string(),
        policy: z
          .object({
            file: z.string(),
            audit_file: z.string(),
            rules: z.int().nullable().describe('null: the file has become malformed, and nothing is allowed'),
            problem: z.string().optional(),
          })
          .optional()
          .describe('PILOTTY_POLICY, where the daemon has one'),
        record_dir: z.string().optional().describe('every session is recorded into a file in it'),
        started_at: z.string(),
        sessions: z.int().describe('running sessions'),
        retained: z.int().describe('ended sessions that are still retained'),
        connections: z.int(),
        idle_ms: z.int().describe('since the last request'),
        idle_timeout_ms: z.int(),
        memory_bytes: z.int().describe('resident set size; the highest so far where no file can be opened'),
        quotas: z
          .object({
            sessions: quota.describe('running sessions; PILOTTY_MAX_SESSIONS'),
            retained: quota.describe('ended sessions; at the limit the oldest is evicted'),
            retained_bytes: quota.describe(
              'screens and output of ended sessions; at the limit the oldest is evicted',
            ),
            connections: quota,
          })
          .describe('usage and limit of each bounded resource'),
        long_work: z
          .object({
            count: z.int(),
            longest_ms: z.int(),
            work: z
              .string()
              .describe("the last: 'drawing output' or 'request' with its method, and the session"),
            duration_ms: durationMs,
            occurred_at: z.string().describe('RFC 3339, UTC'),
          })
          .optional()
          .describe(
            'work that delayed everything else by 200 ms or more, since its start; absent if none did',
          ),
        faults: z
          .object({
            count: z.int(),
            last: z.string().describe('what the log says of the last, and the session that it was in'),
            occurred_at: z.string().describe('RFC 3339, UTC'),
          })
          .optional()
          .describe('failures after which it went on, since its start; absent if none. The log has each'),
        lost_sessions: z.int().describe('sessions of earlier daemons that sessions.restore can start again'),
        orphans: z
          .array(z.object({ ...reference, pid: z.int(), program: z.string() }))
          .describe('programs left running by an earlier daemon that was killed'),
      }),
  }),
  'daemon.log': method({
    title: "Read the daemon's log",
    description:
      'The last lines that the daemon has written about itself, oldest first, redacted as the file is; with `follow` they come as parts, and then each new line until the request is cancelled. It is not for clients that may only look.',
    readOnly: false,
    params: () =>
      z.strictObject({
        lines: z.int().min(0).optional().describe('only so many (default: all that is kept, up to 10 MiB)'),
        read_up_to: z
          .string()
          .regex(/^\d{1,20}:\d{1,16}$/)
          .optional()
          .describe('only what stands behind that of an earlier answer'),
        follow: z.boolean().default(false).describe('go on with new lines'),
      }),
    stream: () =>
      z.object({ lines: z.array(z.string()).describe('JSON, an object each'), read_up_to: readUpTo }),
    result: () =>
      z.object({
        type: z.literal('daemon_log'),
        file: z.string().describe('where it is on the host of the daemon'),
        lines: z.array(z.string()).describe('JSON, an object each; none with `follow`'),
        read_up_to: readUpTo,
      }),
  }),
  'daemon.stop': method({
    title: 'Stop the daemon',
    description:
      'Ends every session, answers when their processes are gone, and exits. New requests are refused from the start.',
    readOnly: false,
    params: () => z.strictObject({}),
    result: () =>
      z.object({
        type: z.literal('daemon_stopped'),
        pid: z.int(),
        sessions_ended: z.int(),
        survivors: z.array(survivor),
      }),
  }),
  'daemon.upgrade': method({
    title: 'Upgrade the daemon',
    description:
      'Starts another daemon, which takes over all sessions: their programs, screens, output, events and waits go on, and cursors stay valid. Where that cannot be done for one of them the daemon is not upgraded, and goes on as it was.',
    readOnly: false,
    params: () =>
      z.strictObject({
        program: z
          .string()
          .min(1)
          .optional()
          .describe("absolute path of the new daemon's program (default: the path of the running one)"),
        node: z
          .string()
          .min(1)
          .optional()
          .describe('absolute path of the Node that runs it (default: the same)'),
      }),
    result: () =>
      z.object({
        type: z.literal('daemon_upgraded'),
        pid: z.int(),
        version: z.string(),
        previous_pid: z
          .int()
          .describe('it stays as the parent of the programs it has started, and ends with the last of them'),
        previous_version: z.string(),
        sessions: z.int().describe('running sessions that were handed over'),
        duration_ms: z.int().describe('for so long nothing was read or drawn'),
      }),
  }),
  'daemon.gc': method({
    title: 'Clean up',
    description:
      'Evicts ended sessions, ends idle sessions if `idle_ms` is given, and removes files left by daemons that were killed. A session ended by this call can still be inspected; the next call evicts it.',
    readOnly: false,
    params: () =>
      z.strictObject({
        ...which,
        idle_ms: milliseconds.optional().describe('end sessions without output and input for this long'),
        dry_run: z.boolean().default(false).describe('change nothing, only report what would be done'),
      }),
    result: () =>
      z.object({
        type: z.literal('gc_result'),
        dry_run: z.boolean(),
        evicted_sessions: z.array(z.object({ ...reference, bytes: z.int() })),
        ended_sessions: z.array(
          z.object({
            ...reference,
            idle_ms: z.int(),
            survivors: z.array(survivor).describe('processes of the session that still run'),
          }),
        ),
        removed_files: z.array(z.string()),
        freed_bytes: z.int().describe('bytes of screens, output and files'),
        message: z.string(),
      }),
  }),
};
