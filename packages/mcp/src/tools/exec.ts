import { methods } from '@pilotty/protocol/schemas';
import * as z from 'zod';
import { exitText, facts, took } from '../answers/answer.ts';
import { Collected } from '../answers/collect.ts';
import { readable } from '../answers/readable.ts';
import { inToolWords } from '../answers/tool-words.ts';
import { maxBytes, session, timeoutMs } from '../params.ts';
import { tool } from '../tool.ts';

const { command, pty } = methods['session.exec'].params.shape;

export const exec = tool({
  name: 'exec',
  title: methods['session.exec'].title,
  description:
    'Run a command in the shell of a session, or code in its python, node or sqlite3: all of its output and the exit code, without a screen. State stays (cd, variables). Refused, with nothing sent, unless the prompt waits.',
  readOnly: false,
  waits: true,
  params: z
    .strictObject({
      session,
      command: command.describe('one or more lines'),
      continue: z.boolean().default(false).describe('instead: wait for the command that still runs'),
      pty: pty.describe('with a terminal: colors, input'),
      timeout_ms: timeoutMs,
      max_bytes: maxBytes,
    })
    .refine(({ command, continue: goesOn }) => (command === undefined) === goesOn, {
      message: 'give command, or continue: true',
    }),
  async run(given, { request, longTexts, answerWithinMs }) {
    const { session, command, pty, continue: wait, timeout_ms, max_bytes } = given;
    const streams = { stdout: new Collected(), stderr: new Collected() };
    const result = await request(
      'session.exec',
      { session, command, pty, wait, timeout_ms: Math.min(timeout_ms, answerWithinMs) },
      ({ stream, data_base64 }) => streams[stream].add(Buffer.from(data_base64, 'base64')),
    );
    const { outcome, error, missed_bytes: missed } = result;
    const runs = outcome === 'deadline';
    const ended = error === undefined ? exitText(result) : error ? 'an error' : 'no error';
    const how = runs
      ? `outcome: ${timeout_ms > answerWithinMs ? 'still_waiting' : 'deadline'}`
      : `${outcome === 'exited' ? 'the session ended: ' : ''}${ended}`;
    const stderr = readable(streams.stderr.text).trimEnd();
    return [
      ...facts(
        `${how}${took(result.duration_ms)}${result.cwd === null ? '' : `, in ${result.cwd}`}`,
        runs
          ? `the command still runs: exec ${JSON.stringify({ session, continue: true })} waits for the rest`
          : undefined,
        runs || result.note === undefined ? undefined : inToolWords(result.note),
        missed === undefined ? undefined : `${missed} bytes of its output were dropped`,
      ),
      ...longTexts.show(
        readable(streams.stdout.text).trimEnd(),
        max_bytes,
        `stdout of a command in ${session}`,
      ),
      ...(stderr === '' ? [] : facts('stderr:')),
      ...longTexts.show(stderr, max_bytes, `stderr of a command in ${session}`),
    ];
  },
});
