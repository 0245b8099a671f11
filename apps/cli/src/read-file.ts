import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { RequestError } from '@pilotty/client';
import type { Io } from './io.ts';

const REASONS: Record<string, string> = {
  ENOENT: 'no such file',
  ENOTDIR: 'no such file',
  EISDIR: 'it is a directory',
  EACCES: 'permission denied',
};

/** A file named on the command line. @throws RequestError when it cannot be read. */
export async function readFileArgument(path: string, io: Io): Promise<Uint8Array> {
  try {
    return await readFile(resolve(io.cwd, path), { signal: io.signal });
  } catch (error) {
    throw unreadable(path, error as NodeJS.ErrnoException);
  }
}

/** The same as it is read, for a file that is long, or a pipe. */
export async function* streamFileArgument(path: string, io: Io): AsyncGenerator<Uint8Array> {
  try {
    yield* createReadStream(resolve(io.cwd, path), { signal: io.signal });
  } catch (error) {
    throw unreadable(path, error as NodeJS.ErrnoException);
  }
}

function unreadable(path: string, { code = '', message }: NodeJS.ErrnoException): RequestError {
  return new RequestError('INVALID_INPUT', `cannot read '${path}': ${REASONS[code] ?? message}`, {
    suggestion: "Check the path, or give '-' to read from stdin.",
  });
}
