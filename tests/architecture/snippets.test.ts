/**
 * What pages show is true. Each `pilotty …` of a block of shell, and each in the middle of a sentence, is a command with
 * options that there are. What stands in a block marked `console` is run, and its output compared:
 * `npx vitest run --project node tests/architecture/snippets.test.ts --update` writes it again.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test as plainTest } from 'vitest';
import type { Command } from '../../apps/cli/src/command.ts';
import { readLine } from '../../apps/cli/src/command-line.ts';
import { aliases, groups } from '../../apps/cli/src/commands/index.ts';
import { optionsOf } from '../../apps/cli/src/declared.ts';
import { topics } from '../../apps/cli/src/topics.ts';
import { commandsIn } from '../cli/shell-words.ts';
import { test } from '../harness/pilotty.ts';
import { needs, PATH } from '../harness/programs.ts';
import { recipeOf, runShell } from '../tasks/recipes.ts';
import { readText, root } from './workspaces.ts';

const pages = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '*.md'], {
  cwd: root,
  encoding: 'utf8',
})
  .trim()
  .split('\n')
  // What happened before stays as it was; and generated pages have what the tables say.
  .filter((page) => !/CHANGELOG|docs\/decisions\/|docs\/(?:cli|protocol|http|keys)\.md/.test(page));

plainTest.for(pages)('every command in %s is one', async (page) => {
  const wrong: string[] = [];
  const { blocks, inline } = shellLines(readText(page));
  for (const line of [...blocks, ...inline]) {
    for (const words of commandsIn(line)) {
      const problem = await problemOf(words);
      const isNamed =
        inline.includes(line) && /needs a value|missing required argument|is '[A-Z]+'/.test(problem ?? '');
      if (problem !== undefined && !isNamed) wrong.push(`${line}: ${problem}`);
    }
  }
  wrong.push(...(await unknownOptions(readText(page))));
  expect(wrong).toEqual([]);
});

plainTest('the check finds what is wrong', async () => {
  expect(await problemOf(['snapshot', '--formt', 'text'])).toBeDefined();
  expect(await problemOf(['snap'])).toBeDefined();
  expect(await problemOf(['key'])).toBeDefined();
  expect(await problemOf(['help', 'nothing'])).toBeDefined();
  expect(await problemOf(['snapshot', '-f', 'text'])).toBeUndefined();
  expect(shellLines('`pilotty a`\n```sh\npilotty b  # why\n```\n')).toEqual({
    blocks: ['pilotty b'],
    inline: ['pilotty a'],
  });
  expect(
    await unknownOptions('`type --file`, `type --enter --json`, `grep --x` of\n```sh\nls --y\n```'),
  ).toEqual(['type --file', 'grep --x']);
});

/** Of blocks of shell the lines, without comments; of sentences what is set as code. A sentence may name a part of a command. */
function shellLines(text: string): { blocks: string[]; inline: string[] } {
  const blocks = [...text.matchAll(/```(?:sh|console|bash)[^\n]*\n(.*?)```/gs)].flatMap(([, block = '']) =>
    block.replaceAll(/\\\n\s*/g, ' ').split('\n'),
  );
  const sentences = text.replaceAll(/```.*?```/gs, '');
  const inline = [...sentences.matchAll(/`((?:[A-Z_]+=\S+ )*pilotty [^`]*)`/g)].map(([, code = '']) =>
    code.replaceAll('\\|', '|'),
  );
  return { blocks: blocks.map(withoutComment).filter((line) => line.includes('pilotty ')), inline };
}

/** Of commands that a sentence names without `pilotty`, such as `type --enter`. */
async function unknownOptions(text: string): Promise<string[]> {
  const sentences = text.replaceAll(/```.*?```/gs, '');
  const named = [...sentences.matchAll(/`([a-z][a-z-]*) ([^`]*)`/g)].map(async ([, word = '', rest = '']) => {
    const declaration = await declarationOf(word);
    if (declaration === undefined) return [];
    const there = new Set(['help', ...optionsOf(declaration).map(([name]) => name)]);
    return [...rest.matchAll(/(?:^| )--([a-z-]+)/g)]
      .map(([, option = '']) => option)
      .filter((option) => !there.has(option))
      .map((option) => `${word} --${option}`);
  });
  return (await Promise.all(named)).flat();
}

function withoutComment(line: string): string {
  return line.replace(/^\$ /, '').replace(/(?:^|\s+)#\s.*$/, '');
}

/** Undefined where the words are in order. */
async function problemOf(words: readonly string[]): Promise<string | undefined> {
  const [first = '', ...rest] = words;
  // A command that stands for any, or something that is left out.
  if (words.length === 0 || /^[A-Z-]/.test(first) || words.some((word) => word.includes('…')))
    return undefined;
  if (first === 'help') return isKnown(rest[0] ?? '') ? undefined : `no topic ${rest[0]}`;
  const declaration = await declarationOf(first);
  if (declaration === undefined) return `no command ${first}`;
  // Alone, a command is named and not shown.
  if (rest.length === 0 && first !== 'key') return undefined;
  try {
    readLine(declaration, rest);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

async function declarationOf(word: string): Promise<Command | undefined> {
  const name = aliases[word] ?? word;
  const load = Object.values(groups).find((commands) => Object.hasOwn(commands, name))?.[name];
  return (await load?.())?.declaration;
}

function isKnown(topic: string): boolean {
  const commands = Object.values(groups).flatMap((group) => Object.keys(group));
  return [...commands, ...topics, ...Object.keys(aliases)].includes(topic);
}

const shown = pages
  .filter((page) => page.startsWith('docs/') && !page.startsWith('docs/cookbook/'))
  .map((page) => recipeOf(page, root))
  .filter(({ commands }) => commands.length > 0);

test.for(shown)('what $name shows happens', async (recipe, { pilotty }) => {
  needs(...recipe.needs);
  const programs = join(pilotty.directory, 'programs');
  mkdirSync(programs);
  for (const name of ['pilotty', 'delta-sessions']) {
    const file = pilotty.command.replace(/pilotty\.cjs$/, `${name}.cjs`);
    writeFileSync(join(programs, name), `#!/bin/sh\nexec node '${file}' "$@"\n`, { mode: 0o755 });
  }
  const place = { directory: pilotty.home, env: { ...pilotty.env, PATH: `${programs}:${PATH}` } };
  await runShell(recipe.prepare, place);
  // One shell: what a line sets stays for the next.
  const marker = '--- next ---';
  const script = recipe.commands.join(`\necho '${marker}'\n`);
  const outputs = (await runShell(script, place)).split(`${marker}\n`);
  await expect(recipe.withOutputs(outputs)).toMatchFileSnapshot(join(root, recipe.name));
});
