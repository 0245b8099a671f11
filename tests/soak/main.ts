/**
 * Loads the built product for as long as it is told to, and compares what it takes afterwards with what it took before.
 *
 *     npm run soak                                 ten minutes, 200 sessions, 100 clients
 *     npm run soak -- --minutes 60 --sessions 1000
 *     npm run soak -- --json FILE --svg FILE       what was sampled, and its curves
 *     npm run soak -- --dist DIR                   another build
 *     npm run soak -- --seed N                     other acts
 *     npm run soak -- --kills N                    instead: kills the daemon so often, and the gateway half as often
 *     npm run soak -- --rules 1000 --sessions 100  rules under fire instead, with that many in all
 *
 * Exits 1 where a request was not answered once by its own answer, where a rule did not fire once for a line that it is
 * for, or where more is taken at the end.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from '../bench/floods.ts';
import { closeAllPlaces, Place } from '../bench/place.ts';
import { type KillsResult, runKills } from '../faults/kills/kills.ts';
import { curves } from './curves.ts';
import { growthOf, hasGrown } from './growth.ts';
import { type LoadResult, runLoad } from './load.ts';
import { soakRules } from './soak-rules.ts';

const MINUTE_MS = 60_000;
const ROUND_MS = 50_000;
const MIN_ROUNDS = 2;

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    sessions: { type: 'string', default: '200' },
    clients: { type: 'string', default: '100' },
    seed: { type: 'string', default: '1' },
    rules: { type: 'string' },
    dist: { type: 'string', default: join(root, 'dist') },
    json: { type: 'string' },
    svg: { type: 'string' },
    kills: { type: 'string' },
  },
});

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => {
    closeAllPlaces();
    process.exit(1);
  });
}

process.exitCode = values.kills === undefined ? await main() : await kill(Number(values.kills));

async function main(): Promise<number> {
  const [minutes, sessions, clients, seed] = [
    Number(values.minutes),
    Number(values.sessions),
    Number(values.clients),
    Number(values.seed),
  ];
  const place = new Place();
  try {
    if (values.rules !== undefined)
      return (await soakRules(place, { dist: values.dist, minutes, sessions, rules: Number(values.rules) }))
        ? 0
        : 1;
    const result = await runLoad({
      ...{ dist: values.dist, directory: place.directory, env: place.env, sessions, clients, seed },
      rounds: Math.max(MIN_ROUNDS, Math.round((minutes * MINUTE_MS) / ROUND_MS)),
      roundMs: ROUND_MS,
      probe: join(root, 'tests/soak/programs/probe.cjs'),
      progress: ({ atSeconds, memoryMb, heapMb, descriptors, threads, timers }) =>
        console.log(
          `${atSeconds.toFixed(0).padStart(6)} s: at rest ${memoryMb.toFixed(1)} MB, heap ${heapMb.toFixed(1)} MB, ${descriptors} descriptors, ${threads} threads, ${timers} timers`,
        ),
    });
    if (values.json !== undefined)
      writeFileSync(values.json, `${JSON.stringify({ sessions, clients, seed, ...result }, null, 2)}\n`);
    if (values.svg !== undefined) writeFileSync(values.svg, curves(result));
    return report(result) ? 0 : 1;
  } finally {
    place.close();
  }
}

/** @returns whether all is as it must be */
function report({ ledger, rests }: LoadResult): boolean {
  const { asked, answered, cut, refused, acts, faults, faultCount } = ledger;
  console.log(`${asked} requests: ${answered} answered, ${cut} cut off or cancelled, ${faultCount} faults`);
  console.log(`refused: ${JSON.stringify(refused)}; acts: ${JSON.stringify(acts)}`);
  for (const fault of faults) console.error(`fault: ${fault}`);
  if (rests.length < MIN_ROUNDS) return false;
  const growth = growthOf(rests);
  for (const each of growth) {
    const { what, first, last, most } = each;
    const verdict = hasGrown(each) ? 'GREW' : 'flat';
    console.log(`${what.padEnd(12)} ${first.toFixed(1)} → ${last.toFixed(1)} (at most +${most}): ${verdict}`);
  }
  return faultCount === 0 && !growth.some(hasGrown);
}

async function kill(kills: number): Promise<number> {
  const seed = Number(values.seed);
  console.log(`seed ${seed}`);
  const place = new Place();
  try {
    const { directory, env } = place;
    const progress = ({ faults, ...counts }: KillsResult) => console.log(JSON.stringify(counts));
    const { faults } = await runKills({ dist: values.dist, directory, env, seed, kills, progress });
    for (const fault of faults) console.error(`fault: ${fault}`);
    return faults.length === 0 ? 0 : 1;
  } finally {
    place.close();
  }
}
