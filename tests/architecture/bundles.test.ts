/** What the build made of it: the command stays small, and the package installs what it needs. */
import { readdirSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { expect, test } from 'vitest';
import { builtProgram } from '../harness/pilotty.ts';
import { manifestOf, packageOf } from './workspaces.ts';

test('the command loads nothing but Node and its own files', () => {
  const foreign = commandFiles()
    .flatMap(requiredBy)
    .filter((name) => !name.startsWith('.') && !isBuiltin(name));
  expect(foreign).toEqual([]);
});

test('the command contains no validator, no logger, no emulator', () => {
  const text = commandFiles().join('\n');
  expect(text.match(/ZodError|sonic-boom|xterm\.js/g)).toBe(null);
});

test('the published package depends on exactly what the bundles leave outside', () => {
  const outside = requiredBy(readFileSync(builtProgram('pilotty-daemon.cjs'), 'utf8'))
    .filter((name) => !name.startsWith('.') && !isBuiltin(name))
    .map(packageOf);
  expect([...new Set(outside)].sort()).toEqual(Object.keys(manifestOf('.').dependencies ?? {}).sort());
});

function commandFiles(): string[] {
  const parts = builtProgram('pilotty');
  const files = readdirSync(parts).map((name) => `${parts}/${name}`);
  return [builtProgram('pilotty.cjs'), ...files].map((path) => readFileSync(path, 'utf8'));
}

function requiredBy(text: string): string[] {
  return [...text.matchAll(/\brequire\(["`]([^"`]+)["`]\)/g)].map(([, name = '']) => name);
}
