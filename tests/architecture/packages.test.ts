/** What is declared, locked and installed. */
import { expect, test } from 'vitest';
import { manifestOf, readText, workspaces } from './workspaces.ts';

interface Locked {
  resolved?: string;
  optionalDependencies?: Record<string, string>;
}

const locked: Record<string, Locked> = JSON.parse(readText('package-lock.json')).packages;

test('a package has one exact version, wherever it is declared', () => {
  const versions = new Map<string, Set<string>>();
  for (const { dependencies, devDependencies } of ['.', ...workspaces].map(manifestOf)) {
    for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies })) {
      versions.set(name, (versions.get(name) ?? new Set()).add(version));
    }
  }
  const disagreed = [...versions].filter(
    ([, declared]) => declared.size > 1 || ![...declared].every((version) => /^\d/.test(version)),
  );
  expect(Object.fromEntries(disagreed)).toEqual({});
});

// npm leaves out what the registry it asked did not have, and `npm ci` then refuses the lock file.
test('the lock file knows every optional package of every platform', () => {
  const missing = Object.entries(locked).flatMap(([path, { optionalDependencies }]) =>
    Object.keys(optionalDependencies ?? {}).filter((name) => !isLockedFor(path, name)),
  );
  expect(missing).toEqual([]);
});

test('the lock file names no host', () => {
  const hosts = Object.values(locked).filter(({ resolved }) => resolved?.includes('://'));
  expect(hosts).toEqual([]);
});

// npm links what is in a list, and leaves out one that is written as text.
test('the manual page is installed', () => {
  const { man, files } = JSON.parse(readText('package.json'));
  expect(man).toEqual(['./man/pilotty.1']);
  expect(files).toContain('man');
});

/** Looks where Node would: in the package's own node_modules, then in those above it. */
function isLockedFor(path: string, name: string): boolean {
  const parent = path.slice(0, Math.max(0, path.lastIndexOf('/node_modules/')));
  const here = path === '' ? '' : `${path}/`;
  return `${here}node_modules/${name}` in locked || (path !== '' && isLockedFor(parent, name));
}
