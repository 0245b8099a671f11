/** Following what happens, to any number of sessions. */
import * as z from 'zod';
import { eventTypes } from '../events.ts';
import { method } from '../method.ts';
import {
  eventCursor,
  exit,
  milliseconds,
  progress,
  reference,
  size,
  which,
  workState,
  workStateName,
} from '../values.ts';

let made: ReturnType<typeof eventSchema> | undefined;

/** An event as it is followed. */
export function followedEvent(): ReturnType<typeof eventSchema> {
  made ??= eventSchema();
  return made;
}

function eventSchema() {
  return z.object({
    type: z.enum([...eventTypes, 'missed']),
    event_cursor: eventCursor.describe('its position; pass it as `after` to continue from here'),
    occurred_at: z.string().describe('RFC 3339, UTC'),
    session: reference.session.optional().describe('its name at the time; absent for missed'),
    session_id: reference.session_id.optional().describe('absent for missed'),
    tags: z.array(z.string()).optional().describe('its tags at the time'),
    argv: z.array(z.string()).optional().describe('spawned'),
    pid: z.int().optional().describe('spawned, restarted'),
    cwd: z
      .string()
      .optional()
      .describe('spawned: its working directory; cwd: the directory that the program reported'),
    bytes: z.int().optional().describe('output: bytes since the previous output event of the session'),
    offset: z.int().optional().describe('output: total bytes, comparable with `since` of session.output'),
    revision: z.int().optional().describe('changed: revision of the screen'),
    seq: z.int().optional().describe('input: its sequence number; the input itself is not included'),
    idle_ms: z
      .int()
      .optional()
      .describe('idle: time since the last output or input; emitted once per idle period'),
    from: workStateName
      .nullable()
      .optional()
      .describe('state: the work_state before; null if that was not known'),
    to: workStateName.nullable().optional().describe('state: the one now; null if it is not known'),
    why: workState.shape.why.optional().describe('state: what it was concluded from'),
    text: z.string().optional().describe('state: what it asks or reports'),
    title: z
      .string()
      .optional()
      .describe('title; notification: its title, if it has one; rule: of the notification that it asks for'),
    body: z.string().optional().describe('notification; rule: of the notification that it asks for'),
    count: z
      .int()
      .nullable()
      .optional()
      .describe('bell: number of bells; missed: number of events, null if they belong to an earlier daemon'),
    progress: progress.optional().describe('progress: absent when it is removed'),
    command: z
      .string()
      .nullable()
      .optional()
      .describe('command_…: the command line, if the shell reports it'),
    exit_code: z.int().nullable().optional().describe('command_finished: if the shell reports it'),
    client: z
      .string()
      .optional()
      .describe('input, attached, detached, keyboard_…, hand_over, question_ended: label of the client'),
    question: z.string().optional().describe('asked, question_ended: its id, for session.answer'),
    prompt: z.string().optional().describe('asked: what the program says'),
    program: z.string().nullable().optional().describe('asked: command line of the program that asks'),
    read_only: z.boolean().optional().describe('attached'),
    taken_from: z.string().optional().describe('keyboard_taken: who held it before'),
    message: z.string().optional().describe('hand_over: what the person is to do'),
    size: size.optional().describe('resized'),
    previous_name: z.string().optional().describe('renamed'),
    file: z.string().optional().describe('recording_…: its file'),
    reason: z
      .string()
      .optional()
      .describe(
        'recording_ended, rule_failed: why; question_ended: answered, declined, timed_out, or withdrawn (by the program, or its end)',
      ),
    exit: exit.optional().describe('exited, rule; restarting; restarted: how the program before had ended'),
    delay_ms: z.int().optional().describe('restarting: until the program is started again'),
    in_a_row: z.int().optional().describe('restarting: restarts in a row, with this one'),
    gave_up: z
      .literal(true)
      .optional()
      .describe('exited: after as many restarts in a row as the restart policy allows'),
    rule: z.string().optional().describe("rule, rule_failed: the rule's id"),
    fired: z
      .enum(['met', 'ended', 'test', 'done'])
      .optional()
      .describe('rule: conditions were met; the session ended without; it was tried; or it ends unfired'),
    met: z.array(z.string()).optional().describe('rule: the conditions that were met'),
    match_text: z.string().optional().describe('rule: the text that was found'),
    line: z
      .string()
      .optional()
      .describe('rule: the line that it was found on; of a long one the part with it'),
    suppressed: z
      .int()
      .optional()
      .describe('rule: how often it did not fire since it fired last; absent if never'),
    action: z
      .enum(['run', 'input', 'post', 'notify', 'rule'])
      .optional()
      .describe('rule_failed: what failed; rule: the firing itself was suppressed'),
  });
}

export const watchMethods = {
  'events.follow': method({
    title: 'Follow events',
    description:
      'Emits one part per event of the selected sessions, including sessions that start later; tags and names match as they were at the time. Output and change events are emitted at most ten times a second per session. Nothing is queued for a slow reader: dropped events are counted and reported as `missed`.',
    readOnly: true,
    params: () =>
      z.strictObject({
        ...which,
        types: z.array(z.enum(eventTypes)).min(1).max(64).optional().describe('only these'),
        rules: z
          .array(z.string().min(1))
          .min(1)
          .max(1000)
          .optional()
          .describe('only rule and rule_failed, of these rules'),
        after: z
          .int()
          .min(0)
          .optional()
          .describe(
            'start after this event_cursor; 0: with the oldest retained event (default: from now on)',
          ),
        follow: z.boolean().default(true).describe('continue with future events'),
        timeout_ms: milliseconds
          .optional()
          .describe('end after this long (default: until the client ends it)'),
      }),
    stream: () => followedEvent(),
    result: () =>
      z.object({
        type: z.literal('events_end'),
        event_cursor: eventCursor.describe('everything up to here has been emitted'),
      }),
  }),
};
