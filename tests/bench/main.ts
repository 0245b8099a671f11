/**
 * Measures the built product, and what it is compared with in the same run.
 *
 *     npm run bench                      everything, in some minutes
 *     npm run bench -- wait exit         some of it
 *     npm run bench -- tasks             the tasks of the cookbook: calls, bytes and time, by MCP, SDK and tmux too
 *     npm run bench -- --full            as many runs and sessions as a claim needs
 *     npm run bench -- --json FILE       the rows, for a program
 *     npm run bench -- --write-docs      docs/benchmarks.md with its plots; with names, those sections of it
 *     npm run bench -- --dist DIR        another build, to compare two
 *     npm run bench -- --quick           the gate: fails when something is slower than the stored baseline allows
 *     npm run bench -- --write-baseline  the gate's baseline, of this build
 */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { compareTasks } from '../tasks/compare.ts';
import type { Benchmark } from './benchmark.ts';
import { attach } from './cases/attach.ts';
import { batch } from './cases/batch.ts';
import { commands } from './cases/commands.ts';
import { curves } from './cases/curves.ts';
import { deltaSessions } from './cases/delta-sessions.ts';
import { exec } from './cases/exec.ts';
import { firstCommand } from './cases/first-command.ts';
import { fleet } from './cases/fleet.ts';
import { cat, seq } from './cases/flood.ts';
import { exit, wait } from './cases/latency.ts';
import { firstCommands, output } from './cases/losses.ts';
import { manySessions, starts } from './cases/many-sessions.ts';
import { memory } from './cases/memory.ts';
import { requests } from './cases/requests.ts';
import { rules } from './cases/rules.ts';
import { run } from './cases/run.ts';
import { twentyFloods } from './cases/twenty-floods.ts';
import { waits } from './cases/waits.ts';
import { root } from './floods.ts';
import { runGate, writeBaseline } from './gate/gate.ts';
import { closeAllPlaces } from './place.ts';
import { printRow, type Section, writeDocs } from './report.ts';

const ALL: readonly Benchmark[] = [
  commands,
  deltaSessions,
  requests,
  batch,
  exec,
  firstCommand,
  seq,
  cat,
  attach,
  waits,
  rules,
  run,
  twentyFloods,
  wait,
  exit,
  memory,
  starts,
  manySessions,
  curves,
  fleet,
  output,
  firstCommands,
];

/** Not one of them: it counts instead of measuring, and writes a page of its own. */
const TASKS = 'tasks';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    full: { type: 'boolean', default: false },
    json: { type: 'string' },
    'write-docs': { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
    'write-baseline': { type: 'boolean', default: false },
    dist: { type: 'string', default: join(root, 'dist') },
  },
});

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => {
    closeAllPlaces();
    process.exit(1);
  });
}

process.exitCode = await main();

async function main(): Promise<number> {
  const unknown = positionals.filter(
    (name) => name !== TASKS && !ALL.some((benchmark) => benchmark.name === name),
  );
  if (unknown.length > 0) {
    console.error(
      `no such benchmark: ${unknown.join(', ')}; there are ${[...ALL.map(({ name }) => name), TASKS].join(', ')}`,
    );
    return 2;
  }
  if (!existsSync(join(values.dist, 'pilotty.cjs'))) {
    console.error(`nothing is built in ${values.dist}: npm run build`);
    return 2;
  }
  if (values.quick) return (await runGate(values.dist)) ? 0 : 1;
  if (values['write-baseline']) {
    await writeBaseline(values.dist);
    return 0;
  }
  if (positionals.includes(TASKS)) {
    await compareTasks(values.dist, values['write-docs']);
    return 0;
  }
  const wanted = ALL.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
  const bench = { dist: values.dist, isFull: values.full, peer: process.env.PILOTTY_BENCH_PEER || undefined };
  const sections: Section[] = [];
  for (const { name, title, run: measure } of wanted) {
    console.log(`\n${name}: ${title}`);
    const rows = await measure(bench);
    for (const row of rows) console.log(printRow(row));
    sections.push({ name, title, rows });
  }
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(sections, null, 2)}\n`);
  if (values['write-docs']) writeDocs(join(root, 'docs'), sections, positionals.length === 0);
  return 0;
}
