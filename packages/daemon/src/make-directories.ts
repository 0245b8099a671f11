/** Makes a directory with those above it. */
import { promises as fs } from 'node:fs';
import path from 'node:path';

/**
 * For its owner only, as far as they are made here; a directory that is there stays as it is.
 *
 * Not by `recursive`: under a parent that is there and answers ENOENT, as /proc does, Node 20 tries for ever.
 * @throws what the system throws
 */
export async function makeDirectories(directory: string): Promise<void> {
  const missing: string[] = [];
  for (let each = path.resolve(directory); !(await exists(each)); each = path.dirname(each))
    missing.unshift(each);
  for (const each of missing) {
    try {
      await fs.mkdir(each, { mode: 0o700 });
    } catch (error) {
      // Another process was faster.
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

async function exists(file: string): Promise<boolean> {
  return await fs.access(file).then(
    () => true,
    () => false,
  );
}
