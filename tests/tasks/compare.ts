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
  const received = totals.find(({ receivedBytes }) => receivedBytes !== undefined)?.receivedBytes;
  return [HEAD, ...table, ...(received === undefined ? [] : ['', receivedText(received)]), ''].join('\n');
}

function added(sum: Cost, cost: Cost | undefined): Cost {
  if (cost === undefined) return sum;
  return {
    calls: sum.calls + cost.calls,
    bytes: sum.bytes + cost.bytes,
    wallMs: sum.wallMs + cost.wallMs,
    ...(cost.receivedBytes !== undefined && {
      receivedBytes: (sum.receivedBytes ?? 0) + cost.receivedBytes,
    }),
  };
}

function cells({ calls, bytes, wallMs }: Cost): string[] {
  return [String(calls), String(bytes), `${(wallMs / 1000).toFixed(1)} s`];
}

const HEAD = `# Sixteen tasks, by pilotty and by tmux

Written by \`npm run bench -- tasks --write-docs\`. Each task is done in four ways, and each time it is checked that it was done:

- **pilotty**: the commands of the [cookbook](cookbook/README.md). A call is one run of the command; bytes are what it printed, all of
  which an agent has to read.
- **MCP**: tools of [\`pilotty mcp\`](mcp.md), over stdin and stdout, with the official client. A call is one \`tools/call\`; bytes are the text of
  its content, all of which the model is given.
- **SDK**: a program with \`import 'pilotty'\`. A call is one method that is awaited, also a locator's click, which looks first and so is two requests; bytes
  are those of the members of its answer that the program reads, as JSON: like \`--fields\` of the command.
- **tmux**: a call is one run of \`tmux\`; bytes are what it printed. A screen is looked at every 0.2 s until it shows what is waited for: an
  agent that looks less often makes fewer calls and waits longer.

What each way does is in tests/tasks. The daemon, the MCP server and tmux's server are started before the time is taken.

An answer of MCP says what was done and how the wait ended, in some 60 bytes a call. A screen that is nearly empty is fewer bytes
by tmux: the password prompt is the one task where this shows.
`;

function receivedText(bytes: number): string {
  return `By the SDK ${bytes} bytes came back as JSON for all tasks; what these programs do not read of it is not counted above.`;
}
