/**
 * All of stdin, or of a file that may be a FIFO, for a command that sends it. It ends at the command's deadline: who
 * starts a command often leaves it a pipe that is never closed.
 */
import { RequestError } from '@pilotty/client';
import { readAll } from '@pilotty/client/node';
import type { Io } from './io.ts';
import { streamFile } from './read-file.ts';
import { UsageError } from './usage-error.ts';

/** What the options call the default deadline. */
const DEFAULT_TIMEOUT_MS = 30_000;
/** The program that writes the pipe has to start first, also where the deadline is shorter. */
const MIN_TIMEOUT_MS = 1_000;

/**
 * On a terminal it is read only when '-' asks for it.
 * @param argument what would be given instead: 'COMMAND'
 * @param given '-' where stdin was asked for
 * @throws UsageError when a terminal would be read unasked; RequestError at the deadline, or where it is too long
 */
export async function readStdin(
  argument: string,
  given: string | undefined,
  timeoutMs: number | undefined,
  io: Io,
): Promise<Buffer> {
  if (io.stdinIsTty && given === undefined)
    throw new UsageError(
      `${argument} is missing, and stdin is a terminal`,
      `Give ${argument}, or '-' to enter the text here up to Ctrl+D.`,
    );
  // A person who types at a terminal takes the time it takes.
  if (io.stdinIsTty && timeoutMs === undefined) return await readAll(io.stdin(), 'stdin', io.signal);
  return await readUntil(
    timeoutMs,
    'stdin',
    `Give ${argument}, or close stdin (</dev/null); for input that takes longer, a longer --timeout.`,
    io,
    (signal) => io.stdin(signal),
  );
}

/** @throws RequestError when it cannot be read, has not ended at the deadline, or is too long */
export async function readFileArgument(path: string, timeoutMs: number | undefined, io: Io): Promise<Buffer> {
  return await readUntil(
    timeoutMs,
    `'${path}'`,
    'What writes it has to close it; for one that takes longer, give a longer --timeout.',
    io,
    (signal) => streamFile(path, io, signal),
  );
}

async function readUntil(
  timeoutMs: number | undefined,
  name: string,
  suggestion: string,
  io: Io,
  open: (signal: AbortSignal) => AsyncIterable<Uint8Array>,
): Promise<Buffer> {
  const ms = Math.max(timeoutMs ?? DEFAULT_TIMEOUT_MS, MIN_TIMEOUT_MS);
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(), ms);
  try {
    return await readAll(open(deadline.signal), name, deadline.signal);
  } catch (error) {
    if (!deadline.signal.aborted || io.signal.aborted) throw error;
    throw new RequestError('TIMEOUT', `${name} has not ended in ${ms} ms; nothing was sent`, { suggestion });
  } finally {
    clearTimeout(timer);
  }
}
