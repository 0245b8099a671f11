/** Reads what a project consists of. A file without an end, or a pipe that nobody writes, is none. */
import { readFile, stat } from 'node:fs/promises';

const MAX_BYTES = 1024 * 1024;

/** @throws Error that says why it cannot be read */
export async function readProjectFile(path: string): Promise<string> {
  const facts = await stat(path);
  if (!facts.isFile()) throw new Error(`'${path}' is no file`);
  if (facts.size > MAX_BYTES)
    throw new Error(`'${path}' has ${facts.size} bytes, and ${MAX_BYTES} is the limit`);
  return await readFile(path, 'utf8');
}
