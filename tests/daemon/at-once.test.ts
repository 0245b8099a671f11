import { expect, test } from 'vitest';
import { atOnce, awaited, type Work } from '../../packages/daemon/src/at-once.ts';

const happened: string[] = [];

function* work(first: number | Promise<number>, second: number | Promise<number>): Work<number> {
  try {
    const one = yield* awaited(first);
    happened.push(`one ${one}`);
    if (one < 0) throw new Error('negative');
    return one + (yield* awaited(second));
  } finally {
    happened.push('end');
  }
}

test('what waits for nothing is done at once, without a promise', () => {
  happened.length = 0;
  expect(atOnce(work(1, 2))).toBe(3);
  expect(() => atOnce(work(-1, 2))).toThrow('negative');
  expect(happened).toEqual(['one 1', 'end', 'one -1', 'end']);
});

test('what waits is done up to there at once, and goes on as a promise', async () => {
  happened.length = 0;
  const result = atOnce(work(1, Promise.resolve(2)));
  expect(happened).toEqual(['one 1']);
  expect(await result).toBe(3);
  expect(await atOnce(work(Promise.resolve(1), Promise.resolve(2)))).toBe(3);
  expect(happened).toEqual(['one 1', 'end', 'one 1', 'end']);
});

test('what is waited for and fails is thrown where it is waited for', async () => {
  happened.length = 0;
  const lost = () => Promise.reject<number>(new Error('lost'));
  await expect(atOnce(work(lost(), 2))).rejects.toThrow('lost');
  await expect(atOnce(work(Promise.resolve(-1), 2))).rejects.toThrow('negative');
  await expect(atOnce(work(1, lost()))).rejects.toThrow('lost');
  expect(happened).toEqual(['end', 'one -1', 'end', 'one 1', 'end']);
});
