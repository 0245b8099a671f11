/** A session whose program is started again when it ends by itself: how often, how fast, and what a client can do meanwhile. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect } from 'vitest';
import type { Params, StreamEvent } from '../../packages/client/src/index.ts';
import { hasProgram } from '../../packages/daemon/src/processes/process-table.ts';
import { PolicyRestarts } from '../../packages/daemon/src/session/restart-policy.ts';
import type { Exit } from '../../packages/protocol/src/index.ts';
import { builtProgram, type Pilotty, test } from '../harness/pilotty.ts';
import { until } from '../harness/until.ts';

const LONG_MS = 600_000;

const exitOf = (exit_code: number, more: Partial<Exit> = {}): Exit => ({
  exit_code,
  signal: null,
  success: exit_code === 0,
  killed_by_client: false,
  lifetime_over: false,
  output_complete: true,
  ...more,
});

test('a crash loop is slowed down, and ends after as many restarts as it may have', () => {
  const policies = fc.record({
    limit: fc.integer({ min: 1, max: 40 }),
    delayMs: fc.integer({ min: 10, max: 100_000 }),
    maxDelayMs: fc.integer({ min: 10, max: 100_000 }),
    mode: fc.constantFrom('on-failure' as const, 'always' as const),
  });
  fc.assert(
    fc.property(policies, fc.integer({ min: 0, max: 9_999 }), (policy, ranMs) => {
      const restarts = new PolicyRestarts(policy);
      const delays: number[] = [];
      for (;;) {
        const delay = restarts.delayAfter(exitOf(1), ranMs);
        if (delay === undefined) break;
        delays.push(delay);
      }
      expect(delays).toHaveLength(policy.limit);
      expect(restarts.gaveUp).toBe(true);
      expect(delays[0]).toBe(Math.min(policy.delayMs, policy.maxDelayMs));
      for (const [index, delay] of delays.entries()) {
        expect(delay).toBeLessThanOrEqual(policy.maxDelayMs);
        if (index > 0) expect(delay).toBeGreaterThanOrEqual(delays[index - 1] ?? 0);
      }
      // In another daemon it goes on from there.
      const adopted = new PolicyRestarts(policy);
      adopted.adopt(restarts.state);
      expect(adopted.state).toEqual({ inARow: policy.limit, gaveUp: true });
    }),
  );
});

test('a program that has run for 10 s begins the count anew, and so does a client', () => {
  const restarts = new PolicyRestarts({ mode: 'on-failure', limit: 3, delayMs: 100, maxDelayMs: 1000 });
  expect([1, 2].map(() => restarts.delayAfter(exitOf(1), 9_999))).toEqual([100, 200]);
  expect(restarts.delayAfter(exitOf(1), 10_000)).toBe(100);
  expect([1, 2, 3].map(() => restarts.delayAfter(exitOf(1), 0))).toEqual([200, 400, undefined]);
  restarts.startOver();
  expect(restarts.gaveUp).toBe(false);
  expect(restarts.delayAfter(exitOf(1), 0)).toBe(100);
});

test('what was to end is not started again, nor what has succeeded, unless always', () => {
  const of = (mode: 'on-failure' | 'always') =>
    new PolicyRestarts({ mode, limit: 3, delayMs: 100, maxDelayMs: 1000 });
  for (const ended_because of ['client', 'ttl', 'idle_ttl', 'owner_gone'] as const)
    expect(of('always').delayAfter(exitOf(1, { ended_because }), 0)).toBeUndefined();
  expect(of('on-failure').delayAfter(exitOf(0), 0)).toBeUndefined();
  expect(of('always').delayAfter(exitOf(0), 0)).toBe(100);
  const signalled = { exit_code: null, signal: 'SIGSEGV', success: false };
  expect(of('on-failure').delayAfter(exitOf(1, signalled), 0)).toBe(100);
});

type Policy = NonNullable<Params<'session.spawn'>['restart_policy']>;

function spawn(pilotty: Pilotty, script: string, policy: Policy, more: object = {}): Promise<string> {
  return pilotty.spawn('a', ['sh', '-c', script], { restart_policy: policy, ...more });
}

/** Prints its number among all that ran. */
const COUNTED = 'echo x >> runs; echo "run $(wc -l < runs | tr -d " ")"';

async function untilWaiting({ client }: Pilotty, session: string): Promise<void> {
  await until('a restart that is waited for', async () => {
    const { restart_policy } = await client.request('session.status', { session });
    return restart_policy?.next_restart_at !== undefined;
  });
}

async function eventsOf({ client }: Pilotty, session: string): Promise<StreamEvent<'events.follow'>[]> {
  const events: StreamEvent<'events.follow'>[] = [];
  const types: ('spawned' | 'restarting' | 'restarted' | 'exited')[] = [
    'spawned',
    'restarting',
    'restarted',
    'exited',
  ];
  const asked = { sessions: [session], types, after: 0, follow: false };
  await client.request('events.follow', asked, { onEvent: (event) => void events.push(event) });
  return events;
}

test('one session through the whole crash loop: its events, output, viewers and what it ends with', async ({
  pilotty,
}) => {
  const { client } = pilotty;
  const policy = { mode: 'on-failure' as const, limit: 3, delay_ms: 10, max_delay_ms: 20 };
  const session = await spawn(pilotty, `${COUNTED}; read go; exit 3`, policy);
  await client.request('session.wait', { session, text: 'run 1' });
  const parts: StreamEvent<'session.view'>[] = [];
  const view = client.request('session.view', { session }, { onEvent: (part) => void parts.push(part) });
  for (const run of [1, 2, 3]) {
    await client.request('session.key', { session, keys: 'Enter' });
    await client.request('session.wait', { session, text: `run ${run + 1}` });
  }
  await client.request('session.key', { session, keys: 'Enter' });
  expect(await view).toMatchObject({ exit: { exit_code: 3 } });
  const events = await eventsOf(pilotty, session);
  const loop = [1, 2, 3].flatMap(() => ['restarting', 'restarted']);
  expect(events.map(({ type }) => type)).toEqual(['spawned', ...loop, 'exited']);
  const waits = events.filter(({ type }) => type === 'restarting');
  expect(waits.map(({ delay_ms, in_a_row, exit }) => [delay_ms, in_a_row, exit?.exit_code])).toEqual([
    [10, 1, 3],
    [20, 2, 3],
    [20, 3, 3],
  ]);
  expect(events.at(-1)).toMatchObject({ gave_up: true, exit: { exit_code: 3 } });
  const { sessions } = await client.request('session.list', { all: true });
  expect(sessions).toMatchObject([
    { id: session, state: 'exited', restarts: 3, restart_policy: { ...policy, in_a_row: 3, gave_up: true } },
  ]);
  const { stdout } = await pilotty.run('output', '-s', session);
  expect(stdout).toMatch(/run 1.*run 2.*run 3.*run 4/s);
});

test('while it waits it is listed with what ended it, takes no input, and ends when it is killed', async ({
  pilotty,
}) => {
  const { client } = pilotty;
  const policy = { mode: 'always' as const, delay_ms: LONG_MS, max_delay_ms: LONG_MS };
  const session = await spawn(pilotty, `${COUNTED}; exit 0`, policy);
  await untilWaiting(pilotty, session);
  const { sessions } = await client.request('session.list', {});
  expect(sessions).toMatchObject([
    { id: session, restart_policy: { in_a_row: 1, last_exit: { exit_code: 0 } } },
  ]);
  expect(sessions[0]?.exit).toBeUndefined();
  await expect(client.request('session.key', { session, keys: 'Enter' })).rejects.toMatchObject({
    code: 'UNAVAILABLE',
  });
  // Its name stays its own.
  await expect(pilotty.spawn('a', ['cat'])).rejects.toMatchObject({ code: 'SESSION_EXISTS' });
  const screen = await client.request('session.snapshot', { session, format: 'text' });
  expect(screen.text).toContain('run 1');
  expect(await client.request('session.status', { session })).toMatchObject({
    foreground: null,
    terminal: null,
  });
  const waits = client.request('session.wait', { session, text: 'never' });
  const killed = await client.request('session.kill', { session });
  expect(killed.results).toMatchObject([{ ok: true, exit: { exit_code: 0 } }]);
  expect(await waits).toMatchObject({ holds: false, outcome: 'exited' });
  expect(readFileSync(join(pilotty.home, 'runs'), 'utf8')).toBe('x\n');
});

test('a client restarts it at once; where that is refused, it waits on', async ({ pilotty }) => {
  const { client } = pilotty;
  const program = join(pilotty.home, 'program');
  const write = () =>
    writeFileSync(program, `#!/bin/sh\n${COUNTED}; [ -e good ] || exit 1\nexec cat\n`, { mode: 0o755 });
  write();
  const policy = { mode: 'on-failure' as const, delay_ms: LONG_MS, max_delay_ms: LONG_MS };
  const session = await pilotty.spawn('a', [program], { restart_policy: policy });
  await untilWaiting(pilotty, session);
  const before = await client.request('session.status', { session });
  expect(before.work_state).toBeUndefined();
  rmSync(program);
  await expect(client.request('session.restart', { session })).rejects.toMatchObject({
    code: 'SPAWN_FAILED',
  });
  const after = await client.request('session.status', { session });
  expect(after.restart_policy).toEqual(before.restart_policy);
  write();
  writeFileSync(join(pilotty.home, 'good'), '');
  const restarted = await client.request('session.restart', { session, wait: { text: 'run 2' } });
  expect(restarted).toMatchObject({ session_id: session, restarts: 1 });
  const { restart_policy } = await client.request('session.status', { session });
  expect(restart_policy).toMatchObject({ in_a_row: 0 });
  expect(restart_policy?.next_restart_at).toBeUndefined();
});

test('a program that cannot be started is tried again, and given up', async ({ pilotty }) => {
  const { client } = pilotty;
  const program = join(pilotty.home, 'program');
  writeFileSync(program, `#!/bin/sh\nread go\nrm "$0"; exit 1\n`, { mode: 0o755 });
  const policy = { mode: 'on-failure' as const, limit: 2, delay_ms: 10, max_delay_ms: 10 };
  const session = await pilotty.spawn('a', [program], { restart_policy: policy });
  await client.request('session.key', { session, keys: 'Enter' });
  const ended = await client.request('session.wait', { session, text: 'never' });
  expect(ended).toMatchObject({ outcome: 'exited' });
  const events = await eventsOf(pilotty, session);
  expect(events.map(({ type }) => type)).toEqual(['spawned', 'restarting', 'restarting', 'exited']);
  expect(events.at(-1)).toMatchObject({ gave_up: true });
});

test('what the program before has left in its session is ended before the next is started', async ({
  pilotty,
}) => {
  const { client } = pilotty;
  const left = "trap '' HUP; sleep 1000 & echo $! > left; exit 1";
  const script = `if [ -e left ]; then echo second; exec cat; fi; ${left}`;
  const policy = { mode: 'on-failure' as const, delay_ms: 10, max_delay_ms: 10 };
  const session = await spawn(pilotty, script, policy);
  await client.request('session.wait', { session, text: 'second' });
  const pid = Number(readFileSync(join(pilotty.home, 'left'), 'utf8'));
  expect(hasProgram(pid)).toBe(false);
});

test('after an upgrade it waits on, and is started by the daemon that has it then', async ({ pilotty }) => {
  const { client } = pilotty;
  const script = `${COUNTED}; [ -e good ] || exit 5; exec cat`;
  const named = (name: string, argv: string[], delay_ms: number) =>
    pilotty.spawn(name, argv, {
      restart_policy: { mode: 'on-failure', delay_ms, max_delay_ms: LONG_MS, limit: 7 },
    });
  const soon = await named('soon', ['sh', '-c', script], 2000);
  const waiting = await named('waiting', ['sh', '-c', 'exit 4'], LONG_MS);
  const later = await named('later', ['sh', '-c', 'echo here; read go; exit 6'], LONG_MS);
  for (const session of [soon, waiting]) await untilWaiting(pilotty, session);
  writeFileSync(join(pilotty.home, 'good'), '');
  await client.request('session.wait', { session: later, text: 'here' });
  const before = await client.request('session.status', { session: waiting });
  await client.request('daemon.upgrade', { program: builtProgram('pilotty-daemon.cjs') });
  const after = await client.request('session.status', { session: waiting });
  expect(after.restart_policy).toEqual(before.restart_policy);
  await client.request('session.wait', { session: soon, text: 'run 2' });
  expect(await client.request('session.status', { session: soon })).toMatchObject({
    restarts: 1,
    restart_policy: { in_a_row: 1, limit: 7 },
  });
  // The policy of one that ran goes with it as well.
  await client.request('session.key', { session: later, keys: 'Enter' });
  await untilWaiting(pilotty, later);
  const killed = await client.request('session.kill', { sessions: [waiting, later] });
  expect(killed.results.map(({ exit }) => exit?.exit_code)).toEqual([4, 6]);
});

test('a program that the kernel refuses is refused, and no session left, with a policy too', async ({
  pilotty,
}) => {
  const argv = ['cat', 'x'.repeat(200_000)];
  const spawned = pilotty.spawn('a', argv, { restart_policy: { mode: 'always', delay_ms: 10 } });
  await expect(spawned).rejects.toMatchObject({ code: 'SPAWN_FAILED' });
  expect((await pilotty.client.request('session.list', { all: true })).sessions).toEqual([]);
});

test('spawn --restart says when and how often, as with Docker', async ({ pilotty }) => {
  const words = ['--restart', 'on-failure:4', 'cat'];
  await pilotty.run('spawn', '--name', 'b', ...words);
  const status = (await pilotty.run('status', '-s', 'b', '--json')).json();
  expect(status.restart_policy).toMatchObject({ mode: 'on-failure', limit: 4, in_a_row: 0 });
  await pilotty.run('spawn', '--name', 'c', '--restart', 'no', 'cat');
  expect((await pilotty.run('status', '-s', 'c', '--json')).json().restart_policy).toBeUndefined();
  const refused = await pilotty.run('spawn', '--restart', 'sometimes', 'cat');
  expect(refused.code).toBe(2);
  expect(refused.stderr).toContain('no, on-failure or always');
});
