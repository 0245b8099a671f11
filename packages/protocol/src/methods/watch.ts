/** Following what happens, to any number of sessions. */
import * as z from 'zod';
import { eventTypes } from '../events.ts';
import { method } from '../method.ts';
import { exit, milliseconds, progress, size, which } from '../values.ts';

const cursor = z
  .int()
  .describe('its place in the order of all events; pass it as `after` to go on from here');

export const watchMethods = {
  'events.follow': method({
    title: 'Follow events',
    description:
      'One part an event, as it happens, of the sessions that are meant, those not yet started included; tags and names count as they were at the time. Output and changes of a session are told ten times a second at most. Nothing is queued for a reader that is slow: what is dropped before it could be sent is counted and told as `missed`.',
    readOnly: true,
    params: z.strictObject({
      ...which,
      types: z.array(z.enum(eventTypes)).min(1).max(64).optional().describe('only these'),
      after: z
        .int()
        .min(0)
        .optional()
        .describe(
          'begin after this cursor; 0 begins with the oldest event there is; without it, from now on',
        ),
      follow: z.boolean().default(true).describe('go on with what is to come'),
      timeout_ms: milliseconds.optional().describe('end after this long; without it only the client ends it'),
    }),
    stream: z.object({
      type: z.enum([...eventTypes, 'missed']),
      cursor,
      time: z.string().describe('RFC 3339, UTC'),
      session_id: z.string().optional().describe('of all but missed'),
      session: z.string().optional().describe('its name at the time'),
      tags: z.array(z.string()).optional().describe('its tags at the time'),
      argv: z.array(z.string()).optional().describe('spawned'),
      pid: z.int().optional().describe('spawned'),
      cwd: z.string().optional().describe('spawned: where; cwd: where the program says it is now'),
      bytes: z.int().optional().describe("output: printed since the session's output event before"),
      offset: z.int().optional().describe('output: printed in all, as `since` of session.output counts'),
      revision: z.int().optional().describe('changed: of the screen'),
      seq: z.int().optional().describe('input: its number; what was sent is not told'),
      idle_ms: z.int().optional().describe('idle: since the last output or input, told once after each'),
      title: z.string().optional().describe('title, and notification where it has one'),
      body: z.string().optional().describe('notification'),
      count: z
        .int()
        .nullable()
        .optional()
        .describe(
          'bell: how many at once; missed: how many events, null where a daemon before this one had them',
        ),
      progress: progress.nullable().optional().describe('progress: null when it is taken back'),
      command: z.string().nullable().optional().describe('command_…: its line, where the shell tells it'),
      exit_code: z.int().nullable().optional().describe('command_finished: where the shell tells it'),
      size: size.optional().describe('resized'),
      previous_name: z.string().optional().describe('renamed'),
      exit: exit.optional().describe('exited'),
    }),
    result: z.object({
      type: z.literal('events_end'),
      cursor: z.int().describe('everything up to here has been told'),
    }),
  }),
};
