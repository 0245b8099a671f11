/** The end of a session: not of one of its programs, which its restart policy may start again. */
import { type Client, type Exit, MAX_DURATION_MS } from '@pilotty/client';

/** @returns how its last program ended */
export async function endOfSession(
  client: Client,
  session: string,
  signal: AbortSignal,
): Promise<Exit | undefined> {
  for (;;) {
    const { event_cursor: after } = await client.request('session.list', { sessions: [session] }, { signal });
    const status = await client.request('session.status', { session }, { signal });
    if (status.state === 'exited') return status.exit;
    // Of what happens from here on nothing is missed: it comes after the cursor.
    await untilExited(client, session, after, signal);
  }
}

async function untilExited(
  client: Client,
  session: string,
  after: number,
  signal: AbortSignal,
): Promise<void> {
  const ended = new AbortController();
  try {
    const params = { sessions: [session], types: ['exited' as const], after, timeout_ms: MAX_DURATION_MS };
    const onEvent = () => ended.abort();
    await client.request('events.follow', params, {
      signal: AbortSignal.any([signal, ended.signal]),
      onEvent,
    });
  } catch (error) {
    signal.throwIfAborted();
    if (!ended.signal.aborted) throw error;
  }
}
