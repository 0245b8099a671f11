/** Made-up byte streams: each draws the same screen in tmux and here, or the difference is explained. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { needs } from '../../harness/programs.ts';
import { looksAfter, oneByOne, SIZES } from './compare.ts';
import { expectExplained, sizeName } from './differences.ts';
import { explained } from './explained.ts';
import { programs } from './programs.ts';
import { type Step, streams } from './streams.ts';
import { Tmux } from './tmux.ts';

let tmux: Tmux | undefined;
beforeAll(async () => {
  tmux = await Tmux.start().catch(() => undefined);
});
afterAll(() => tmux?.close());

describe.each(SIZES)('$cols columns and $rows rows', (size) => {
  test.each(Object.entries(streams))('%s', async (topic, named) => {
    needs('tmux');
    await oneByOne(Object.entries(named), async ([name, stream]) => {
      const made: Step | Step[] = typeof stream === 'string' ? stream : stream(size);
      const steps = [made].flat().map((step) => (typeof step === 'string' ? Buffer.from(step) : step));
      expectExplained(`${topic}: ${name}`, size, await looksAfter(tmux as Tmux, size, steps));
    });
  });
});

test('every explanation is of something that is compared', () => {
  const compared = new Set([
    ...Object.entries(streams).flatMap(([topic, named]) =>
      Object.keys(named).map((name) => `${topic}: ${name}`),
    ),
    ...Object.keys(programs),
  ]);
  const sizes = SIZES.map(sizeName);
  expect(explained.flatMap(({ of }) => of).filter((name) => !compared.has(name))).toEqual([]);
  expect(explained.flatMap((entry) => entry.sizes ?? []).filter((size) => !sizes.includes(size))).toEqual([]);
});
