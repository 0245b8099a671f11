/** The client on the daemon's own host: finds the socket, starts the daemon when none listens there. */
import { lstatSync } from 'node:fs';
import { type SocketPaths, socketProblem } from '@pilotty/protocol';
import type { Liveness } from './answer-watch.ts';
import { answersHello } from './answers-hello.ts';
import { type Client, type ClientOptions, ConnectedClient, helloOf } from './client.ts';
import { ConnectionError } from './connection-error.ts';
import type { Inheritance } from './inheritance.ts';
import { chooseSocketPaths, look, type Place, uid } from './socket-directory.ts';
import { connectSocket } from './socket-transport.ts';
import { type Ready, startDaemon } from './start-daemon.ts';

export { glibcVersion, MUSL_SUGGESTION, muslProblem, settingsFrom } from '@pilotty/protocol';
export { isInDoubt } from './in-doubt.ts';
export type { Inheritance } from './inheritance.ts';
export type { KernelBytes } from './kernel-bytes.ts';
export { openConnection } from './open-connection.ts';
export { type ProcessFacts, processFinder, psArguments, readProc, readPs } from './process-facts.ts';
export { Interruption, type Output, type ProcessIo, processIo } from './process-io.ts';
export { readAll } from './read-all.ts';
export { requireDecoded } from './require-decoded.ts';
export { signalExitCode } from './signal-exit-code.ts';
export {
  type ConsideredDirectory,
  chooseSocketPaths,
  considerDirectories,
  makeDirectory,
  makeWithParents,
  type Place,
} from './socket-directory.ts';
export type { HostAddress, HostClient, HostClientOptions, Surroundings } from './ssh/index.ts';
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

/** Loaded when it is needed: most commands get their answer. */
export const loadDaemonProcess = (): Promise<typeof import('./daemon-process.ts')> =>
  import('./daemon-process.ts');

/** Loaded when it is needed: by a daemon that leaves one. */
export const loadStartupSnapshot = (): Promise<typeof import('./startup-snapshot.ts')> =>
  import('./startup-snapshot.ts');

/** Loaded when it is needed: most commands are about this host. */
export const loadHosts = (): Promise<typeof import('./ssh/index.ts')> => import('./ssh/index.ts');

/** What a child of this process would inherit; few commands start a program. */
export async function readInheritance(): Promise<Inheritance> {
  return (await import('./inheritance.ts')).inheritance();
}

/** A daemon answers in less than a millisecond, a busy one in some ten; after this long the user wants to know why. */
const ANSWER_WITHIN_MS = 5_000;
const QUIET_MS = 5_000;

export interface LocalClientOptions extends Place, ClientOptions {
  /** The daemon's program, run by this Node when no daemon listens; without it nothing is started. */
  daemonProgram?: string | undefined;
}

export function createLocalClient(options: LocalClientOptions): Client {
  return new ConnectedClient((signal) => openDaemon(options, signal, connectSocket), {
    liveness: livenessOf(options),
    client: {
      name: options.env.PILOTTY_CLIENT || undefined,
      pid: process.pid,
      scope: options.env.PILOTTY_SCOPE || undefined,
    },
    ...options,
  });
}

function livenessOf(place: Place): Liveness {
  return {
    withinMs: ANSWER_WITHIN_MS,
    quietMs: QUIET_MS,
    answersElsewhere: async (until) => await isAnswering((await chooseSocketPaths(place)).socket, until),
    explain: async () => {
      const { silentDaemon } = await loadDaemonProcess();
      return await silentDaemon(await chooseSocketPaths(place));
    },
  };
}

/** Whether a daemon answers a new connection, if only to refuse it. */
async function isAnswering(path: string, until: AbortSignal): Promise<boolean> {
  const transport = await connectSocket(path, until).catch(() => undefined);
  return transport !== undefined && (await answersHello(transport, helloOf(), until));
}

/**
 * Connects to the daemon, which is started where none listens and its program is given.
 * @param connect answers undefined where none listens
 * @throws ConnectionError; its `isAbsent` where there is none, and none was to be started
 */
export async function openDaemon<T>(
  options: LocalClientOptions,
  signal: AbortSignal,
  connect: (path: string, signal: AbortSignal) => Promise<T | undefined>,
): Promise<T> {
  const paths = await chooseSocketPaths(options);
  let transport = await connectIfThere(paths, signal, connect);
  const { daemonProgram: program, env } = options;
  if (transport === undefined && program === undefined) {
    throw new ConnectionError(`no daemon is running (nothing listens at ${paths.socket})`, {
      suggestion: "'pilotty spawn PROGRAM' starts one with a session, 'pilotty daemon' one without.",
      isAbsent: true,
    });
  }
  for (let starts = 0; transport === undefined && program !== undefined && starts < MAX_STARTS; starts++) {
    tellOrphans((await startDaemon(paths, { program, env, signal })).orphans, options);
    transport = await connectIfThere(paths, signal, connect);
  }
  if (transport === undefined) {
    throw new ConnectionError(
      `the daemon reported that it was ready, but nothing listens at ${paths.socket}`,
    );
  }
  return transport;
}

function tellOrphans(orphans: Ready['orphans'], { warn }: ClientOptions): void {
  if (orphans.length === 0) return;
  const programs = orphans.map(
    ({ session, pid, program }) => `${program} (session ${session}, process ${pid})`,
  );
  warn?.(`the daemon before this one was killed and left running: ${programs.join(', ')}`);
}

async function connectIfThere<T>(
  paths: SocketPaths,
  signal: AbortSignal,
  connect: (path: string, signal: AbortSignal) => Promise<T | undefined>,
): Promise<T | undefined> {
  const { socket } = paths;
  const { facts, problem = facts && socketProblem(facts, uid()) } = look(() =>
    lstatSync(socket, { throwIfNoEntry: false }),
  );
  if (problem !== undefined) {
    throw new ConnectionError(`${socket} ${problem}`, {
      suggestion: `Look what it is; remove it, or set PILOTTY_SOCKET_DIR to another directory.`,
    });
  }
  try {
    return facts && (await connect(socket, signal));
  } catch (error) {
    if (!(error as ConnectionError).isQueueFull) throw error;
    throw await (await loadDaemonProcess()).silentDaemon(paths);
  }
}
