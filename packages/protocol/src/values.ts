/** The shapes that several methods share. Parameters are strict, results open. */
import * as z from 'zod';
import { MAX_DURATION_MS } from './duration.ts';
import { projectFacts } from './project.ts';
import { restartRules } from './restart-policy.ts';
import { ALL_SCOPES, meansUsedLast, SCOPE_PATTERN, SCOPE_RULE } from './scope.ts';
import { workStateReasons, workStates } from './work-states.ts';

/** Rows and columns: at least 1, at most 1000 each (a session refuses more than 250 000 cells in all). */
export const MAX_SIDE = 1000;
export const MAX_CELLS = 250_000;

export const milliseconds = z.int().min(0).max(MAX_DURATION_MS);
/** All times in answers are whole milliseconds. */
export const durationMs = z.int().describe('how long it took');
export const timeoutMs = milliseconds.default(30_000).describe('Deadline in milliseconds.');

export const target = z
  .string()
  .min(1)
  .optional()
  .describe(
    "A session's name or id (default: the running session that was started or acted on last; if none runs, the last ended one).",
  );

export const scope = z
  .string()
  .refine((given) => given === ALL_SCOPES || SCOPE_PATTERN.test(given), SCOPE_RULE)
  .optional()
  .describe("where names are meant, with only its sessions; * for all (default: the client's)");

export const tag = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._:/=@-]{0,63}$/,
    'a tag is 1 to 64 letters, digits or ._:/=@- and starts with a letter or digit',
  );

/** So long ago, or a time. */
export const pastMoment = z
  .string()
  .regex(
    /^(?:-(?:\d+(?:\.\d+)?(?:ms|s|m|h))+|\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d))$/,
    'a moment is so long ago, such as -5s, or a time with its zone, such as 2026-01-31T12:00:00Z',
  )
  .refine((moment) => moment.startsWith('-') || !Number.isNaN(Date.parse(moment)), {
    message: 'there is no such time',
  });

/** How a wait ended, wherever something is waited for; each answer has those of them that it can have. */
export const outcome = z.enum(['immediate', 'matched', 'changed', 'settled', 'idle', 'exited', 'deadline']);

/** A position in the order of all events of all sessions: an integer of microseconds, below 2^53. */
export const eventCursor = z.int();

/** The session that an answer, a row or an event is about. A description of a session has `id` and `name` instead. */
export const reference = { session: z.string().describe('its name'), session_id: z.string() };

/** The same where there may be no session of the name that was given. */
export const referenceOrName = {
  ...reference,
  session_id: z.string().optional().describe('absent if no session has this name'),
};

/** Selects sessions: those that match a name or a tag. */
export const which = {
  sessions: z
    .array(
      z
        .string()
        .min(1)
        .refine((name) => !meansUsedLast(name), "SCOPE+ is no name here; 'SCOPE+*' is all of a scope"),
    )
    .min(1)
    .max(1000)
    .optional()
    .describe("names, ids, or patterns of names with * and ?, such as 'build-*'"),
  tags: z.array(tag).min(1).max(64).optional().describe('every session with one of these tags'),
  scope,
};

export const size = z.object({ cols: z.int(), rows: z.int() });

/** Of a program without a terminal. */
export const stream = z.enum(['stdout', 'stderr']);

/** In what is said of a session; absent where its program has a terminal. */
export const pipeFacts = {
  pipe: z
    .object({
      stdin: z.enum(['open', 'closed']).describe('closed: EOF was sent, or nothing reads it any more'),
    })
    .optional()
    .describe('its program runs without a terminal: stdin, stdout and stderr are pipes; else absent'),
};

export const exit = z.object({
  exit_code: z.int().nullable().describe('null when a signal ended it'),
  signal: z.string().nullable().describe("'SIGTERM' and so on"),
  success: z.boolean(),
  killed_by_client: z.boolean(),
  ended_because: z
    .enum(['client', 'ttl', 'idle_ttl', 'owner_gone'])
    .optional()
    .describe('why pilotty ended it (the first reason); absent if it ended by itself'),
  lifetime_over: z.boolean().describe('ended by the ttl, idle ttl or owner given at spawn'),
  output_complete: z.boolean().describe('whether all output of the program was read'),
});

/** How a request failed, where it is a part of an answer. */
export const requestError = z.object({
  code: z.string().describe('one of errors.md'),
  message: z.string(),
  suggestion: z.string(),
  details: z.unknown().optional(),
});

/** In an answer of which something may be missing. */
export const loss = {
  truncated: z.literal(true).optional().describe('something of it is missing; absent if it is whole'),
  missed_bytes: z
    .int()
    .optional()
    .describe('bytes of it that were dropped before they could be read; absent if none were'),
};

/** In output that a host of a fleet has kept in a stream. */
export const fromStream = z.object({
  reason: z.string().describe('why its host has not answered'),
  kept_at: z.string().describe('when its last part was kept'),
  gaps: z
    .array(z.object({ offset: z.int(), next_offset: z.int() }))
    .describe('the first 100 ranges that are missing'),
});

export const retention = z.object({
  total_bytes: z.int(),
  retained_bytes: z.int(),
  dropped_bytes: z.int(),
  truncated: z.boolean(),
});

export const foreground = z.object({
  pid: z.int().describe('leader of the foreground process group, or another member if the leader has exited'),
  process_group: z.int(),
  argv: z.array(z.string()),
  state: z.enum(['running', 'sleeping', 'stopped']).describe('sleeping: blocked, waiting for something'),
  reading: z
    .boolean()
    .nullable()
    .describe('blocked in a read of the terminal; null when the kernel does not say'),
});

export const terminal = z.object({
  echo: z.boolean().describe('the terminal shows what is typed'),
  canonical: z.boolean().describe('input is read line by line'),
  processes_output: z
    .boolean()
    .describe(
      'a newline is printed with a carriage return; off in what passes on another terminal, such as ssh',
    ),
  password_prompt: z.boolean().describe('the program reads a line with echo off'),
});

export const job = z.object({ process_group: z.int(), argv: z.array(z.string()) });

export const progress = z.object({
  state: z.enum(['running', 'error', 'indeterminate', 'paused']),
  percent: z.int().optional(),
});

export const cursor = z.object({
  row: z.int(),
  col: z.int(),
  visible: z.boolean(),
  shape: z.enum(['block', 'underline', 'bar']),
});

export const modes = z
  .object({
    application_cursor: z.boolean(),
    application_keypad: z.boolean(),
    bracketed_paste: z.boolean(),
    focus_events: z.boolean(),
    mouse: z.enum(['none', 'x10', 'press', 'drag', 'any']),
    mouse_encoding: z.enum(['default', 'utf8', 'sgr', 'urxvt', 'sgr-pixels']),
    alternate_scroll: z.boolean(),
    kitty_flags: z.int(),
    modify_other_keys: z.int(),
    synchronized_output: z.boolean(),
    insert: z.boolean(),
    wraparound: z.boolean(),
    origin: z.boolean(),
  })
  .partial()
  .describe(
    'the modes that the program has set: only those that differ from a new terminal, where wraparound is on and all else is off, 0, none or default',
  );

const color = z.union([z.int(), z.string()]).describe("a palette number from 0 to 255, or '#rrggbb'");

const hexadecimal = z.string().regex(/^#[\da-fA-F]{6}$/, "a colour is '#rrggbb'");

/** Of a terminal that a person sees. */
export const shownColors = z
  .strictObject({ foreground: hexadecimal, background: hexadecimal })
  .optional()
  .describe('colours that a person sees: a program that asks for them (OSC 10, 11) is answered with them');

/** A row as spans; what is absent is not set. */
export const styledLine = z.array(
  z.object({
    text: z.string(),
    fg: color.optional(),
    bg: color.optional(),
    bold: z.literal(true).optional(),
    dim: z.literal(true).optional(),
    italic: z.literal(true).optional(),
    underline: z.enum(['single', 'double', 'curly', 'dotted', 'dashed']).optional(),
    underline_color: color.optional(),
    blink: z.literal(true).optional(),
    inverse: z.literal(true).optional(),
    invisible: z.literal(true).optional(),
    strikethrough: z.literal(true).optional(),
    overline: z.literal(true).optional(),
    link: z.string().optional().describe('where an OSC 8 link leads'),
  }),
);

/** Something a person would see as a control. */
export const element = z.object({
  ref: z.string().describe("'@e3'; stays the same while the element stays at its place on the screen"),
  kind: z.enum([
    'box',
    'button',
    'checkbox',
    'input',
    'key_hint',
    'link',
    'list_row',
    'menu_item',
    'radio',
    'tab',
  ]),
  row: z.int(),
  col: z.int(),
  width: z.int(),
  height: z.int(),
  text: z.string(),
  focused: z.literal(true).optional(),
  checked: z.boolean().optional(),
});

export const workStateName = z.enum(workStates);

export const workState = z
  .object({
    name: workStateName,
    began_at: z.string().describe('RFC 3339, UTC; as far as that is known'),
    why: z
      .enum(workStateReasons)
      .describe('exit, set (by the program or its hooks), or what it was concluded from'),
    text: z.string().optional().describe('what it asks or reports, the command, or how it ended'),
  })
  .describe('what its program is doing; absent where that cannot be known');
/** Of a session that was started with a restart policy. */
const restartPolicyState = z
  .object({
    ...restartRules,
    in_a_row: z.int().describe('restarts since a program ran for 10 s, or a client restarted it'),
    next_restart_at: z
      .string()
      .optional()
      .describe('the program has ended, and is started again at this time; absent while it runs'),
    last_exit: exit.optional().describe('with next_restart_at: how the program ended'),
    gave_up: z
      .literal(true)
      .optional()
      .describe('the program ended after `limit` restarts in a row, and is not started again'),
  })
  .optional()
  .describe('absent if it has none');

/** Of a session whose program runs in a container; absent in others. */
export const placeFacts = {
  in: z.string().optional().describe("the container it runs in: 'docker:web'; else absent"),
  pid_inside: z.int().optional().describe("in the container; `pid` is the runtime's command then"),
};

/** What a session has started and still runs after its end. */
export const survivor = z.object({
  pid: z.int(),
  command: z.string(),
  in: z.string().optional().describe('the container that `pid` is of'),
  unknown: z.literal(true).optional().describe('it may have ended: the runtime could not be asked'),
});

/** What a program asks a person for, by its askpass program. */
export const question = z.object({
  question: z.string().describe('its id, for session.answer'),
  prompt: z.string().describe('what the program says'),
  program: z.string().nullable().describe('the command line of the program that asks; null if unknown'),
  asked_at: z.string().describe('RFC 3339, UTC'),
  ends_in_ms: z.int().describe('then the program is told that there is no answer'),
});

const sessionFacts = {
  id: z.string(),
  name: z.string().describe('in a scope its full name, SCOPE+NAME'),
  scope: z.string().optional().describe('absent if it is in none'),
  command: z.string().describe('the program and its arguments as one shell-quoted string'),
  argv: z.array(z.string()),
  pid: z.int(),
  ...placeFacts,
  ...pipeFacts,
  state: z.enum(['running', 'exited']),
  created_at: z.string().describe('RFC 3339, UTC'),
  ended_at: z.string().optional(),
  cwd: z.string().describe('working directory at the start'),
  restarts: z.int().optional().describe('how often its program was started again; absent if never'),
  restarted_at: z.string().optional().describe('when that was done last'),
  restart_policy: restartPolicyState,
  project: projectFacts,
  size,
  title: z.string().optional().describe('absent if the program has set none'),
  tags: z.array(z.string()),
  idle_ms: z.int().describe('time since the last output or input'),
  work_state: workState.optional(),
  questions: z
    .array(question)
    .optional()
    .describe('what its programs ask a person for (spawn --askpass); absent if nothing'),
  exit: exit.optional(),
};

export const sessionSummary = z.object(sessionFacts);

export const sessionStatus = z.object({
  type: z.literal('status'),
  ...sessionFacts,
  foreground: foreground.nullable().describe('the foreground process; null if unknown'),
  terminal: terminal.nullable().describe('terminal settings; null once the terminal is closed'),
  stopped_jobs: z.array(job).describe('background jobs stopped by Ctrl+Z or another signal'),
  modes,
  alternate_screen: z.literal(true).optional().describe('absent on the main screen'),
  current_directory: z
    .string()
    .nullable()
    .describe(
      'current directory of the program: as it reports (OSC 7), else as the kernel does; null if unknown',
    ),
  progress: progress
    .optional()
    .describe('progress reported by the program (OSC 9;4); absent if it reports none'),
  attached: z
    .array(z.object({ client: z.string(), read_only: z.boolean(), window: size.optional() }))
    .describe('clients that are attached'),
  typed_last: z
    .object({ client: z.string(), ago_ms: z.int() })
    .nullable()
    .describe('the client that sent the last input; null if none has'),
  keyboard: z
    .object({
      holder: z.string().nullable().describe('who alone may type; null: nobody has taken up the hand-over'),
      held_ms: z.int(),
      ends_in_ms: z.int().nullable().describe('null: with its connection'),
      hand_over: z.object({ message: z.string(), by: z.string() }).nullable(),
    })
    .nullable()
    .describe('null: everyone may type'),
  bell_count: z.int(),
  clipboard_writes: z.int().describe('number of requests to set the clipboard (OSC 52), which are ignored'),
  dropped_reply_bytes: z
    .int()
    .describe('bytes of answers to terminal queries that were dropped because the program does not read'),
  drawing_faults: z
    .object({
      count: z.int(),
      sequence: z.string().describe("kind of the last one, such as 'CSI J'"),
      screens_redrawn: z.int().describe('how often the screen was drawn anew from retained output'),
    })
    .optional()
    .describe("output that pilotty failed to draw, see the daemon's log; absent if none"),
  shell: z.object({
    integration: z
      .enum(['bash', 'zsh', 'fish', 'pwsh'])
      .optional()
      .describe('the shell that was started with integration; absent if none was'),
    at_prompt: z.boolean().nullable().describe('null if no prompt was marked yet'),
    last_command_number: z
      .int()
      .nullable()
      .describe('of the last command started, as in session.commands; null before the first'),
  }),
  term: z.string(),
  scrollback: z.int(),
  seq: z.int().describe('the last sequence number'),
  retention,
  recorded_into: z
    .array(z.string())
    .optional()
    .describe('files that it is being recorded into; absent if none'),
});
