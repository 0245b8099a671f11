/** A wait that goes on after its deadline: nothing that comes between two requests is missed, and nothing is kept for ever. */
import { afterEach, beforeEach, describe, expect, test as unit, vi } from 'vitest';
import { Call, Cancellation } from '../../packages/daemon/src/call.ts';
import { MAX_KEPT_WAITS } from '../../packages/daemon/src/limits.ts';
import { KeptWaits, type OpenWait } from '../../packages/daemon/src/waiting/kept-waits.ts';
import { test } from '../harness/pilotty.ts';
import { until } from '../harness/until.ts';

/** Prints what it reads, and takes it off the screen when it reads the next line. */
const FLASHES = ['sh', '-c', 'stty -echo; while read word; do printf "\\033[2J\\033[H%s" "$word"; done'];
const KEPT = { timeout_ms: 0, keep_ms: 60_000 };

test('what was shown and has gone between two requests is found', async ({ pilotty }) => {
  const { client } = pilotty;
  const session = await pilotty.spawn('flash', FLASHES);
  const first = await client.request('session.wait', { session, text: 'comet', ...KEPT });
  expect(first).toMatchObject({ outcome: 'deadline', missing: ['text'] });
  for (const text of ['comet', 'dark']) {
    await client.request('session.type', { session, text, enter: true, wait: { text } });
  }
  const { resume } = first;
  const second = await client.request('session.wait', { session, resume });
  expect(second).toMatchObject({ outcome: 'matched', holds: true, match: { text: 'comet' } });
  // It has been answered, and is over.
  await expect(client.request('session.wait', { resume })).rejects.toMatchObject({ code: 'UNAVAILABLE' });
});

test('what follows an act is waited for in as many requests as it takes, whoever asks', async ({
  pilotty,
}) => {
  const { client } = pilotty;
  const session = await pilotty.spawn('job', ['sh', '-c', 'read go; read end; exit 3']);
  const typed = await client.request('session.type', {
    session,
    text: 'go',
    enter: true,
    wait: { exit: true, ...KEPT },
  });
  let resume = typed.wait?.resume;
  for (let round = 0; round < 3; round++) {
    const waited = await client.request('session.wait', { resume, ...KEPT });
    expect(waited).toMatchObject({ outcome: 'deadline', missing: ['exit'], resume: expect.any(Number) });
    resume = waited.resume;
  }
  await client.request('session.type', { session, text: 'end', enter: true });
  const waited = await client.request('session.wait', { resume });
  expect(waited).toMatchObject({ outcome: 'exited', holds: true, exit: { exit_code: 3 } });
});

test('of many sessions the one that was ready for a moment only is reported', async ({ pilotty }) => {
  const { client } = pilotty;
  const session = await pilotty.spawn('flash', FLASHES, { tags: ['t'] });
  const first = await client.request('sessions.wait', { tags: ['t'], text: 'comet', ...KEPT });
  for (const text of ['comet', 'dark']) {
    await client.request('session.type', { session, text, enter: true, wait: { text } });
  }
  const second = await client.request('sessions.wait', { resume: first.resume });
  expect(second).toMatchObject({ outcome: 'matched', ready: [{ session: 'flash', holds: true }] });
});

test('a wait is continued as what it was, and with no other conditions', async ({ pilotty }) => {
  const { client } = pilotty;
  const session = await pilotty.spawn('a', ['cat']);
  const other = await pilotty.spawn('b', ['cat']);
  const { resume } = await client.request('session.wait', { session, text: 'never', ...KEPT });
  const refused = { code: 'UNAVAILABLE' };
  await expect(client.request('session.wait', { session: other, resume })).rejects.toMatchObject(refused);
  await expect(client.request('sessions.wait', { resume })).rejects.toMatchObject(refused);
  await expect(client.request('session.wait', { resume, exit: true })).rejects.toMatchObject({
    code: 'INVALID_INPUT',
  });
  await client.request('session.wait', { resume, ...KEPT });
});

test('a wait that is cancelled is not kept, and one without keep_ms neither', async ({ pilotty }) => {
  const { client } = pilotty;
  const session = await pilotty.spawn('a', ['cat']);
  const { resume } = await client.request('session.wait', { session, text: 'never', ...KEPT });
  const cancelled = new AbortController();
  const waiting = client.request(
    'session.wait',
    { resume, timeout_ms: 60_000, keep_ms: 60_000 },
    { signal: cancelled.signal },
  );
  cancelled.abort(new Error('enough'));
  await expect(waiting).rejects.toThrow('enough');
  await until('the wait to be gone', () =>
    client.request('session.wait', { resume, timeout_ms: 0 }).then(
      () => false,
      () => true,
    ),
  );
  const plain = await client.request('session.wait', { session, text: 'never', timeout_ms: 0 });
  expect(plain).not.toHaveProperty('resume');
});

describe('what is kept is bounded', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
  afterEach(() => void vi.useRealTimers());

  const caller = { isGone: () => false, emit: async () => {}, ready: async () => {} };
  const call = new Call(caller, new Cancellation());

  class Never implements OpenWait<object> {
    isClosed = false;
    until({ signal }: { signal: AbortSignal }): Promise<boolean> {
      return new Promise((resolve) => {
        if (signal.aborted) resolve(false);
        signal.addEventListener('abort', () => resolve(false));
      });
    }
    answer(): object {
      return {};
    }
    close(): void {
      this.isClosed = true;
    }
  }

  async function keep(waits: KeptWaits, keep_ms: number): Promise<Never> {
    const wait = new Never();
    const answered = waits.answer('session.wait', wait, { timeout_ms: 1, keep_ms }, call);
    await vi.advanceTimersByTimeAsync(1);
    await answered;
    return wait;
  }

  unit('in time: what nobody takes up is closed', async () => {
    const waits = new KeptWaits();
    const wait = await keep(waits, 1000);
    await vi.advanceTimersByTimeAsync(900);
    expect(wait.isClosed).toBe(false);
    await vi.advanceTimersByTimeAsync(100);
    expect(wait.isClosed).toBe(true);
    waits.close();
  });

  unit('in number: the oldest makes room', async () => {
    const waits = new KeptWaits();
    const kept: Never[] = [];
    for (let count = 0; count <= MAX_KEPT_WAITS; count++) kept.push(await keep(waits, 600_000));
    expect(kept.map(({ isClosed }) => isClosed)).toEqual(kept.map((_, index) => index === 0));
    waits.close();
    expect(kept.every(({ isClosed }) => isClosed)).toBe(true);
  });
});
