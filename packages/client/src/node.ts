/** The client on the daemon's own host: finds the socket, starts the daemon when nobody listens there. */
import { lstatSync } from 'node:fs';
import { type SocketPaths, socketProblem } from '@pilotty/protocol';
import { Client, type ClientOptions } from './client.ts';
import { ConnectionError } from './connection-error.ts';
import { chooseSocketPaths, look, type Place, uid } from './socket-directory.ts';
import { connectSocket } from './socket-transport.ts';
import { type Ready, startDaemon } from './start-daemon.ts';
import type { Transport } from './transport.ts';

export { Interruption, type Output, type ProcessIo, processIo } from './process-io.ts';
export { signalExitCode } from './signal-exit-code.ts';
export {
  type ConsideredDirectory,
  chooseSocketPaths,
  considerDirectories,
  makeDirectory,
  makeWithParents,
  type Place,
} from './socket-directory.ts';
export {
  daemonArguments,
  endedEarly,
  READY_FD,
  type Ready,
  readReadyLine,
  startDetached,
} from './start-daemon.ts';

/** A daemon may end by itself between the moment it is found and the moment it is connected to. */
const MAX_STARTS = 2;

export interface LocalClientOptions extends Place, ClientOptions {
  /** The daemon's program, run by this Node when nobody listens; without it nothing is started. */
  daemonProgram?: string | undefined;
}

export function createLocalClient(options: LocalClientOptions): Client {
  return new Client((signal) => openSocket(options, signal), options);
}

async function openSocket(options: LocalClientOptions, signal: AbortSignal): Promise<Transport> {
  const paths = await chooseSocketPaths(options);
  let transport = await connectIfThere(paths);
  const { daemonProgram: program, env } = options;
  if (transport === undefined && program === undefined) {
    throw new ConnectionError(`no daemon is running (nobody listens at ${paths.socket})`, {
      suggestion: "'pilotty spawn PROGRAM' starts one with a session, 'pilotty daemon' one without.",
      isAbsent: true,
    });
  }
  for (let starts = 0; transport === undefined && program !== undefined && starts < MAX_STARTS; starts++) {
    tellOrphans((await startDaemon(paths, { program, env, signal })).orphans, options);
    transport = await connectIfThere(paths);
  }
  if (transport === undefined) {
    throw new ConnectionError(`the daemon said it was ready, but nobody listens at ${paths.socket}`);
  }
  return transport;
}

function tellOrphans(orphans: Ready['orphans'], { warn }: ClientOptions): void {
  if (orphans.length === 0) return;
  const programs = orphans.map(({ pid, name, program }) => `${program} (session ${name}, process ${pid})`);
  warn?.(`the daemon before this one was killed and left running: ${programs.join(', ')}`);
}

async function connectIfThere({ socket }: SocketPaths): Promise<Transport | undefined> {
  const { facts, problem = facts && socketProblem(facts, uid()) } = look(() =>
    lstatSync(socket, { throwIfNoEntry: false }),
  );
  if (problem !== undefined) {
    throw new ConnectionError(`${socket} ${problem}`, {
      suggestion: `Look what it is; remove it, or set PILOTTY_SOCKET_DIR to another directory.`,
    });
  }
  return facts && (await connectSocket(socket));
}
