/** Each task is done by each face, and none costs more calls or bytes with us than with tmux. */
import { dirname } from 'node:path';
import { expect, test } from 'vitest';
import { readText, root } from '../architecture/workspaces.ts';
import { builtProgram } from '../harness/pilotty.ts';
import { missing, needs } from '../harness/programs.ts';
import { costOf, faces } from './faces.ts';
import { recipes } from './recipes.ts';

test.for(recipes(root))('$name costs less than with tmux', async (recipe) => {
  needs(...recipe.needs);
  const dist = dirname(builtProgram('pilotty.cjs'));
  const [ours, ...others] = faces;
  if (ours === undefined) throw new Error('there is no face');
  const cost = await costOf(ours, recipe, dist);
  for (const face of others) {
    const reason = face.lacks(dist);
    if (reason !== undefined) missing(reason);
    const other = await costOf(face, recipe, dist);
    expect(cost.calls, `calls, ${face.name}: ${other.calls}`).toBeLessThan(other.calls);
    expect(cost.bytes, `bytes, ${face.name}: ${other.bytes}`).toBeLessThan(other.bytes);
  }
});

test('the table of docs has every task', () => {
  const page = readText('docs/tasks.md');
  for (const { name, title } of recipes(root)) expect(page).toContain(`[${title}](cookbook/${name}.md)`);
});
