/** `npm run bench -- tasks`: every task by every face, as a table; with --write-docs docs/tasks.md. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../bench/floods.ts';
import { pathOf } from '../harness/path.ts';
import { type Cost, costOf, type Face, faces } from './faces.ts';
import { type Recipe, recipes } from './recipes.ts';

export async function compareTasks(dist: string, writesDocs: boolean): Promise<void> {
  const present = faces.filter((face) => {
    const reason = face.lacks(dist);
    if (reason !== undefined) console.error(`without ${face.name}: ${reason}`);
    return reason === undefined;
  });
  const rows: { recipe: Recipe; costs: Cost[] }[] = [];
  for (const recipe of recipes(root)) {
    const absent = recipe.needs.filter((name) => pathOf(name) === undefined);
    if (absent.length > 0) {
      console.error(`without ${recipe.name}: ${absent.join(', ')} not found`);
      continue;
    }
    const costs: Cost[] = [];
    for (const face of present) costs.push(await costOf(face, recipe, dist));
    rows.push({ recipe, costs });
    console.log(`${recipe.name.padEnd(24)} ${costs.map((cost) => cells(cost).join(' ')).join(' | ')}`);
  }
  const page = pageOf(present, rows);
  console.log(`\n${page}`);
  if (writesDocs) writeFileSync(join(root, 'docs/tasks.md'), page);
}

function pageOf(present: readonly Face[], rows: readonly { recipe: Recipe; costs: Cost[] }[]): string {
  const head = ['task', ...present.flatMap(({ name }) => [`${name}: calls`, 'bytes', 'time'])];
  const totals = present.map((_, index) =>
    rows.reduce<Cost>((sum, { costs }) => added(sum, costs[index]), { calls: 0, bytes: 0, wallMs: 0 }),
  );
  const line = (row: readonly string[]) => `| ${row.join(' | ')} |`;
  const table = [
    line(head),
    line(head.map((_, index) => (index === 0 ? '---' : '---:'))),
    ...rows.map(({ recipe, costs }) =>
      line([`[${recipe.title}](cookbook/${recipe.name}.md)`, ...costs.flatMap(cells)]),
    ),
    line(['**all**', ...totals.flatMap(cells).map((cell) => `**${cell}**`)]),
  ];
  return `${HEAD}\n${table.join('\n')}\n`;
}

function added(sum: Cost, cost: Cost | undefined): Cost {
  if (cost === undefined) return sum;
  return {
    calls: sum.calls + cost.calls,
    bytes: sum.bytes + cost.bytes,
    wallMs: sum.wallMs + cost.wallMs,
  };
}

function cells({ calls, bytes, wallMs }: Cost): string[] {
  return [String(calls), String(bytes), `${(wallMs / 1000).toFixed(1)} s`];
}

const HEAD = `# Fifteen tasks, by pilotty and by tmux

Written by \`npm run bench -- tasks --write-docs\`. A call is one run of the command; bytes are what it printed, all of which an
agent has to read. With tmux a screen is looked at every 0.2 s until it shows what is waited for: an agent that looks less often makes
fewer calls and waits longer. The daemon, and tmux's server, run before the time is taken. Both are checked to have done the task. The pilotty commands are those of the
[cookbook](cookbook/README.md), those of tmux stand in tests/tasks.
`;
