/** What keeps rules within bounds, with a clock of its own: rates, circles, turns, and requests that are tried again. */
import { createHmac } from 'node:crypto';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { Limiter } from '../../packages/daemon/src/rules/limiter.ts';
import { LoopGuard } from '../../packages/daemon/src/rules/loop-guard.ts';
import { type PendingPost, Posts, RETRY_AFTER_MS } from '../../packages/daemon/src/rules/posts.ts';
import type { Sent } from '../../packages/daemon/src/rules/request.ts';
import { signature } from '../../packages/daemon/src/rules/request.ts';
import { RuleFile } from '../../packages/daemon/src/rules/rule-file.ts';
import { Turns } from '../../packages/daemon/src/rules/turns.ts';

test('a burst is let through, then so many a second', () => {
  let now = 0;
  const limiter = new Limiter({ burst: 3, perSecond: 2 }, () => now);
  expect([1, 2, 3, 4].map(() => limiter.take())).toEqual([true, true, true, false]);
  now += 499;
  expect(limiter.take()).toBe(false);
  now += 1;
  expect([limiter.take(), limiter.take()]).toEqual([true, false]);
  now += 3_600_000;
  expect([1, 2, 3, 4].map(() => limiter.take())).toEqual([true, true, true, false]);
});

test('acts of rules in a row are a circle, until another client acts, or nothing does for a minute', () => {
  let now = 0;
  const guard = new LoopGuard(() => now);
  const session = {};
  const actOfRule = () => guard.inputSent(session, {}, true);
  for (let count = 0; count < 19; count++) actOfRule();
  expect(guard.isLooping(session)).toBe(false);
  // Text and its Enter are one act.
  const act = {};
  for (let part = 0; part < 5; part++) guard.inputSent(session, act, true);
  expect(guard.isLooping(session)).toBe(true);
  expect(guard.isLooping({})).toBe(false);
  guard.inputSent(session, {}, false);
  expect(guard.isLooping(session)).toBe(false);
  for (let count = 0; count < 20; count++) actOfRule();
  now += 60_000;
  expect(guard.isLooping(session)).toBe(true);
  now += 1;
  expect(guard.isLooping(session)).toBe(false);
});

test('a circle that has begun goes on being counted in the daemon after this one', () => {
  let now = 0;
  const guard = new LoopGuard(() => now);
  const [session, quiet] = [{}, {}];
  for (let count = 0; count < 19; count++) guard.inputSent(session, {}, true);
  now += 30_000;
  expect(guard.stateOf(quiet)).toBeUndefined();
  const state = guard.stateOf(session);
  let later = 5;
  const next = new LoopGuard(() => later);
  const same = {};
  next.adopt(same, state ?? { count: 0, agoMs: 0 });
  expect(next.isLooping(same)).toBe(false);
  later += 30_001;
  expect(next.stateOf(same)).toBeUndefined();
  later -= 1;
  next.inputSent(same, {}, true);
  expect(next.isLooping(same)).toBe(true);
});

test('a rule that hangs keeps no other waiting, and runs one thing at a time', async () => {
  const turns = new Turns(2);
  const began: string[] = [];
  const ends: Record<string, () => void> = {};
  const run = (rule: string, name = rule) =>
    turns.take(rule, () => {
      began.push(name);
      return new Promise<string>((resolve) => {
        ends[name] = () => resolve(name);
      });
    });
  const all = [run('hangs'), run('hangs', 'hangs 2'), run('b'), run('c'), run('b', 'b 2')];
  await Promise.resolve();
  expect(began).toEqual(['hangs', 'b']);
  ends.b?.();
  expect(await all[2]).toBe('b');
  // Those that wait have their turn one after the other, whatever the first one does.
  expect(began).toEqual(['hangs', 'b', 'c']);
  ends.c?.();
  expect(await all[3]).toBe('c');
  expect(began).toEqual(['hangs', 'b', 'c', 'b 2']);
  ends['b 2']?.();
  await all[4];
  ends.hangs?.();
  await all[0];
  expect(began.at(-1)).toBe('hangs 2');
  ends['hangs 2']?.();
  await all[1];
  expect(turns.count).toBe(0);
});

test('of one rule only so many wait; the next is refused, with nothing done', async () => {
  const turns = new Turns();
  let end = () => {};
  const hanging = new Promise<void>((resolve) => {
    end = resolve;
  });
  const runs = Array.from({ length: 17 }, () => turns.take('r', () => hanging.then(() => 'done')));
  let isBegun = false;
  const refused = await turns.take('r', async () => {
    isBegun = true;
  });
  expect([refused, isBegun]).toEqual([undefined, false]);
  end();
  expect(new Set(await Promise.all(runs))).toEqual(new Set(['done']));
});

/** Posts with a clock that is moved by hand, and answers that are given in turn. */
function posts(answers: (Sent | 'never')[]) {
  let now = 0;
  const timers = new Set<{ at: number; then: () => void }>();
  const sent: { at: number; id: string; secret: string | undefined }[] = [];
  let changes = 0;
  const made = new Posts(
    {
      now: () => now,
      later: (ms, then) => {
        const timer = { at: now + ms, then };
        timers.add(timer);
        return () => timers.delete(timer);
      },
      send: ({ id, secret }, _withinMs, signal) => {
        sent.push({ at: now, id, secret });
        const answer = answers.shift() ?? 'never';
        if (answer !== 'never') return Promise.resolve(answer);
        return new Promise((resolve) =>
          signal.addEventListener('abort', () => resolve({ ok: false, isTemporary: true })),
        );
      },
    },
    () => {
      changes += 1;
    },
  );
  const passUntil = async (to: number) => {
    for (;;) {
      for (let turn = 0; turn < 10; turn++) await Promise.resolve();
      const next = [...timers].filter(({ at }) => at <= to).sort((a, b) => a.at - b.at)[0];
      if (next === undefined) break;
      timers.delete(next);
      now = Math.max(now, next.at);
      next.then();
    }
    now = to;
  };
  return { made, sent, passUntil, changes: () => changes };
}

const FAILS: Sent = { ok: false, reason: 'the answer was 503', isTemporary: true };
const REFUSED: Sent = { ok: false, reason: 'the answer was 404', isTemporary: false };
const WENT_WELL: Sent = { ok: true, isTemporary: false };

const post = (more: Partial<PendingPost> = {}): PendingPost => ({
  rule: 'r1',
  id: 'a',
  url: 'http://localhost/',
  body: '{}',
  failures: 0,
  next_at: 0,
  ...more,
});

test('a request that fails is made again, later and later, and goes well', async () => {
  const { made, sent, passUntil } = posts([FAILS, FAILS, WENT_WELL]);
  const result = made.add(post());
  await passUntil(10_000);
  expect(sent.map(({ at }) => at)).toEqual([0, 1_000, 6_000]);
  expect(await result).toEqual({ ok: true });
  expect(made.pending).toEqual([]);
});

test('it is given up after the last attempt, and at once where another would be in vain', async () => {
  const { made, sent, passUntil } = posts([...Array<Sent>(6).fill(FAILS), REFUSED]);
  const result = made.add(post());
  const all = RETRY_AFTER_MS.reduce((sum, ms) => sum + ms, 0);
  await passUntil(2 * all);
  expect(sent.length).toBe(6);
  expect(sent.at(-1)?.at).toBe(all);
  expect((await result).reason).toBe('the answer was 503; given up after 6 attempts');
  const refused = made.add(post({ id: 'b' }));
  await passUntil(2 * all);
  expect((await refused).reason).toBe('the answer was 404; given up after one attempt');
});

test('while it is handed over nothing is sent, and the other daemon goes on where it was', async () => {
  const before = posts([FAILS, 'never']);
  void before.made.add(post());
  await before.passUntil(1_000);
  expect(before.made.atOnce).toBe(1);
  before.made.freeze();
  await before.passUntil(5_000);
  expect(before.made.atOnce).toBe(0);
  expect(before.sent.length).toBe(2);
  const [pending] = before.made.pending;
  expect(pending).toMatchObject({ id: 'a', failures: 1 });
  const after = posts([WENT_WELL]);
  after.made.freeze();
  const result = after.made.add(pending as PendingPost);
  await after.passUntil(5_000);
  expect(after.sent).toEqual([]);
  after.made.thaw();
  await after.passUntil(5_001);
  expect(await result).toEqual({ ok: true });
  // Given up here, it is where it was.
  before.made.thaw();
  await before.passUntil(5_001);
  expect(before.sent.length).toBe(3);
});

test('more than so many requests are not kept, and those of a rule that is removed are dropped', async () => {
  const { made } = posts([]);
  made.freeze();
  const all = Array.from({ length: 257 }, (_, index) => made.add(post({ id: String(index) })));
  expect(await all[256]).toMatchObject({ ok: false, reason: expect.stringContaining('256 requests wait') });
  made.drop('r1');
  expect(await all[0]).toEqual({ ok: false, reason: 'the rule was removed' });
  expect(made.pending).toEqual([]);
});

test('a secret is read from its file when it is needed, and from a private one only', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'pt-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const file = join(directory, 'secret');
  writeFileSync(file, 'hush\n', { mode: 0o600 });
  const { made, sent, passUntil } = posts([WENT_WELL]);
  const first = made.add(post({ secret_file: file }));
  await passUntil(0);
  expect(await first).toEqual({ ok: true });
  expect(sent).toMatchObject([{ secret: 'hush' }]);
  chmodSync(file, 0o644);
  const second = made.add(post({ secret_file: file }));
  await passUntil(0);
  expect((await second).reason).toContain('can be read or written by other users');
  expect(sent.length).toBe(1);
});

test('a signature is that of the time, a dot and the body', () => {
  const code = createHmac('sha256', 'key').update('7.body').digest('hex');
  expect(signature('key', 'body', 7)).toBe(`t=7,v1=${code}`);
});

test('what is written while a write is under way becomes one write, of what there is by then', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'pt-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const path = join(directory, 'kept', 'rules.json');
  const file = new RuleFile(path);
  let asked = 0;
  const kept = () => ({ last: ++asked, rules: [], posts: [] });
  await Promise.all([1, 2, 3, 4, 5].map(() => file.write(kept)));
  expect(asked).toBe(2);
  expect(JSON.parse(readFileSync(path, 'utf8')).last).toBe(2);
  expect((await file.read())?.last).toBe(2);
  writeFileSync(path, '{"version":1', { mode: 0o600 });
  await expect(file.read()).rejects.toThrow();
  expect(await file.read()).toBeUndefined();
  expect(readFileSync(`${path}.unusable`, 'utf8')).toBe('{"version":1');
});
