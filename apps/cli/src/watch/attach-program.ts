/** `pilotty attach` in the user's terminal, as a process of its own, until the user comes back from it. */
import { spawn } from 'node:child_process';
import type { Io } from '../io.ts';
import { programPath } from '../programs.ts';

/** What pilotty itself fails with; any other code is that of the program, whose end the tile shows. */
const FAILED = 125;

/** @returns what went wrong, for the user; undefined when nothing did */
export async function attach(id: string, io: Io): Promise<string | undefined> {
  const program = programPath(io, 'pilotty.cjs');
  const { path } = io.node;
  const child = spawn(path, [program, 'attach', '-s', id], { stdio: 'inherit', env: io.env, cwd: io.cwd });
  const end = () => child.kill('SIGTERM');
  io.signal.addEventListener('abort', end);
  try {
    return await new Promise<string | undefined>((settle) => {
      child.once('error', (error) => settle(`attach could not be started: ${error.message}`));
      child.once('exit', (code, signal) => {
        if (signal !== null) settle(`attach was ended by ${signal}`);
        else settle(code === FAILED ? `attach failed: 'pilotty attach -s ${id}' says why` : undefined);
      });
    });
  } finally {
    io.signal.removeEventListener('abort', end);
  }
}
