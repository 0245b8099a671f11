/**
 * The table of workspaces in docs/architecture.md is the rule; here it is held against the files.
 * A change of the architecture is a change of that table.
 */
import { isBuiltin } from 'node:module';
import { dirname } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  type Import,
  importsOf,
  isPackage,
  packageOf,
  readText,
  sourcesOf,
  workspaces,
} from './workspaces.ts';

/** '| packages/x | what it is | `a`, `b` |' */
const rules = new Map(
  [...readText('docs/architecture.md').matchAll(/^\| ((?:packages|apps)\/\S+) \|.*\| (.*) \|$/gm)].map(
    ([, workspace = '', allowed = '']) =>
      [workspace, [...allowed.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name)] as const,
  ),
);

test('every workspace has its row in the table, and every row its workspace', () => {
  expect([...rules.keys()].sort()).toEqual([...workspaces].sort());
});

describe.each(workspaces)('%s', (workspace) => {
  const imports = importsOf(workspace);

  test('imports only what the table allows, and all of it', () => {
    const packages = imports.map(({ specifier }) => specifier).filter(isPackage);
    expect([...new Set(packages)].sort()).toEqual([...(rules.get(workspace) ?? [])].sort());
  });

  test('has no files that import each other in a circle, types included', () => {
    expect(circleIn(imports, (path) => path)).toEqual([]);
  });

  // Every part of the page can reach all others through the page.
  test.skipIf(workspace === 'apps/web')(
    'has no directories that import each other in a circle, types included',
    () => {
      expect(circleIn(imports, roomOf)).toEqual([]);
    },
  );

  test('reaches into no other workspace by a path', () => {
    const outside = imports
      .filter(({ specifier }) => specifier.startsWith('./'))
      .filter(({ specifier }) => !specifier.startsWith(`./${workspace}/src/`))
      // The product's version, inlined by the build.
      .filter(({ specifier }) => specifier !== './package.json');
    expect(outside).toEqual([]);
  });
});

test.each(['packages/protocol', 'packages/terminal'])(
  '%s touches no file, socket, process or clock',
  (pure) => {
    expect(importsOf(pure).filter(({ specifier }) => isBuiltin(specifier))).toEqual([]);
  },
);

test.each([
  ['node-pty', 'packages/daemon/src/pty/fork.ts'],
  ['@xterm/headless', 'packages/terminal/src/open-emulator.ts'],
])('%s is known to one file', (name, owner) => {
  const importers = workspaces.flatMap(importsOf).filter(imports(name));
  expect([...new Set(importers.map(({ file }) => file))]).toEqual([owner]);
});

test('AbortSignal.timeout() stands in one file, which says why', () => {
  // The page runs in a browser.
  const files = workspaces.filter((workspace) => workspace !== 'apps/web').flatMap(sourcesOf);
  const makers = files.filter((file) => /^(?!\s*\*).*AbortSignal\.timeout\(/m.test(readText(file)));
  expect(makers).toEqual(['packages/client/src/timeout-signal.ts']);
});

/** A directory below `src`; a file that stands in `src` itself is the base of others, or puts them together. */
function roomOf(path: string): string {
  return dirname(path).endsWith('/src') ? path : dirname(path);
}

/** What is left once everything is taken away, again and again, that imports nothing which is still there. */
function circleIn(imports: readonly Import[], placeOf: (path: string) => string): string[] {
  const edges = imports
    .filter(({ specifier }) => specifier.startsWith('./'))
    .map(({ file, specifier }) => [placeOf(file), placeOf(specifier.slice(2))] as const)
    .filter(([from, to]) => from !== to);
  const left = new Set(edges.map(([from]) => from));
  for (let before = 0; before !== left.size; ) {
    before = left.size;
    for (const place of left)
      if (!edges.some(([from, to]) => from === place && left.has(to))) left.delete(place);
  }
  return [...left];
}

function imports(name: string): (found: Import) => boolean {
  return ({ specifier }) => packageOf(specifier) === name;
}
