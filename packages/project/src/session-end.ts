/** The end of a session: not of one of its programs, which its restart policy may start again. */
import { type Client, type EventType, type Exit, MAX_DURATION_MS } from '@pilotty/client';

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
    await untilEvent(client, session, ['exited'], after, signal);
  }
}

/** @param after an event_cursor */
export async function untilEvent(
  client: Client,
  session: string,
  types: EventType[],
  after: number,
  signal: AbortSignal,
): Promise<void> {
  const seen = new AbortController();
  try {
    const params = { sessions: [session], types, after, timeout_ms: MAX_DURATION_MS };
    const onEvent = () => seen.abort();
    await client.request('events.follow', params, {
      signal: AbortSignal.any([signal, seen.signal]),
      onEvent,
    });
  } catch (error) {
    signal.throwIfAborted();
    if (!seen.signal.aborted) throw error;
  }
}
