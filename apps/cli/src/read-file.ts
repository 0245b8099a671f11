import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { RequestError } from '@pilotty/client';
import type { Io } from './io.ts';

/** A file named on the command line. @throws RequestError when it cannot be read. */
export async function readFileArgument(path: string, io: Io): Promise<Uint8Array> {
  try {
    return await readFile(resolve(io.cwd, path), { signal: io.signal });
  } catch (error) {
    throw new RequestError('INVALID_INPUT', `cannot read ${path}: ${(error as Error).message}`, {
      suggestion: "Check the path, or give '-' to read from stdin.",
    });
  }
}
