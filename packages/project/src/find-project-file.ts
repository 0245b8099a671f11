/** The project that a directory belongs to: the file there, or in the nearest directory above. */
import { existsSync, realpathSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { RequestError } from '@pilotty/client';

const NAMES = ['pilotty.json', 'pilotty.jsonc'];

/**
 * @returns its absolute path, without symbolic links
 * @throws RequestError INVALID_INPUT
 */
export function findProjectFile(cwd: string, given?: string): string {
  const file = given === undefined ? nearestFile(cwd) : resolve(cwd, given);
  try {
    return realpathSync(file);
  } catch {
    throw new RequestError('INVALID_INPUT', `There is no project file '${file}'`, {
      suggestion: "'pilotty help up' says what stands in one.",
    });
  }
}

function nearestFile(cwd: string): string {
  for (let directory = cwd; ; directory = dirname(directory)) {
    const found = NAMES.map((name) => join(directory, name)).find((file) => existsSync(file));
    if (found !== undefined) return found;
    if (dirname(directory) === directory) break;
  }
  throw new RequestError(
    'INVALID_INPUT',
    `There is no pilotty.json in '${cwd}', nor in a directory above it`,
    {
      suggestion: "Name one with --file FILE; 'pilotty help up' says what stands in it.",
    },
  );
}
