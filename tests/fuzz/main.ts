/**
 * Looks for inputs that break what the product promises, for as long as it is given.
 *
 *     npm run fuzz                            every target, one minute each
 *     npm run fuzz -- replay http             some of them
 *     npm run fuzz -- replay --minutes 20     each for so long
 *     npm run fuzz -- --seed 7                the same inputs again
 *     npm run fuzz -- --list                  the targets
 *
 * What breaks a promise is shrunk and written into tests/fuzz/corpus, which `npm test` tries from then on.
 */
import { parseArgs } from 'node:util';
import { keep, readCorpus } from './corpus.ts';
import { kindOf, search } from './search.ts';
import type { Target } from './target.ts';
import { targets } from './targets/index.ts';

/** Between two looks at the time. */
const RUNS = 100;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    minutes: { type: 'string', default: '1' },
    seed: { type: 'string' },
    list: { type: 'boolean', default: false },
    corpus: { type: 'string', default: 'tests/fuzz/corpus' },
  },
});

process.exitCode = await main();

async function main(): Promise<number> {
  if (values.list) {
    for (const { name, promise } of targets) console.log(`${name.padEnd(12)}${promise}`);
    return 0;
  }
  const unknown = positionals.filter((name) => !targets.some((target) => target.name === name));
  const minutes = Number(values.minutes);
  if (unknown.length > 0 || !(minutes > 0)) {
    console.error(
      unknown.length > 0
        ? `no such target: ${unknown.join(', ')}; there are ${targets.map(({ name }) => name).join(', ')}`
        : `--minutes is no number above 0: ${values.minutes}`,
    );
    return 2;
  }
  const seed = values.seed === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(values.seed);
  console.log(`seed ${seed}`);
  let faults = 0;
  for (const target of targets) {
    if (positionals.length > 0 && !positionals.includes(target.name)) continue;
    faults += await aimAt(target, minutes * 60_000, seed);
  }
  return faults === 0 ? 0 : 1;
}

async function aimAt(target: Target<unknown>, lastMs: number, seed: number): Promise<number> {
  const corpus = readCorpus(values.corpus, target.name).map(({ input }) => input);
  const opened = await target.open();
  const kinds = new Set<string>();
  let tried = 0;
  try {
    const end = performance.now() + lastMs;
    for (let round = 0; performance.now() < end; round++) {
      const result = await search(target, opened, { corpus, seed: seed + round, runs: RUNS });
      tried += result.tried;
      if (result.found === undefined) continue;
      const { input, error } = result.found;
      const kind = kindOf(error);
      if (kinds.has(kind)) continue;
      kinds.add(kind);
      const about = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
      const file = keep(values.corpus, target.name, about, input);
      console.log(`${target.name}: ${error instanceof Error ? error.stack : error}\n  kept in ${file}`);
    }
  } finally {
    await opened.close();
  }
  console.log(`${target.name}: ${tried} inputs, ${kinds.size} kinds of faults`);
  return kinds.size;
}
