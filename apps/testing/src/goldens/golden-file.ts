/** Where goldens are kept: `__screens__/NAME OF THE TEST FILE/NAME.txt` beside the test. */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { EXTENSIONS, type GoldenKind } from './golden.ts';

export function goldenPath(testFile: string, name: string, kind: GoldenKind): string {
  const file = name.replace(/[^\p{L}\p{N}._-]+/gu, '-').replace(/^[-.]+|-+$/g, '');
  if (file === '') throw new TypeError(`'${name}' has nothing in it that a file can be called`);
  return join(dirname(testFile), '__screens__', basename(testFile), `${file}${EXTENSIONS[kind]}`);
}

export function readGolden(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Whole, or not: another test of the same name may read it meanwhile. */
export function writeGolden(path: string, content: string): void {
  mkdirSync(dirname(path), { recursive: true });
  const part = `${path}.${process.pid}`;
  writeFileSync(part, content);
  renameSync(part, path);
}

/** Names that were made up, each for one launch: two tests of one name would share a golden that neither has chosen. */
const owners = new Map<string, object>();

/** @returns false where another launch has it */
export function takeName(path: string, owner: object): boolean {
  const taken = owners.get(path) ?? owner;
  owners.set(path, taken);
  return taken === owner;
}
