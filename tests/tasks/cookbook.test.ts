/** What the cookbook shows is what happens. `npx vitest run --project node tests/tasks --update` writes it again. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test as plainTest } from 'vitest';
import { readText, root } from '../architecture/workspaces.ts';
import { test } from '../harness/pilotty.ts';
import { needs, PATH } from '../harness/programs.ts';
import { recipes, runShell } from './recipes.ts';

test.for(recipes(root))('$name', async (recipe, { pilotty }) => {
  needs(...recipe.needs);
  const programs = join(pilotty.directory, 'programs');
  mkdirSync(programs);
  writeFileSync(join(programs, 'pilotty'), `#!/bin/sh\nexec node '${pilotty.command}' "$@"\n`, {
    mode: 0o755,
  });
  const place = { directory: pilotty.home, env: { ...pilotty.env, PATH: `${programs}:${PATH}` } };
  await runShell(recipe.prepare, place);
  const outputs: string[] = [];
  for (const command of recipe.commands) outputs.push(await runShell(command, place));
  expect(recipe.commands.length).toBeGreaterThan(2);
  await expect(recipe.withOutputs(outputs)).toMatchFileSnapshot(`../../docs/cookbook/${recipe.name}.md`);
});

plainTest('the index of the cookbook names every recipe by its title', () => {
  const index = readText('docs/cookbook/README.md');
  for (const { name, title } of recipes(root)) expect(index).toContain(`[${title}](${name}.md)`);
});
