/** Other programs of this build, which puts them side by side. */
import { dirname, join } from 'node:path';
import type { Io } from './io.ts';

export function programsOf({ daemonProgram }: Pick<Io, 'daemonProgram'>): string {
  return dirname(daemonProgram);
}

export function programPath(io: Pick<Io, 'daemonProgram'>, name: string): string {
  return join(programsOf(io), name);
}

/** What a program of its own exports: no other command needs a fraction of it. */
export async function loadProgram(path: string): Promise<unknown> {
  const { createRequire } = await import('node:module');
  return createRequire(path)(path);
}
