/** Commands in a live shell, code in a live REPL: one call, the whole answer. */
import * as z from 'zod';
import { method } from '../method.ts';
import { durationMs, loss, outcome, reference, target, timeoutMs } from '../values.ts';

export const execMethods = {
  'session.exec': method({
    title: 'Run a command in the session',
    description:
      'Runs a command in the live shell of the session, so that its changes persist, and answers with its output as it is printed, its exit code and its directory. The shell reports the end. To a shell behind ssh or another relay, and to any other program at a prompt, the command is typed; stdout and stderr are then one stream. A session that is not at a prompt is refused with CONDITION_FAILED; concurrent commands run one after the other. At the deadline the command keeps running: `wait` waits for the rest.',
    readOnly: false,
    params: () =>
      z
        .strictObject({
          session: target,
          command: z.string().optional().describe('one or more lines, run as if sourced'),
          pty: z
            .boolean()
            .default(false)
            .describe(
              'run on the terminal itself: one stream, with colors, and with input from the terminal',
            ),
          wait: z
            .boolean()
            .default(false)
            .describe('wait for the command that was still running at its deadline'),
          timeout_ms: timeoutMs,
        })
        .refine(({ command, wait }) => (command === undefined) === wait, {
          message: 'give a command, or wait: true for the one that is running',
        }),
    stream: () =>
      z.object({
        stream: z.enum(['stdout', 'stderr']),
        data_base64: z.string(),
      }),
    result: () =>
      z.object({
        type: z.literal('exec_result'),
        ...reference,
        outcome: outcome
          .extract(['matched', 'exited', 'deadline'])
          .describe(
            'matched: the command has finished; exited: the shell itself ended; deadline: the command is still running',
          ),
        exit_code: z
          .int()
          .nullable()
          .describe(
            'null at the deadline, in a REPL (see `error`), if a signal ended the shell, and if it is unknown (without `error`)',
          ),
        signal: z.string().nullable().describe("the signal that ended the shell, such as 'SIGKILL', or null"),
        duration_ms: durationMs,
        cwd: z.string().nullable().describe('working directory of the shell afterwards'),
        ...loss,
        error: z.boolean().optional().describe('whether a REPL answered with an error'),
        note: z.string().optional(),
      }),
  }),
};
