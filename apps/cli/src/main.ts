/** The process behind the command line; nothing else touches `process`. */
import { join } from 'node:path';
import { RequestError } from '@pilotty/client';
import { createLocalClient, processIo } from '@pilotty/client/node';
import { callerOf } from './asked.ts';
import type { Io } from './io.ts';
import { runProgram } from './program.ts';

void main();

async function main(): Promise<void> {
  const io: Io = {
    ...processIo(
      (reason) =>
        new RequestError('UNAVAILABLE', `stdout cannot be written: ${reason}`, {
          suggestion: 'Send it elsewhere, or make room where it goes.',
        }),
    ),
    node: { version: process.versions.node, path: process.execPath },
    // The build puts the programs side by side.
    daemonProgram: join(import.meta.dirname, 'pilotty-daemon.cjs'),
    terminal: async () => (await import('./terminal/user-terminal.ts')).openTerminal(),
  };
  // No process.exit(): what is still on its way to a pipe would be cut off.
  process.exitCode = await runProgram(process.argv.slice(2), io, (asked) =>
    createLocalClient({
      env: io.env,
      cwd: io.cwd,
      get daemonProgram() {
        return asked.startsDaemon ? io.daemonProgram : undefined;
      },
      warn: asked.warn,
      // A command is soon gone: what started it is what others see.
      client: { ...callerOf(asked, io.env), pid: process.ppid },
    }),
  );
}
