/** Whether a session can be used, as its project says. */
import { type Client, type Exit, RequestError, type Result, timeoutSignal } from '@pilotty/client';
import type { Ready } from './project.ts';
import { endOfSession, untilEvent } from './session-end.ts';

/** @throws RequestError TIMEOUT, SESSION_EXITED */
export async function waitUntilReady(
  client: Client,
  session: string,
  { conditions, timeoutMs }: Ready,
  signal: AbortSignal,
): Promise<void> {
  const endsAt = performance.now() + timeoutMs;
  const leftMs = () => Math.max(0, Math.round(endsAt - performance.now()));
  const late = (why: string) =>
    new RequestError('TIMEOUT', `it was not ready after ${timeoutMs / 1000} s${why}`);
  // Ended with 0: what fails before may be started again by its restart policy.
  if (conditions.exit && !conditions.any) await waitUntilCompleted(client, session, signal, timeoutMs);
  for (;;) {
    const run = await nextRun(client, session, leftMs, signal);
    if (run === undefined) throw late(': it has ended, and is to be started again');
    const params = { session, ...conditions, timeout_ms: leftMs() };
    const waited = await client.request('session.wait', params, { signal });
    if (waited.exit !== undefined && !(waited.holds && waited.exit.success))
      throw endedFirst(waited.exit, 'it was ready');
    if (!waited.holds)
      throw late(waited.missing.length > 0 ? `: still waiting for ${inFileWords(waited.missing)}` : '');
    if (await isStill(client, session, run, signal)) return;
  }
}

/** The file says durations with their units. */
function inFileWords(conditions: readonly string[]): string {
  return conditions.map((name) => name.replace(/_ms$/, '')).join(', ');
}

/**
 * What a program has printed is on the screen until the next one of its session is started: who asks in between would
 * find it ready.
 * @returns which of its programs runs, or was the last; undefined where none was started in time
 */
async function nextRun(
  client: Client,
  session: string,
  leftMs: () => number,
  signal: AbortSignal,
): Promise<number | undefined> {
  for (;;) {
    const { event_cursor: after } = await client.request('session.list', { sessions: [session] }, { signal });
    const status = await client.request('session.status', { session }, { signal });
    const { restarts = 0, restart_policy } = status;
    if (restart_policy?.next_restart_at === undefined) return restarts;
    const deadline = timeoutSignal(leftMs());
    const within = AbortSignal.any([signal, deadline]);
    try {
      await untilEvent(client, session, ['restarted', 'exited'], after, within);
    } catch (error) {
      signal.throwIfAborted();
      if (!deadline.aborted) throw error;
      return undefined;
    }
  }
}

/** @throws RequestError SESSION_EXITED where it has failed since */
async function isStill(client: Client, session: string, run: number, signal: AbortSignal): Promise<boolean> {
  const { exit, restarts = 0, restart_policy } = await requireNotFailed(client, session, signal);
  return exit !== undefined || (restarts === run && restart_policy?.next_restart_at === undefined);
}

/** @throws RequestError SESSION_EXITED */
export async function requireNotFailed(
  client: Client,
  session: string,
  signal: AbortSignal,
): Promise<Result<'session.status'>> {
  const status = await client.request('session.status', { session }, { signal });
  const { exit } = status;
  if (exit === undefined || exit.success) return status;
  throw new RequestError('SESSION_EXITED', howEnded(exit), { details: { exit } });
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

function howEnded(exit: Exit | undefined): string {
  if (exit === undefined) return 'it ended';
  return exit.signal === null
    ? `it ended with the exit code ${exit.exit_code}`
    : `it was ended by ${exit.signal}`;
}
