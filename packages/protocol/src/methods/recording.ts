/** What is printed, as a file that can be played: asciicast, the format of asciinema. */
import * as z from 'zod';
import { method } from '../method.ts';
import { durationMs, reference, scope, target } from '../values.ts';

/** A header and a screen must fit. */
const MIN_BYTES = 64 * 1024;
/** A day of a program that never stops printing. */
const MAX_BYTES = 1024 ** 4;

const file = z.string().min(1).max(4096);

/** How a recording is made, wherever one can be asked for. */
const recordingOptions = {
  format: z.enum(['v3', 'v2']).default('v3').describe('version of asciicast'),
  input: z
    .boolean()
    .default(false)
    .describe('also what is typed; never a secret, nor a line that is read with the echo off'),
  redact: z
    .string()
    .min(1)
    .max(4096)
    .optional()
    .describe('RE2; what matches is recorded as asterisks, as is what matches PILOTTY_REDACT'),
  max_bytes: z
    .int()
    .min(MIN_BYTES)
    .max(MAX_BYTES)
    .default(256 * 1024 * 1024)
    .describe('the recording ends at this size, or goes on in a new file with `rotate`'),
  rotate: z
    .int()
    .min(0)
    .max(1000)
    .default(0)
    .describe('at `max_bytes` begin the file anew, and keep the last N as FILE.1, FILE.2 and so on'),
};

const filePath = file.describe(
  'absolute path of a file that does not exist yet (default: one in the directory for recordings)',
);

/** Of session.spawn. */
export const recordParam = z.strictObject({ file: filePath.optional(), ...recordingOptions }).optional();

const recording = z.object({
  ...reference,
  file: z.string(),
  format: z.enum(['v3', 'v2']),
  input: z.boolean(),
  state: z.enum(['active', 'ended']),
  ended_because: z
    .enum(['stopped', 'exited', 'limit', 'failed'])
    .optional()
    .describe('exited: the program has ended; limit: `max_bytes`; failed: the file could not be written'),
  started_at: z.string().describe('RFC 3339, UTC'),
  duration_ms: durationMs,
  bytes: z.int().describe('written so far, by all its files'),
  note: z.string().optional().describe('why it ended, in words'),
});

export const recordingMethods = {
  'recording.start': method({
    title: 'Record a session',
    description:
      'Records what the session prints, its size and its end into a new file, from now on; the recording begins with the screen as it is. It never holds the session up: where the file cannot be written, the recording ends, with an event and a note.',
    readOnly: false,
    params: () => z.strictObject({ session: target, file: filePath.optional(), ...recordingOptions }),
    result: () => z.object({ type: z.literal('recording_started'), recording }),
  }),
  'recording.stop': method({
    title: 'Stop recording a session',
    description: 'Ends the recordings of a session, or one of them; answers once all is in the file.',
    readOnly: false,
    params: () =>
      z.strictObject({ session: target, file: file.optional().describe('only the one into this file') }),
    result: () =>
      z.object({
        type: z.literal('recordings_stopped'),
        recordings: z.array(recording),
        note: z.string().optional(),
      }),
  }),
  'recording.mark': method({
    title: 'Mark a moment in a recording',
    description: 'Adds a marker to the recordings of a session; players can jump to it.',
    readOnly: false,
    params: () => z.strictObject({ session: target, label: z.string().max(1000).default('') }),
    result: () =>
      z.object({
        type: z.literal('recording_marked'),
        ...reference,
        label: z.string(),
        marks: z.array(z.object({ file: z.string(), at_ms: z.int().describe('since its beginning') })),
      }),
  }),
  'recording.list': method({
    title: 'List recordings',
    description:
      'Recordings of all sessions, or of one, oldest first: those under way, and the last 1000 that have ended since the daemon was started.',
    readOnly: true,
    params: () => z.strictObject({ session: target, scope }),
    result: () => z.object({ type: z.literal('recordings'), recordings: z.array(recording) }),
  }),
  'recording.read': method({
    title: 'Read a recording',
    description: 'The file of a recording that `recording.list` names, as far as it is written.',
    readOnly: true,
    params: () => z.strictObject({ file }),
    stream: () => z.object({ text: z.string() }),
    result: () => z.object({ type: z.literal('recording_read'), file: z.string(), bytes: z.int() }),
  }),
};
