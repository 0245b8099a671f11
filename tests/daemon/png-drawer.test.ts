/** The queue of pictures: one is drawn at a time, and so many may wait. */
import { expect, test } from 'vitest';
import { Cancellation } from '../../packages/daemon/src/call.ts';
import { MAX_PICTURE_CELLS, MAX_PICTURES } from '../../packages/daemon/src/limits.ts';
import { type DrawnPng, PngDrawer, type PngJob } from '../../packages/daemon/src/pictures/png-drawer.ts';
import type { Picture } from '../../packages/terminal/src/index.ts';

function pictureOf(rows: number, cols = 80): Picture {
  return { cols, rows: Array.from({ length: rows }, () => []), cursor: undefined, title: `${rows}` };
}

/** A thread that draws when it is told to. */
function drawerOnHand() {
  const jobs: PngJob[] = [];
  let say: (drawn: DrawnPng) => void = () => {};
  let fail: (error: Error) => void = () => {};
  const drawer = new PngDrawer(() => ({
    postMessage: (job) => jobs.push(job),
    terminate: () => Promise.resolve(),
    on: (event: string, listener: unknown) => {
      if (event === 'message') say = listener as typeof say;
      else fail = listener as typeof fail;
    },
  }));
  const draw = (rows = 24, until = new Cancellation()) => drawer.draw(pictureOf(rows), 'dark', until);
  return {
    drawer,
    jobs,
    draw,
    finishOne: () => say({ png: Buffer.from(`${jobs.at(-1)?.picture.title}`) }),
    fail: () => fail(new Error('the thread died')),
  };
}

test('one picture more than may wait is refused, and one fits again when one is drawn', async () => {
  const { drawer, draw, finishOne } = drawerOnHand();
  const asked = Array.from({ length: MAX_PICTURES }, () => draw());
  expect(() => draw()).toThrow(
    expect.objectContaining({ code: 'LIMIT_REACHED', message: expect.stringContaining(`${MAX_PICTURES}`) }),
  );
  expect(drawer.count).toBe(MAX_PICTURES);
  finishOne();
  asked.push(draw());
  expect(drawer.count).toBe(MAX_PICTURES);
  for (let left = MAX_PICTURES; left > 0; left -= 1) finishOne();
  expect(await Promise.all(asked)).toHaveLength(MAX_PICTURES + 1);
  expect(drawer.count).toBe(0);
  await drawer.close();
});

test('pictures that wait have so many cells, and one alone may have any number', async () => {
  const { draw, finishOne, drawer } = drawerOnHand();
  const all = MAX_PICTURE_CELLS / 80;
  const large = draw(2 * all);
  expect(() => draw(1)).toThrow(expect.objectContaining({ code: 'LIMIT_REACHED' }));
  finishOne();
  expect(await large).toEqual(Buffer.from(`${2 * all}`));
  const half = draw(all / 2);
  const other = draw(all / 2);
  expect(() => draw(1)).toThrow();
  finishOne();
  finishOne();
  await Promise.all([half, other]);
  await drawer.close();
});

test('they are drawn one at a time, in their order; those whose client leaves first are not', async () => {
  const { drawer, draw, jobs, finishOne } = drawerOnHand();
  const leaving = new Cancellation();
  const asked = [draw(1), draw(2, leaving), draw(3)];
  const left = asked[1]?.catch((error: Error) => error.message);
  expect(jobs.map(({ picture }) => picture.title)).toEqual(['1']);
  leaving.cancel();
  expect(await left).toBe('The client has left');
  expect(drawer.count).toBe(2);
  finishOne();
  finishOne();
  expect(jobs.map(({ picture }) => picture.title)).toEqual(['1', '3']);
  await Promise.all([asked[0], asked[2]]);
  await drawer.close();
});

test('a thread that dies fails what waits, and the next picture has another', async () => {
  const { drawer, draw, fail, finishOne } = drawerOnHand();
  const asked = [draw(1), draw(2)].map((drawn) => drawn.catch((error: Error) => error.message));
  fail();
  expect(await Promise.all(asked)).toEqual(['the thread died', 'the thread died']);
  const next = draw(3);
  finishOne();
  expect(await next).toEqual(Buffer.from('3'));
  await drawer.close();
});
