/**
 * A program from start to end. Its exit code is ours; where we have none of its, 124 says that the
 * deadline passed and 125 that pilotty itself failed, as with timeout(1) and docker-run(1).
 */
import { type Client, type Exit, MAX_DURATION_MS, type Params } from '@pilotty/client';
import { command, flag, lifetime, program, value } from '../command.ts';
import { exitCodeOfOwnFailure } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { printJson, printNotes } from '../output.ts';
import { collectOutput, lossOf, printOutput } from '../retained-output.ts';
import { deadlinePassed, endAtDeadline, exitCodeOf, type RunOptions, runResult } from '../run-result.ts';
import { misplacedNote, spawnOptions, spawnRequest } from '../spawn-request.ts';

/** It takes memory only as the program prints; `spawn` keeps less, because there it would stay. */
const RETAIN_BYTES = 256 * 1024 * 1024;

const options = {
  ...spawnOptions,
  stdin: flag('without a terminal: pass stdin on, and stdout and stderr as they come'),
  timeout: value('TIME', lifetime, 'time limit; then end the session and exit with 124', 't'),
};

export const declaration = command({
  name: 'run',
  summary: 'run a program to its end; print its output, exit as it does',
  description: `The output is printed when the program has ended: lines of text, at most the last 256 MiB unless
--retain-bytes or $PILOTTY_RETAIN_BYTES says otherwise. Exits with the program's code, or 128 and the signal's
number; 124 when the deadline passed, which ends the session; 125 when pilotty itself failed. Ctrl+C ends the
session too. Options stand before the program. Without --name the session is named after its program, and
never becomes the default of other commands. The program reads its terminal: stdin is not passed on;
use 'pilotty type' from elsewhere. With --stdin it has no terminal: it reads this command's stdin to its end, and what it
writes to stdout and stderr is passed on byte by byte, while it runs; it waits where the reader does.`,
  arguments: { program: program('what to run', false) },
  options,
  examples: [
    ['pilotty run npm test', 'in a terminal of its own, with its exit code'],
    ['pilotty run -t 5m --size 200x50 -- make -j4', 'with a deadline and a wide terminal'],
    [
      'pilotty run --stdin jq .total < orders.json',
      'a part of a pipeline, that others can look at meanwhile',
    ],
    ['pilotty run --json ls --color', 'the output, the exit and the time it took, as one object'],
  ],
  startsDaemon: true,
  answer: {
    only: `type session session_id outcome exit_code signal output stderr duration_ms missed_bytes
      retention{total_bytes retained_bytes dropped_bytes truncated}`,
  },
  exitCodeOfError: exitCodeOfOwnFailure,
  needsProcess: ({ term, stdin }) => term !== undefined || stdin,
  batchUnsupportedReason: ({ stdin }) => (stdin ? 'stdin has the lines of the batch' : undefined),
  async run(given, io, client) {
    // What only runs once must not take the name that other commands go by.
    const asked = await spawnRequest(given, io, false);
    const request = {
      ...asked,
      retain_bytes: asked.retain_bytes ?? RETAIN_BYTES,
      preferred_name: undefined,
      background: true,
      // Its client is gone where its daemon is: it is not to be run by another.
      ephemeral: true,
    };
    const note = misplacedNote(given, options, false);
    if (!given.json) await printNotes(io.stderr, [note]);
    if (given.stdin)
      return await (await import('../run-piped.ts')).runPiped(request, given, note, io, client);
    return await runToEnd(request, given, note, io, client);
  },
});

async function runToEnd(
  request: Params<'session.spawn'>,
  { json, timeout }: RunOptions,
  note: string | undefined,
  io: Io,
  client: Client,
): Promise<number> {
  // Not to be interrupted: a session whose answer never came could not be ended either.
  const created = await client.request('session.spawn', request);
  const session = created.session_id;
  const ended = await waitForEnd(session, timeout, io, client);
  const exit = ended ?? (await endAtDeadline(session, client));
  if (json) {
    const { content, result } = await collectOutput(client, { session }, io);
    const printed = { ...content, loss: lossOf(result) };
    await printJson(io.stdout, await runResult(client, created, ended, exit, printed, note));
  } else {
    await printOutput(client, { session }, io);
  }
  if (ended === undefined) return await deadlinePassed(created.name, { json, timeout }, io);
  return await exitCodeOf(ended);
}

/** How it ended; undefined when the deadline passed first. */
async function waitForEnd(
  session: string,
  timeout: number | undefined,
  io: Io,
  client: Client,
): Promise<Exit | undefined> {
  try {
    for (;;) {
      // A program that takes longer is waited for again.
      const params = { session, exit: true, timeout_ms: timeout ?? MAX_DURATION_MS };
      const waited = await client.request('session.wait', params, { signal: io.signal });
      if (waited.exit !== undefined) return waited.exit;
      if (timeout !== undefined) return undefined;
    }
  } catch (error) {
    if (io.signal.aborted) await client.request('session.kill', { session });
    throw error;
  }
}
