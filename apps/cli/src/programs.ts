/** Other programs of this build, which puts them side by side. */
import { dirname, join } from 'node:path';
import type { Io } from './io.ts';

export function programPath({ daemonProgram }: Pick<Io, 'daemonProgram'>, name: string): string {
  return join(dirname(daemonProgram), name);
}

/** What a program of its own exports: no other command needs a fraction of it. */
export async function loadProgram(path: string): Promise<unknown> {
  const { createRequire } = await import('node:module');
  return createRequire(path)(path);
}
