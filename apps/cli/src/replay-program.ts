/** The part that has the emulator: a program of its own, loaded where a recording is looked at. */
import { dirname, join } from 'node:path';
import type { Replaying } from '@pilotty/app-replay';
import { RequestError } from '@pilotty/client';
import type { Io } from './io.ts';

export async function withReplay<T>(io: Io, use: (replay: Replaying) => Promise<T>): Promise<T> {
  const { createRequire } = await import('node:module');
  // The build puts the programs side by side.
  const program = join(dirname(io.daemonProgram), 'pilotty-replay.cjs');
  const replay = createRequire(program)(program) as Replaying;
  try {
    return await use(replay);
  } catch (error) {
    // Its classes are not ours.
    if (!(error instanceof Error) || error.name !== 'ReplayError') throw error;
    const { suggestion } = error as Error & { suggestion: string };
    throw new RequestError('INVALID_INPUT', error.message, { suggestion });
  }
}

export function cutNote(path: string, isCut: boolean): string | undefined {
  return isCut ? `${path} ends inside a line, which is left out: the recording was cut` : undefined;
}
