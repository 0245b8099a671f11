/**
 * The table of workspaces in docs/architecture.md is the rule; here it is held against the files.
 * A change of the architecture is a change of that table.
 */
import { isBuiltin } from 'node:module';
import { describe, expect, test } from 'vitest';
import { type Import, importsOf, isPackage, packageOf, readText, workspaces } from './workspaces.ts';

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
  ['node-pty', 'packages/daemon/src/pty/pty.ts'],
  ['@xterm/headless', 'packages/terminal/src/open-emulator.ts'],
])('%s is known to one file', (name, owner) => {
  const importers = workspaces.flatMap(importsOf).filter(imports(name));
  expect([...new Set(importers.map(({ file }) => file))]).toEqual([owner]);
});

function imports(name: string): (found: Import) => boolean {
  return ({ specifier }) => packageOf(specifier) === name;
}
