/** Work that keeps the daemon from everything else is logged, with what it was. */
import { expect, test } from 'vitest';
import { LongWork } from '../../packages/daemon/src/long-work.ts';
import { Scheduler } from '../../packages/daemon/src/pty/scheduler.ts';

function watched() {
  const clock = { ms: 0 };
  const logged: unknown[] = [];
  const longWork = new LongWork(
    { warn: (facts: unknown) => void logged.push(facts) } as never,
    () => clock.ms,
  );
  const work = (ms: number, inner: () => void = () => {}, name = 'request session.grep') => {
    const began = longWork.began();
    inner();
    clock.ms += ms;
    longWork.ended(began, () => ({ work: name, session: 'a' }));
  };
  return { clock, logged, longWork, work };
}

test('what takes 200 ms is logged with its session, and what takes less is not', () => {
  const { logged, longWork, work } = watched();
  work(199);
  expect(longWork.facts).toBeUndefined();
  work(200);
  work(350);
  expect(logged).toEqual([
    { work: 'request session.grep', session: 'a', duration_ms: 200 },
    { work: 'request session.grep', session: 'a', duration_ms: 350 },
  ]);
  expect(longWork.facts).toMatchObject({
    count: 2,
    longest_ms: 350,
    work: "request session.grep of 'a'",
    duration_ms: 350,
  });
});

test('work within other work is logged for itself, and not once more with the whole', () => {
  const { logged, work } = watched();
  work(100, () => work(300, undefined, 'inner'));
  expect(logged).toEqual([{ work: 'inner', session: 'a', duration_ms: 300 }]);
});

test('output that takes long to draw is logged with its session, and one that throws delays no other', () => {
  const { clock, logged, longWork } = watched();
  const turns: (() => void)[] = [];
  const failed: unknown[] = [];
  const scheduler = new Scheduler({
    longWork,
    failed: (error) => failed.push(error),
    now: () => clock.ms,
    defer: (turn) => turns.push(turn),
  });
  scheduler.request({
    name: 'slow',
    parsePiece() {
      clock.ms += 500;
      throw new Error('a fault');
    },
  });
  let drawn = 0;
  scheduler.request({ name: 'other', parsePiece: () => ++drawn < 1 });
  for (let turn = turns.shift(); turn !== undefined; turn = turns.shift()) turn();
  expect({ logged, failed, drawn }).toEqual({
    logged: [{ work: 'drawing output', session: 'slow', duration_ms: 500 }],
    failed: [new Error('a fault')],
    drawn: 1,
  });
});
