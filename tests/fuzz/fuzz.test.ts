/**
 * The short form of `npm run fuzz`: every input that was a fault once, and some new ones, the same in each run, because a
 * fault that only one run in a thousand finds is for the long form.
 */
import { expect, test } from 'vitest';
import { readCorpus } from './corpus.ts';
import { search } from './search.ts';
import { targets } from './targets/index.ts';

const CORPUS = new URL('corpus', import.meta.url).pathname;

test.for(targets.map((target) => [target.name, target.promise, target] as const))(
  '%s: %s',
  async ([name, , target]) => {
    const opened = await target.open();
    try {
      const kept = readCorpus(CORPUS, name);
      for (const { file, about, input } of kept) {
        const checked = async () => await opened.check(input);
        await expect(checked(), `${file}: ${about}`).resolves.toBeUndefined();
      }
      const corpus = kept.map(({ input }) => input);
      const { found } = await search(target, opened, { corpus, seed: 1, runs: target.runsInTest });
      expect(found).toBeUndefined();
    } finally {
      await opened.close();
    }
  },
);
