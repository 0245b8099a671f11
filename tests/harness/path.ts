/** Where the programs of the machine are. */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** As tests see it: the Node that runs them first, then the usual places, then the user's own. */
export const PATH: string = [
  join(process.execPath, '..'),
  ...['/usr/local/bin', '/usr/bin', '/bin', '/usr/sbin', '/sbin', '/opt/homebrew/bin'],
  process.env.PATH ?? '',
].join(delimiter);

/** Where a program of the machine is. */
export function pathOf(name: string): string | undefined {
  return PATH.split(delimiter)
    .map((directory) => join(directory, name))
    .find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
