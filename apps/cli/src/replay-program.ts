/** The part that has the emulator: a program of its own, loaded where a recording is looked at. */
import type { Replaying } from '@pilotty/app-replay';
import { RequestError } from '@pilotty/client';
import type { Io } from './io.ts';
import { loadProgram, programPath } from './programs.ts';

export async function withReplay<T>(io: Io, use: (replay: Replaying) => Promise<T>): Promise<T> {
  const replay = (await loadProgram(programPath(io, 'pilotty-replay.cjs'))) as Replaying;
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
