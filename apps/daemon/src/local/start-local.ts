/** A daemon in this process, and its directory, which both end with the Pilotty that is handed out. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readInheritance } from '@pilotty/client/node';
import type { TerminalFaults } from '@pilotty/daemon/faults';
import { maxSocketPathBytes, socketPathsIn } from '@pilotty/protocol';
import type { Pilotty } from '@pilotty/sdk';
import { conversations, pilottyOver, projectsHere, withInherited } from '@pilotty/sdk/local';

export interface LocalOptions {
  /** What is wrong between the programs and their terminals (default: nothing). */
  faults?: TerminalFaults | undefined;
}

/**
 * Starts a daemon inside this process: for tests, which then share nothing with the user's sessions, and with each other.
 *
 * Its sessions are its own, and end with `close()`; so do its files. Meanwhile `PILOTTY_SOCKET_DIR=${pilotty.socketDir}`
 * shows them to the command: `pilotty list-sessions`, `pilotty snapshot`. The settings are the defaults, whatever
 * the environment says. It keeps the process running until it is closed.
 */
export async function startLocal(options: LocalOptions = {}): Promise<Pilotty> {
  const { DirectClient, startInProcess } = await import('./in-process-daemon.ts');
  const directory = makePrivateDirectory();
  try {
    const { daemon, log, close: end } = await startInProcess(directory, options);
    const requests = conversations(() => new DirectClient(daemon, log));
    // A worker thread cannot set a umask; programs have that of this process anyway.
    const inheritance = async () => {
      const { umask: _, ...inheritance } = await readInheritance();
      return inheritance;
    };
    let closing: Promise<void> | undefined;
    return pilottyOver({
      ...requests,
      holdsBack: true,
      outlivesConnection: false,
      socketDir: directory,
      projects: projectsHere({ converse: requests.converse, scope: undefined, inheritance }),
      async spawn(params, options) {
        const request = withInherited(params, { env: process.env, cwd: process.cwd() });
        return await requests.main.request(
          'session.spawn',
          { ...(await inheritance()), ...request },
          options,
        );
      },
      close() {
        closing ??= requests
          .close()
          .then(end)
          .finally(() => removeDirectory(directory));
        return closing;
      },
    });
  } catch (error) {
    removeDirectory(directory);
    throw error;
  }
}

/** Those that are there, for a process that ends without `close()`: their programs end with their terminals. */
const directories = new Set<string>();

function makePrivateDirectory(): string {
  if (directories.size === 0) process.once('exit', removeAll);
  const directory = mkdtempSync(join(roomForSocket(tmpdir()) ? tmpdir() : '/tmp', 'pilotty-'));
  directories.add(directory);
  return directory;
}

function roomForSocket(parent: string): boolean {
  const { socket } = socketPathsIn(join(parent, 'pilotty-XXXXXX'));
  return Buffer.byteLength(socket) < maxSocketPathBytes(process.platform);
}

function removeDirectory(directory: string): void {
  rmSync(directory, { recursive: true, force: true, maxRetries: 3 });
  directories.delete(directory);
  if (directories.size === 0) process.removeListener('exit', removeAll);
}

function removeAll(): void {
  for (const directory of [...directories]) removeDirectory(directory);
}
