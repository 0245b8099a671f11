/** A client's end of a link, over a NATS that says when nobody is subscribed; with a clock of its own. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openLink } from '../../apps/fleet/src/link/client-link.ts';
import { decodeFrame, encodeFrame } from '../../apps/fleet/src/link/frame.ts';
import { LINK_TIMING, type LinkTiming, timingOf } from '../../apps/fleet/src/link/timing.ts';
import type { Nats, NatsWatcher } from '../../apps/fleet/src/nats/connect.ts';

const WATCHED = timingOf({ isWatching: true, isOverdue: false });

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

/** A host that answers each message while it is there; NATS says when it is not. */
async function linkedTo(timing: LinkTiming) {
  type Take = (error: null, message: object) => void;
  let take: Take = () => {};
  let watcher: NatsWatcher = {};
  const host = { isThere: true, wasAskedFor: 0, reconnected: () => watcher.reconnected?.() };
  const nats = {
    inboxPrefix: '_INBOX',
    connection: {
      subscribe: (_subject: string, { callback }: { callback: Take }) => {
        take = callback;
        return { unsubscribe: () => {} };
      },
    },
    watch: (given: NatsWatcher) => {
      watcher = given;
      return () => {};
    },
    publishNow: (_subject: string, bytes: Uint8Array) => {
      const { link, kind } = decodeFrame(bytes) ?? { link: '', kind: 'void' };
      host.wasAskedFor++;
      const answer = kind === 'open' ? 'opened' : 'beat';
      const payload = Buffer.from(kind === 'open' ? '{"version":"1","protocol":1}' : '');
      const data = encodeFrame({ link, kind: answer, seq: 0, taken: 0, received: 0, sent: 0, payload });
      const message = host.isThere ? { data } : { headers: { code: 503 } };
      queueMicrotask(() => take(null, message));
    },
  } as unknown as Nats;
  const request = { version: '1', protocol: 1, starts_daemon: false };
  const { transport } = await openLink(
    nats,
    { fleet: 'ci', host: 'h' },
    request,
    timing,
    new AbortController().signal,
  );
  let failure: Error | undefined;
  transport.listen({
    line: () => {},
    closed: (error?: Error) => {
      failure = error;
    },
  } as never);
  return { host, transport, failure: () => failure };
}

test('what is open notices within 4 s that the process of a host has ended', async () => {
  const { host, failure } = await linkedTo(WATCHED);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(failure()).toBeUndefined();
  host.isThere = false;
  await vi.advanceTimersByTimeAsync(4_000);
  expect(failure()?.message).toContain('is gone: nothing is subscribed');
});

test('what acts waits longer for a host that may be connecting again', async () => {
  const { host, transport, failure } = await linkedTo(LINK_TIMING);
  host.isThere = false;
  await vi.advanceTimersByTimeAsync(LINK_TIMING.absentMs);
  expect(failure()).toBeUndefined();
  host.isThere = true;
  await vi.advanceTimersByTimeAsync(60_000);
  expect(failure()).toBeUndefined();
  host.isThere = false;
  await vi.advanceTimersByTimeAsync(LINK_TIMING.beatMs + LINK_TIMING.absentMs);
  expect(failure()?.message).toContain('is gone');
  transport.close();
});

test('after a cut of our own line the host has its time again', async () => {
  const { host, failure } = await linkedTo(WATCHED);
  host.isThere = false;
  await vi.advanceTimersByTimeAsync(WATCHED.beatMs + WATCHED.absentMs - 100);
  host.reconnected();
  await vi.advanceTimersByTimeAsync(WATCHED.absentMs - 100);
  expect(failure()).toBeUndefined();
  host.isThere = true;
  await vi.advanceTimersByTimeAsync(60_000);
  expect(failure()).toBeUndefined();
});

test('nothing is looked for again once a link has ended', async () => {
  const { host, transport } = await linkedTo(WATCHED);
  host.isThere = false;
  await vi.advanceTimersByTimeAsync(WATCHED.beatMs);
  transport.close();
  const before = host.wasAskedFor;
  await vi.advanceTimersByTimeAsync(60_000);
  expect(host.wasAskedFor).toBe(before);
});
