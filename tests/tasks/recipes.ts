/**
 * The recipes of docs/cookbook: pages whose commands are run as they stand. What is marked `sh prepare` is run first, as
 * one script; then each line behind `$ ` of the console, with what it prints on both streams.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runFile } from '../harness/run-file.ts';

export interface Recipe {
  /** Of the cookbook its own, else the path. */
  name: string;
  title: string;
  /** Programs of the machine that it cannot do without. */
  needs: readonly string[];
  prepare: string;
  commands: readonly string[];
  /** The text of a file of tests/tasks. */
  file(path: string): string;
  /** The page, with other output of the commands. */
  withOutputs(outputs: readonly string[]): string;
}

/** @param root of the repository: a bundle does not know it by its own place */
export function recipes(root: string): Recipe[] {
  const pages = readdirSync(join(root, 'docs/cookbook')).filter((file) => file !== 'README.md');
  return pages.toSorted().map((file) => recipeOf(`docs/cookbook/${file}`, root));
}

const CONSOLE = /(```console\n)(.*?)(```)/s;

/** @param path of a page, from the root */
export function recipeOf(path: string, root: string): Recipe {
  const read = (path: string) => readFileSync(join(root, path), 'utf8');
  const page = read(path);
  const name = path.replace(/^docs\/cookbook\/(.*)\.md$/, '$1');
  const [, title = ''] = /^# (.*)$/m.exec(page) ?? [];
  const [, needed = ''] = /Needs ([\w, ]+)\.$/m.exec(page) ?? [];
  const [, prepare = ''] = /```sh prepare\n(.*?)```/s.exec(page) ?? [];
  const [, , session = ''] = CONSOLE.exec(page) ?? [];
  const commands = session
    .split('\n')
    .filter((line) => line.startsWith('$ '))
    .map((line) => line.slice(2));
  const withOutputs = (outputs: readonly string[]) => {
    const steps = commands.map((command, index) => `$ ${command}\n${outputs[index] ?? ''}`);
    return page.replace(CONSOLE, (_, open: string, __, close: string) => open + steps.join('') + close);
  };
  return {
    name,
    title,
    needs: needed.split(/, | and /).filter(Boolean),
    prepare,
    commands,
    file: (file) => read(`tests/tasks/${file}`),
    withOutputs,
  };
}

export interface Place {
  directory: string;
  env: Readonly<Record<string, string>>;
}

/** A task that is not done by then never will be. */
const DEADLINE_MS = 50_000;

/** @throws when a command fails: a recipe that expects that says so itself, as in `; echo "exit code $?"` */
export async function runShell(script: string, { directory, env }: Place): Promise<string> {
  const { stdout } = await runFile('/bin/sh', ['-c', `exec 2>&1\n${script}`], {
    cwd: directory,
    env,
    timeout: DEADLINE_MS,
  });
  return stdout;
}
