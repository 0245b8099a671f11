/** What stays in memory of sessions that have ended: counted on the heap, with real programs. */
import { randomBytes } from 'node:crypto';
import v8 from 'node:v8';
import vm from 'node:vm';
import { afterAll, expect, test } from 'vitest';
import { Acts } from '../../packages/daemon/src/input/input-history.ts';
import { MAX_RETAINED, MAX_RETAINED_BYTES } from '../../packages/daemon/src/limits.ts';
import { Retention } from '../../packages/daemon/src/pty/retention.ts';
import { Session } from '../../packages/daemon/src/session/session.ts';
import { Times } from '../../packages/daemon/src/times.ts';
import { KeptWaits } from '../../packages/daemon/src/waiting/kept-waits.ts';
import { waitForMany } from '../../packages/daemon/src/waiting/many.ts';
import { BoundedMap } from '../../packages/protocol/src/index.ts';
import { Screen } from '../../packages/terminal/src/index.ts';
import { BareSessions } from '../harness/bare-sessions.ts';

const sessions = new BareSessions();
const { store } = sessions;

afterAll(() => sessions.close());

function start(command: string, tags: string[] = []): Session {
  return sessions.list(sessions.start(command, tags));
}

/** Runs commands to their end, some at a time. */
async function runAll(count: number, command: string, tags: string[] = []): Promise<void> {
  const AT_ONCE = 8;
  for (let done = 0; done < count; done += AT_ONCE)
    await Promise.all(Array.from({ length: AT_ONCE }, () => start(command, tags).programEnded));
}

v8.setFlagsFromString('--expose-gc');
const collectGarbage = vm.runInNewContext('gc') as () => void;

function usedBytes(): number {
  collectGarbage();
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

/** Sessions on the heap after a full collection. */
function countSessions(): number {
  return v8.queryObjects(Session) as unknown as number;
}

test('ended sessions are freed beyond the bound in number, and an open wait keeps none', async () => {
  const waiting = waitForMany(
    new KeptWaits(),
    store,
    { tags: ['ci'], text: 'never printed', any: false, all: true, exit: false, timeout_ms: 600_000 } as never,
    sessions.call(),
  );
  const open = start('cat', ['ci']);
  await runAll(MAX_RETAINED + 40, 'echo done', ['ci']);
  await runAll(16, 'printf "\\033]0;title\\007\\007text"');
  expect(store.endedCount).toBe(MAX_RETAINED);
  expect(countSessions()).toBeLessThanOrEqual(MAX_RETAINED + 1 + 8);
  await open.kill('SIGKILL', 0);
  // The ends of those that are no longer retained are told all the same.
  const { ready, remaining } = await waiting;
  expect(remaining).toBe(0);
  expect(ready).toHaveLength(MAX_RETAINED + 41);
});

test('ended sessions are freed beyond the bound in bytes', { timeout: 180_000 }, async () => {
  const bytes = 3_000_000;
  // Long lines: parsing so much in lines of two bytes takes a loaded machine a minute.
  await runAll(32, `yes "$(printf %01000d 0)" | head -c ${bytes}`);
  expect(store.retainedBytes).toBeLessThanOrEqual(MAX_RETAINED_BYTES);
  expect(store.endedCount).toBeLessThanOrEqual(Math.ceil(MAX_RETAINED_BYTES / bytes));
  expect(countSessions()).toBeLessThanOrEqual(store.endedCount + 8);
});

test.for([
  ['a key at a time', () => Buffer.from('x'), 20_000],
  ['lines alone', () => Buffer.alloc(16_384, '\n'), 200],
  ['keys that edit the line', () => Buffer.from('a\x01'.repeat(8192)), 200],
  ['any bytes', () => randomBytes(65_536), 200],
] as const)('of what was typed little is kept: %s', ([, bytes, count]) => {
  const screen = new Screen({ cols: 80, rows: 24, scrollback: 0 });
  const acts = new Acts(screen, new Times(), () => 0);
  const before = usedBytes();
  for (let seq = 1; seq <= count; seq += 1) {
    acts.open();
    acts.add(seq, bytes(), false);
    // A further part of the same act.
    acts.add(seq, bytes(), false);
    acts.close();
    acts.lookBack(seq);
  }
  expect(acts.last.typed.length).toBeLessThanOrEqual(16_384);
  expect(usedBytes() - before).toBeLessThan(1_000_000);
});

test('sizes at which nothing was printed are not kept, and of the others only so many', () => {
  const retention = new Retention(1_000_000, { cols: 80, rows: 24 });
  for (let cols = 1; cols <= 5000; cols += 1) retention.markSize(cols, 24);
  expect(retention.sizeAt(0)).toMatchObject({ size: { offset: 0, cols: 5000 }, next: undefined });
  for (let cols = 1; cols <= 5000; cols += 1) {
    retention.append(Buffer.from('x'));
    retention.markSize(cols, 24);
  }
  let marks = 0;
  for (let { next } = retention.sizeAt(0); next; next = retention.sizeAt(next.offset).next) marks += 1;
  expect(marks).toBeLessThanOrEqual(1024);
  expect(retention.sizeAt(5000).size.cols).toBe(5000);
});

test('a bounded map drops what was set longest ago', () => {
  const map = new BoundedMap<string, number>(2);
  map.set('a', 1);
  map.set('b', 2);
  map.set('a', 3);
  map.set('c', 4);
  expect([map.has('a'), map.has('b'), map.has('c')]).toEqual([true, false, true]);
  expect([...map.values()]).toEqual([3, 4]);
  expect(map.delete('a')).toBe(true);
  expect(map.size).toBe(1);
});
