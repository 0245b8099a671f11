/** Whether a session can be used, as its project says. */
import { type Client, type Exit, RequestError, timeoutSignal } from '@pilotty/client';
import type { Ready } from './project.ts';
import { endOfSession } from './session-end.ts';

/** @throws RequestError TIMEOUT, SESSION_EXITED */
export async function waitUntilReady(
  client: Client,
  session: string,
  { conditions, timeoutMs }: Ready,
  signal: AbortSignal,
): Promise<void> {
  // Ended with 0: what fails before may be started again by its restart policy.
  if (conditions.exit && !conditions.any) await waitUntilCompleted(client, session, signal, timeoutMs);
  const params = { session, ...conditions, timeout_ms: timeoutMs };
  const waited = await client.request('session.wait', params, { signal });
  if (waited.holds) {
    if (waited.exit !== undefined && !waited.exit.success) throw endedFirst(waited.exit, 'it was ready');
    return;
  }
  if (waited.exit !== undefined) throw endedFirst(waited.exit, 'it was ready');
  const missing = waited.missing.length > 0 ? `: still waiting for ${waited.missing.join(', ')}` : '';
  throw new RequestError('TIMEOUT', `it was not ready after ${timeoutMs / 1000} s${missing}`);
}

/** @throws RequestError SESSION_EXITED when it ended with another code than 0; TIMEOUT */
export async function waitUntilCompleted(
  client: Client,
  session: string,
  signal: AbortSignal,
  timeoutMs?: number,
): Promise<void> {
  const deadline = timeoutMs === undefined ? undefined : timeoutSignal(timeoutMs);
  const exit = await endOfSession(
    client,
    session,
    deadline ? AbortSignal.any([signal, deadline]) : signal,
  ).catch((error: unknown) => {
    signal.throwIfAborted();
    if (!deadline?.aborted) throw error;
    throw new RequestError('TIMEOUT', `it had not ended after ${(timeoutMs ?? 0) / 1000} s`);
  });
  if (exit === undefined || !exit.success) throw endedFirst(exit, 'it was completed');
}

function endedFirst(exit: Exit | undefined, before: string): RequestError {
  return new RequestError('SESSION_EXITED', `${howEnded(exit)} before ${before}`, { details: { exit } });
}

export function howEnded(exit: Exit | undefined): string {
  if (exit === undefined) return 'it ended';
  return exit.signal === null
    ? `it ended with the exit code ${exit.exit_code}`
    : `it was ended by ${exit.signal}`;
}
