/** Tests as the documentation cites them: `tests/x.test.ts`: the name of a test. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readText, root } from './workspaces.ts';

export interface CitedTest {
  file: string;
  title: string;
}

/** @returns those that there are not */
export function missingOf(cited: readonly CitedTest[]): CitedTest[] {
  return cited.filter(({ file, title }) => !titlesIn(file).has(title));
}

/** What stands in a file as the name of a test, also of one that runs for each line of a table. */
function titlesIn(file: string): Set<string> {
  if (!existsSync(join(root, file))) return new Set();
  const calls = readText(file).matchAll(
    /\(\s*(?:'((?:[^'\\\n]|\\.)+)'|"((?:[^"\\\n]|\\.)+)"|`([^`\n]+)`),\s*(?:\{|async|\()/g,
  );
  return new Set([...calls].map(([, single, double, template]) => single ?? double ?? template ?? ''));
}
