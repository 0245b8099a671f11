/** Commands in a live shell, code in a live REPL: one call, the whole answer. */
import * as z from 'zod';
import { method } from '../method.ts';
import { target, timeoutMs } from '../values.ts';

export const execMethods = {
  'session.exec': method({
    title: 'Run a command in the session',
    description:
      "Runs a command in the session's own shell, so that all it changes persists, and answers with its output as it comes, its exit code and its directory. The end is told by the shell. To a shell behind ssh or another relay, and to any other program at a prompt, it is typed: stdout and stderr are one stream then. A session that is at no prompt is refused with CONDITION_FAILED; several commands at once are run one after the other. At the deadline the command goes on: `wait` waits for the rest.",
    readOnly: false,
    params: z
      .strictObject({
        session: target,
        command: z.string().optional().describe('of any number of lines; run as if it were sourced'),
        pty: z
          .boolean()
          .default(false)
          .describe('on the terminal itself: one stream, with its colours, and input from the terminal'),
        wait: z
          .boolean()
          .default(false)
          .describe('go on with the command that was still running at its deadline'),
        timeout_ms: timeoutMs,
      })
      .refine(({ command, wait }) => (command === undefined) === wait, {
        message: 'give a command, or wait for the one that runs',
      }),
    stream: z.object({
      stream: z.enum(['stdout', 'stderr']),
      data_base64: z.string(),
    }),
    result: z.object({
      type: z.literal('exec_result'),
      session: z.string(),
      outcome: z
        .enum(['done', 'deadline', 'exited'])
        .describe('exited: the shell itself ended; deadline: the command goes on'),
      exit_code: z
        .int()
        .nullable()
        .describe(
          'null at the deadline, in a REPL (see `error`), when a signal ended the shell, and where it is not known: then without `error`',
        ),
      signal: z.string().nullable().optional().describe("'SIGKILL' and so on, where one ended the shell"),
      execution_time_ms: z.int(),
      cwd: z.string().nullable().describe('of the shell, afterwards'),
      truncated: z.boolean(),
      dropped_bytes: z.int().describe('printed while nobody waited, and more than is kept: the oldest'),
      error: z.boolean().optional().describe('whether a REPL answered with an error'),
      note: z.string().optional(),
    }),
  }),
};
