/**
 * Events of all hosts of a fleet as one stream. A host that is cut off is followed again from its last event; that it was
 * lost, and that it is back, are events as well. Each event has a cursor for the whole fleet.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { MethodName, Params, RequestOptions } from '@pilotty/client';
import type { KnownHost } from '../directory/bucket.ts';
import { narrowed, selectHosts } from './ask-all.ts';
import { readBegin } from './cursor.ts';
import { type Hosts, isUnreachable } from './hosts.ts';
import { qualified, type Which } from './selection.ts';

const AGAIN_MS = 1_000;

/** @throws RequestError, ConnectionError */
export async function followAll(
  hosts: Hosts,
  { sessions, tags, after, timeout_ms: timeoutMs, ...rest }: Params<'events.follow'>,
  { signal, onEvent }: RequestOptions<MethodName>,
): Promise<object> {
  const which = { sessions, tags };
  const { cursors, others } = readBegin(after);
  const startedAt = performance.now();
  const leftMs = () =>
    timeoutMs === undefined
      ? undefined
      : Math.max(0, Math.round(timeoutMs - (performance.now() - startedAt)));
  const emit = (event: object) => onEvent?.(event as never);
  const follow = async (known: KnownHost, own: Which) => {
    const { host } = known;
    const client = hosts.watching(host);
    let isLost = false;
    for (;;) {
      const from = cursors.get(host) ?? others;
      try {
        const there = await narrowed({ client, scope: hosts.scope }, own, which, signal);
        if (there === undefined) return;
        const left = leftMs();
        const params = {
          ...rest,
          ...there,
          ...(left !== undefined && { timeout_ms: left }),
          ...(from !== undefined && { after: from }),
        };
        // Where it is followed from, when it is lost before its first event.
        if (from === undefined)
          cursors.set(
            host,
            (await client.request('session.list', {}, { ...(signal && { signal }) })).event_cursor,
          );
        if (isLost) {
          isLost = false;
          await emit({
            type: 'host_back',
            host,
            occurred_at: new Date().toISOString(),
            event_cursor: String(cursors),
          });
        }
        const end = await client.request(
          'events.follow',
          { ...params, after: cursors.get(host) ?? from },
          {
            ...(signal && { signal }),
            onEvent: async (event) => {
              cursors.set(host, event.event_cursor);
              await emit({
                ...qualified(host, event),
                host,
                host_cursor: event.event_cursor,
                event_cursor: String(cursors),
              });
            },
          },
        );
        cursors.set(host, end.event_cursor);
        return;
      } catch (error) {
        if (!isUnreachable(error)) throw error;
        if (!isLost) {
          const { reason, last_seen, last_sessions } = await hosts.unreachable(known, error);
          await emit({
            type: 'host_unreachable',
            host,
            reason,
            last_seen,
            sessions: last_sessions.length,
            occurred_at: new Date().toISOString(),
            event_cursor: String(cursors),
          });
        }
        isLost = true;
        if (rest.follow === false || leftMs() === 0) return;
        await delay(Math.min(AGAIN_MS, leftMs() ?? AGAIN_MS), undefined, { ...(signal && { signal }) });
      }
    }
  };
  const asked = await selectHosts(hosts, which);
  await Promise.all(asked.map(({ known, own }) => follow(known, own)));
  return { type: 'fleet_events_end', event_cursor: String(cursors) };
}
