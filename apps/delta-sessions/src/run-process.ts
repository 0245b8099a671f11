/** The process behind either command; nothing else touches `process`. */
import { join } from 'node:path';
import { processIo } from '@pilotty/client/node';
import type { Generation } from './generation.ts';
import { runProgram } from './program.ts';
import { Refusal } from './refusal.ts';

/** @param directory where the build puts our program, and the daemon's beside it */
export async function runProcess(generation: Generation, directory: string): Promise<void> {
  const io = processIo((reason) => new Refusal(`stdout cannot be written: ${reason}`));
  const daemonProgram = join(directory, 'pilotty-daemon.cjs');
  // No process.exit(): what is still on its way to a pipe would be cut off.
  process.exitCode = await runProgram(process.argv.slice(2), generation, { ...io, daemonProgram });
}
