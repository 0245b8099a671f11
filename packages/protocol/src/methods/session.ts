/** A session's life: started, listed, changed, ended. */
import * as z from 'zod';
import { acted, actParams } from '../conditions.ts';
import { screenState } from '../look.ts';
import { method } from '../method.ts';
import { projectParam } from '../project.ts';
import { restartPolicyParam } from '../restart-policy.ts';
import {
  eventCursor,
  exit,
  MAX_SIDE,
  milliseconds,
  pipeFacts,
  placeFacts,
  reference,
  referenceOrName,
  requestError,
  scope,
  sessionStatus,
  sessionSummary,
  shownColors,
  size,
  survivor,
  tag,
  target,
  which,
} from '../values.ts';
import { recordParam } from './recording.ts';

const rows = z.int().min(1).max(MAX_SIDE);
/** A wide character needs two; the screen is drawn by an emulator that has no fewer. */
const cols = z.int().min(2).max(MAX_SIDE);
/** pid_t; no system gives more. */
const MAX_PID = 2_147_483_647;
const signalName = z
  .string()
  .regex(/^(SIG)?[A-Z0-9]+$/i, 'a signal is a name such as TERM or SIGINT, or a number');

/** Where a program is started that is not to run among those of this host. */
const inside = z.strictObject({
  place: z
    .string()
    .describe(
      'docker:NAME, podman:NAME, kubectl:POD[/CONTAINER][@NAMESPACE], or nsenter:PID: the namespaces of a process',
    ),
  cwd: z.string().min(1).optional().describe('working directory in there (default: as the runtime has it)'),
  env: z.record(z.string(), z.string()).default({}).describe('added to the environment in there'),
});

const amount = z.int().min(0).nullable();
const limit = z.strictObject({ soft: amount, hard: amount }).optional();

/** Of the client, where it starts programs. */
export const inherited = {
  env: z.record(z.string(), z.string()).describe('the whole environment'),
  umask: z.int().min(0).max(0o777).optional().describe("of the program (default: the daemon's)"),
  nice: z.int().min(-20).max(19).optional().describe("of the program (default: the daemon's)"),
  limits: z
    .strictObject({
      cpu: limit,
      fsize: limit,
      data: limit,
      stack: limit,
      core: limit,
      rss: limit,
      nproc: limit,
      nofile: limit,
      memlock: limit,
      as: limit,
    })
    .optional()
    .describe("named as by prlimit(1), null for unlimited; at most the daemon's own; Linux only"),
};

export const sessionMethods = {
  'session.spawn': method({
    title: 'Start a session',
    description:
      'Starts a program on its own terminal, or with `pipe` without one. It inherits environment, working directory, umask, nice value and limits from the client, not from the daemon. Answers once the program runs; if it cannot be started, no session is created.',
    readOnly: false,
    params: () =>
      z.strictObject({
        argv: z.array(z.string()).min(1).describe('the program and its arguments'),
        name: z
          .string()
          .optional()
          .describe(
            '1 to 64 letters, digits or ._-, or SCOPE+NAME; other characters become -; SESSION_EXISTS if it is in use',
          ),
        scope: scope.describe("of its name, where that has none (default: the client's)"),
        preferred_name: z.string().optional().describe('used if it is free and no name is given'),
        background: z
          .boolean()
          .default(false)
          .describe('named after its program, and never the session used last'),
        cwd: z.string(),
        ...inherited,
        in: inside
          .optional()
          .describe(
            "start it in a container, with the runtime's own command, whose directory and environment `cwd` and `env` are then",
          ),
        pipe: z
          .boolean()
          .default(false)
          .describe(
            'without a terminal: stdin, stdout and stderr are pipes; what needs a terminal is refused with NO_TERMINAL',
          ),
        size: z.strictObject({ cols, rows }).default({ cols: 80, rows: 24 }),
        term: z.string().min(1).default('xterm-256color'),
        colors: shownColors,
        tags: z.array(tag).max(64).default([]),
        scrollback: z
          .int()
          .min(0)
          .max(1_000_000)
          .optional()
          .describe('lines retained above the screen (default: 1000)'),
        shell_integration: z
          .boolean()
          .default(true)
          .describe('make an interactive bash, zsh, fish or pwsh emit marks for prompts and commands'),
        keep_input: z
          .boolean()
          .default(false)
          .describe('keep what is sent to it for session.inputs, which makes a test or a script of it'),
        retain_bytes: z.int().min(0).max(1_073_741_824).optional().describe('bytes of output retained'),
        ttl_ms: milliseconds.optional().describe('end it this long after its start'),
        idle_ttl_ms: milliseconds.optional().describe('end it after this long without output and input'),
        owner_pid: z
          .int()
          .min(1)
          .max(MAX_PID)
          .optional()
          .describe('end it within seconds after this process has exited'),
        send: z
          .string()
          .optional()
          .describe('first input, typed once the program reads, followed by Enter; the wait counts from it'),
        restart_policy: restartPolicyParam,
        project: projectParam,
        askpass: z
          .boolean()
          .default(false)
          .describe(
            'what sudo -A, ssh and git would ask at the terminal, they ask a person with session.answer: SUDO_ASKPASS, SSH_ASKPASS and GIT_ASKPASS are set',
          ),
        ephemeral: z.boolean().default(false).describe('nothing of it is kept on disk for sessions.restore'),
        record: recordParam.describe('record it from its first output on, as recording.start does'),
        wait: actParams.wait,
        snapshot: actParams.snapshot,
      }),
    result: () =>
      z.object({
        type: z.literal('session_created'),
        session_id: z.string(),
        name: z.string(),
        pid: z.int(),
        ...placeFacts,
        ...pipeFacts,
        command: z.string(),
        argv: z.array(z.string()),
        cwd: z.string(),
        size,
        message: z.string(),
        recorded_into: z.array(z.string()).optional().describe('files that it is recorded into'),
        event_cursor: eventCursor.describe('before its start, for sessions.wait and events.follow'),
        ...acted,
      }),
  }),
  'session.kill': method({
    title: 'End sessions',
    description:
      'Sends TERM (or another signal) to the process group and to every other process that has the terminal open, then KILL after a grace period. Answers when they are gone, and reports survivors.',
    readOnly: false,
    params: () =>
      z.strictObject({
        session: target,
        ...which,
        all: z.boolean().default(false),
        signal: signalName.default('TERM'),
        grace_ms: milliseconds.default(2000).describe('grace period before KILL'),
      }),
    result: () =>
      z.object({
        type: z.literal('sessions_killed'),
        results: z.array(
          z.object({
            ...referenceOrName,
            ok: z.boolean(),
            already_ended: z.literal(true).optional().describe('before this request, which is not an error'),
            exit: exit.optional().describe('if ok'),
            survivors: z
              .array(survivor)
              .optional()
              .describe('if it was ended by this request: processes of the session that still run'),
            error: requestError
              .optional()
              .describe('if not ok: it did not end, or there is none of this name'),
          }),
        ),
        message: z.string(),
      }),
  }),
  'session.restart': method({
    title: 'Run the program of a session again',
    description:
      'Ends the program and its processes as session.kill does, if it runs, and starts it again in the same session: same name, id, tags, arguments, directory and environment as at its spawn, at the size it has now. Viewers, recordings and waits go on, output and its offsets too: in between the screen is emptied into the scrollback, and modes are reset. Also for an ended session that is still retained. Refused with nothing done if the program or directory is gone.',
    readOnly: false,
    params: () =>
      z.strictObject({
        session: target,
        signal: signalName.default('TERM'),
        grace_ms: milliseconds.default(2000).describe('grace period before KILL'),
        wait: actParams.wait,
        snapshot: actParams.snapshot,
      }),
    result: () =>
      z.object({
        type: z.literal('session_restarted'),
        ...reference,
        pid: z.int(),
        restarts: z.int().describe('how often it has been restarted'),
        output_offset: z.int().describe('where the output of the new program begins'),
        survivors: z.array(survivor).describe('processes of the program before that still run'),
        message: z.string(),
        ...acted,
      }),
  }),
  'session.signal': method({
    title: 'Send a signal',
    description:
      'Sends a signal to the foreground process group of the terminal, as Ctrl+C would; in a container, to that in there.',
    readOnly: false,
    params: () => z.strictObject({ session: target, ...actParams, signal: signalName }),
    result: () =>
      z.object({
        type: z.literal('signal_sent'),
        ...reference,
        signal: z.string(),
        process_group: z.int(),
        message: z.string(),
        ...acted,
      }),
  }),
  'session.list': method({
    title: 'List sessions',
    description: 'Running sessions, oldest first; with `all`, also ended ones that are still retained.',
    readOnly: true,
    params: () => z.strictObject({ ...which, all: z.boolean().default(false) }),
    result: () =>
      z.object({
        type: z.literal('sessions'),
        sessions: z.array(sessionSummary),
        lost_sessions: z
          .int()
          .optional()
          .describe('how many sessions of earlier daemons sessions.restore can start again; absent if none'),
        event_cursor: eventCursor.describe('at this answer, for sessions.wait and events.follow'),
      }),
  }),
  'session.status': method({
    title: 'Show the state of a session',
    description: 'State, process, size, title, modes, foreground process, idle time, retention and exit.',
    readOnly: true,
    params: () => z.strictObject({ session: target }),
    result: () => sessionStatus,
  }),
  'session.inspect': method({
    title: 'Report on a session',
    description:
      'All that a bug report needs, in one answer: state, screen, the output of the last minute, events, the lines of the log that are about it, and the daemon. What matches PILOTTY_REDACT is left out.',
    readOnly: true,
    params: () => z.strictObject({ session: target }),
    result: () =>
      z.object({
        type: z.literal('inspection'),
        ...reference,
        taken_at: z.string().describe('RFC 3339, UTC'),
        redacted: z.boolean().describe('PILOTTY_REDACT is set, and was applied'),
        session_status: sessionStatus,
        screen: screenState.describe(
          'as session.snapshot; with PILOTTY_REDACT, rows are joined where they wrap',
        ),
        output: z.string().describe('lines printed in the last minute, at most 64 KiB of them'),
        events: z.array(z.unknown()).describe('the last 100, as events.follow'),
        log: z.array(z.unknown()).describe('the last 100 lines about it'),
        daemon: z.unknown().describe('as daemon.info'),
      }),
  }),
  'session.rename': method({
    title: 'Rename a session',
    description:
      'Renames a running session; its id stays, and its scope if the name has none. Its processes keep the old PILOTTY_SESSION.',
    readOnly: false,
    params: () => z.strictObject({ session: target, name: z.string() }),
    result: () =>
      z.object({
        type: z.literal('session_renamed'),
        session_id: z.string(),
        name: z.string(),
        previous_name: z.string(),
        message: z.string(),
      }),
  }),
  'session.tag': method({
    title: "Change a session's tags",
    description: 'Adds and removes tags; answers with the resulting tags.',
    readOnly: false,
    params: () =>
      z.strictObject({
        session: target,
        add: z.array(tag).max(64).default([]),
        remove: z.array(tag).max(64).default([]),
      }),
    result: () =>
      z.object({
        type: z.literal('session_tags'),
        ...reference,
        tags: z.array(z.string()),
      }),
  }),
  'session.change': method({
    title: 'Change several things at once',
    description: 'Name, tags and size, all or nothing.',
    readOnly: false,
    params: () =>
      z
        .strictObject({
          session: target,
          name: z.string().optional(),
          add_tags: z.array(tag).max(64).default([]),
          remove_tags: z.array(tag).max(64).default([]),
          cols: cols.optional(),
          rows: rows.optional(),
        })
        .refine(({ cols, rows }) => (cols === undefined) === (rows === undefined), {
          message: 'cols and rows need each other',
        }),
    result: () => sessionStatus,
  }),
  'session.resize': method({
    title: 'Resize the terminal',
    description:
      'Changes the size and notifies the program (SIGWINCH). From 2 columns and 1 row up to 250 000 cells.',
    readOnly: false,
    params: () => z.strictObject({ session: target, ...actParams, cols, rows }),
    result: () =>
      z.object({
        type: z.literal('resized'),
        ...reference,
        size,
        seq: z.int(),
        message: z.string(),
        ...acted,
      }),
  }),
};
