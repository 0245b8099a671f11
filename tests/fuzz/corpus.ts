/** Inputs that are kept: each was a fault once, or is something good to begin with. One file each, small enough to read. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Kept<Input> {
  file: string;
  /** What was wrong with it, or what it is. */
  about: string;
  input: Input;
}

export function readCorpus<Input>(directory: string, target: string): Kept<Input>[] {
  const ofTarget = join(directory, target);
  if (!existsSync(ofTarget)) return [];
  return readdirSync(ofTarget)
    .filter((file) => file.endsWith('.json'))
    .sort()
    .map((file) => ({ file, ...JSON.parse(readFileSync(join(ofTarget, file), 'utf8')) }));
}

/** @returns the file, named after what is in it */
export function keep(directory: string, target: string, about: string, input: unknown): string {
  const ofTarget = join(directory, target);
  mkdirSync(ofTarget, { recursive: true });
  const name = createHash('sha256').update(JSON.stringify(input)).digest('hex').slice(0, 12);
  const file = join(ofTarget, `${name}.json`);
  writeFileSync(file, `${JSON.stringify({ about, input }, null, 2)}\n`);
  return file;
}
