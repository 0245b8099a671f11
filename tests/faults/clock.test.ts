/** The time of day is set a day forward, or back, while a daemon runs: nothing ends early, lasts longer, or is out of order. */
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { Grant } from '../../apps/gateway/src/access/grant.ts';
import { Passes } from '../../apps/gateway/src/access/passes.ts';
import type { StreamEvent } from '../../packages/client/src/index.ts';
import { createLocalClient } from '../../packages/client/src/node.ts';
import { startInProcess } from '../../packages/daemon/src/in-process.ts';
import { findDeadLocks } from '../../packages/daemon/src/processes/lock.ts';
import { Restarts } from '../../packages/daemon/src/session/restarts.ts';
import type { Session } from '../../packages/daemon/src/session/session.ts';
import type { Exit } from '../../packages/protocol/src/index.ts';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/** From now on it is so much later; timers and the monotonic clock are as they are. */
function setClock(byMs: number): void {
  const { now } = Date;
  const set = vi.spyOn(Date, 'now').mockImplementation(() => now() + byMs);
  onTestFinished(() => set.mockRestore());
}

function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'ck-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

test.for([
  ['forward', DAY_MS],
  ['back', -DAY_MS],
] as const)('a day %s: idle times, limits, waits and cursors go on as before', async ([, byMs]) => {
  const directory = temporaryDirectory();
  const daemon = await startInProcess(directory);
  const client = createLocalClient({ env: { PILOTTY_SOCKET_DIR: directory }, cwd: '/' });
  onTestFinished(async () => {
    client.close();
    await daemon.close();
  });
  const session = 's';
  const limits = { ttl_ms: HOUR_MS, idle_ttl_ms: HOUR_MS };
  await client.request('session.spawn', { name: session, argv: ['cat'], cwd: '/', env: {}, ...limits });
  const typed = (text: string) =>
    client.request('session.type', { session, text, enter: true, wait: { text, timeout_ms: 20_000 } });
  await typed('before');
  await client.request('session.take', { session, for_ms: HOUR_MS });
  const { event_cursor: after } = await client.request('session.list', {});

  setClock(byMs);
  expect((await typed('later')).wait?.outcome).toBe('matched');
  const late = await client.request('session.wait', { session, text: 'never', timeout_ms: 50 });
  expect(late).toMatchObject({ outcome: 'deadline', holds: false });
  expect(late.duration_ms).toBeGreaterThanOrEqual(50);
  expect(late.duration_ms).toBeLessThan(HOUR_MS);
  const status = await client.request('session.status', { session });
  expect(status.state).toBe('running');
  expect(status.keyboard?.ends_in_ms).toBeGreaterThan(0);
  expect(status.keyboard?.ends_in_ms).toBeLessThanOrEqual(HOUR_MS);
  expect(status.idle_ms).toBeGreaterThanOrEqual(0);
  expect(status.idle_ms).toBeLessThan(HOUR_MS);
  const gc = { idle_ms: HOUR_MS, dry_run: true };
  expect((await client.request('daemon.gc', gc)).ended_sessions).toEqual([]);
  const events: StreamEvent<'events.follow'>[] = [];
  const onEvent = (event: StreamEvent<'events.follow'>) => void events.push(event);
  await client.request('events.follow', { after, follow: false }, { onEvent });
  const cursors = events.map(({ event_cursor }) => event_cursor);
  expect(events.map(({ type }) => type)).toContain('input');
  expect(events.map(({ type }) => type)).not.toContain('missed');
  expect(cursors).toEqual([...new Set(cursors)].sort((one, other) => one - other));

  // What was there before is known by its offset; by the clock only where that can be told.
  const first = await client.request('session.snapshot', { session, at_offset: 'before\r\n'.length });
  expect(first.text?.trim()).toBe('before');
  const ago = client.request('session.snapshot', { session, at: `-${DAY_MS / 2}ms` });
  if (byMs > 0) expect((await ago).text?.trim()).toMatch(/^before\nbefore$/);
  else
    await expect(ago).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      message: expect.stringContaining('set back'),
    });
});

test('a rule that fires at most so often is not held back until a clock that was set back is there again', async () => {
  const directory = temporaryDirectory();
  const daemon = await startInProcess(directory);
  const client = createLocalClient({ env: { PILOTTY_SOCKET_DIR: directory }, cwd: '/' });
  onTestFinished(async () => {
    client.close();
    await daemon.close();
  });
  const session = 's';
  await client.request('session.spawn', { name: session, argv: ['cat'], cwd: '/', env: {} });
  const declaration = { sessions: [session], regex: 'ring \\d', repeat: 'each' as const, every_ms: 1000 };
  const { rule } = await client.request('rules.add', { ...declaration, env: {} });
  const ring = async (text: string, after: number) => {
    await client.request('session.type', { session, text, enter: true });
    return await client.request('rules.wait', { rules: [rule], after, timeout_ms: 20_000 });
  };
  const first = await ring('ring 1', 0);
  setClock(-DAY_MS);
  await new Promise((resolve) => setTimeout(resolve, 1000));
  expect((await ring('ring 2', first.event_cursor)).rule_events).toMatchObject([{ match_text: 'ring 2' }]);
});

test('a restart that waits comes no later where the clock is set back, nor after an upgrade', () => {
  const policy = { mode: 'always', limit: 5, delayMs: 1000, maxDelayMs: 60_000 } as const;
  const of = { reference: { name: 's', id: 's' }, hasNoProgram: true } as unknown as Session;
  const restarts = new Restarts(of, policy, { tell: () => {}, exited: () => {} });
  const failed = { exit_code: 1, signal: null, success: false } as Exit;
  restarts.programEnded(failed, 0);
  setClock(-DAY_MS);
  restarts.giveUp(restarts.begin());
  expect(restarts.nextStartInMs).toBeLessThanOrEqual(1000);
  const next = new Restarts(of, policy, { tell: () => {}, exited: () => {} });
  next.adopt(restarts.state);
  expect(next.nextStartInMs).toBeLessThanOrEqual(1000);
});

test('what lets in for a time does so no longer because the clock is set back', () => {
  vi.useFakeTimers({ toFake: ['performance', 'setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  const passes = new Passes();
  const expiresAt = Date.now() + HOUR_MS;
  const grant = new Grant({ readOnly: true }, expiresAt);
  const ticket = passes.issue(grant, expiresAt);
  let isClosed = false;
  grant.whenEnded(() => {
    isClosed = true;
  });
  setClock(-DAY_MS);
  expect(passes.find(ticket)).toBe(grant);
  vi.advanceTimersByTime(HOUR_MS + 1);
  expect([passes.find(ticket), grant.isEnded, isClosed, passes.kept()]).toEqual([undefined, true, true, []]);
});

test('a lock of which half was written in what is the future now is a dead one', () => {
  const path = join(temporaryDirectory(), 'lock');
  const half = `${path}.abcdef`;
  writeFileSync(half, '{"pi');
  expect(findDeadLocks(path)).toEqual([]);
  const tomorrow = new Date(Date.now() + DAY_MS);
  utimesSync(half, tomorrow, tomorrow);
  expect(findDeadLocks(path)).toEqual([half]);
});
