/** Each task is done by each face, and none costs more calls or bytes with us than with tmux; all together half. */
import { dirname } from 'node:path';
import { expect, test } from 'vitest';
import { readText, root } from '../architecture/workspaces.ts';
import { builtProgram } from '../harness/pilotty.ts';
import { needs } from '../harness/programs.ts';
import { type Cost, costOf, faces } from './faces.ts';
import { type Recipe, recipes } from './recipes.ts';

/** Their names in the table. */
const OURS = ['pilotty', 'MCP', 'SDK'];

/** What one answer of MCP says of a call: what was done, how the wait ended. A screen of tmux can be emptier. */
const ANSWER_BYTES = 64;

const dist = dirname(builtProgram('pilotty.cjs'));
const tasks = recipes(root);
const costs = new Map<string, Cost>();

async function costBy(name: string, recipe: Recipe): Promise<Cost> {
  const face = faces.find((one) => one.name === name);
  if (face === undefined) throw new Error(`no face ${name}`);
  const cost = await costOf(face, recipe, dist);
  costs.set(`${recipe.name} ${name}`, cost);
  return cost;
}

test.for(tasks)('$name costs no more than with tmux', async (recipe) => {
  needs(...recipe.needs, 'tmux');
  const tmux = await costBy('tmux', recipe);
  // How often a loop over tmux looks depends on the machine: a slow one has fewer looks.
  for (const name of OURS) {
    const cost = await costBy(name, recipe);
    const room = name === 'MCP' ? cost.calls * ANSWER_BYTES : 0;
    expect(cost.calls, `calls by ${name}; by tmux: ${tmux.calls}`).toBeLessThanOrEqual(tmux.calls);
    expect(cost.bytes, `bytes by ${name}; by tmux: ${tmux.bytes}`).toBeLessThanOrEqual(
      Math.max(tmux.bytes, room),
    );
  }
});

test.for(OURS)('all by %s cost at most half the calls and half the bytes of tmux', (name) => {
  needs(...tasks.flatMap((recipe) => recipe.needs), 'tmux');
  const sum = (face: string, of: 'calls' | 'bytes') =>
    tasks.reduce((all, { name }) => all + (costs.get(`${name} ${face}`)?.[of] ?? Number.NaN), 0);
  for (const of of ['calls', 'bytes'] as const)
    expect(sum(name, of), of).toBeLessThanOrEqual(sum('tmux', of) / 2);
});

test('the table of docs has every task and every way', () => {
  const page = readText('docs/tasks.md');
  for (const { name } of faces) expect(page).toContain(`| ${name}: calls | bytes |`);
  for (const { name, title } of recipes(root)) expect(page).toContain(`[${title}](cookbook/${name}.md)`);
});
