/**
 * All of stdin, for a command that was given no other text. It ends at the command's deadline: who starts a command
 * often leaves it a pipe that is never closed. On a terminal it is read only when '-' asks for it.
 */
import { RequestError } from '@pilotty/client';
import type { Io } from './io.ts';
import { UsageError } from './usage-error.ts';

/** What the options call the default deadline. */
const DEFAULT_TIMEOUT_MS = 30_000;
/** The program that writes the pipe has to start first, also where the deadline is shorter. */
const MIN_TIMEOUT_MS = 1_000;

/**
 * @param argument what would be given instead: 'COMMAND'
 * @param given '-' where stdin was asked for
 * @throws UsageError when a terminal would be read unasked, RequestError TIMEOUT at the deadline
 */
export async function readStdin(
  argument: string,
  given: string | undefined,
  timeoutMs: number | undefined,
  io: Io,
): Promise<Uint8Array> {
  if (io.stdinIsTty && given === undefined)
    throw new UsageError(
      `${argument} is missing, and stdin is a terminal`,
      `Give ${argument}, or '-' to enter the text here up to Ctrl+D.`,
    );
  // Somebody who types at a terminal takes the time it takes.
  if (io.stdinIsTty && timeoutMs === undefined) return await io.readStdin();
  const ms = Math.max(timeoutMs ?? DEFAULT_TIMEOUT_MS, MIN_TIMEOUT_MS);
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(), ms);
  try {
    return await io.readStdin(deadline.signal);
  } catch (error) {
    if (!deadline.signal.aborted || io.signal.aborted) throw error;
    throw new RequestError('TIMEOUT', `stdin has not ended in ${ms} ms; nothing was sent`, {
      suggestion: `Give ${argument}, or close stdin (</dev/null); for input that takes longer, a longer --timeout.`,
    });
  } finally {
    clearTimeout(timer);
  }
}
