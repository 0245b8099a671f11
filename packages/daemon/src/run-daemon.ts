/**
 * From a directory to a running daemon: checks, lock, log, socket; and back again.
 *
 * Clients can connect, and are told so, as soon as there is the socket; what answers them is loaded then.
 */
import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import {
  directoryProblem,
  type Lock,
  maxSocketPathBytes,
  RequestError,
  RotatingFile,
  type Settings,
  type SocketPaths,
  settingsFrom,
  socketPathsIn,
} from '@pilotty/protocol';
import { takeDaemonLock } from './processes/lock.ts';
import { RunningFile } from './processes/running-file.ts';
import type { CommandHost } from './server/answering.ts';
import { Listener } from './server/listener.ts';

export interface RunOptions {
  directory: string;
  env: Readonly<Record<string, string | undefined>>;
  /** Called once requests can be sent: to this daemon, or to another that was there first. */
  ready(facts: { pid: number; orphans: readonly unknown[] }): void;
  /** It is started by a daemon that hands over to it: see upgrade/take-over.ts. */
  takesOver?: boolean;
  /** Aborts when the process is asked to end. */
  signal: AbortSignal;
  /** Called each time that the daemon is found to be at rest, some ten seconds after its last work. */
  atRest?: () => void;
  /** Runs command lines of the native client; without it they run in processes of their own. */
  commandHost?: CommandHost;
  /** What runs pilotty, as DaemonOptions has it. */
  pilotty?: readonly string[];
}

/** Longer than a daemon that is stopping gives its sessions, or that listens again takes to notice. */
const LOCK_WAIT_MS = 10_000;
const LOCK_LOOK_MS = 10;
/** As pino, which is not loaded yet, writes it. */
const FATAL = 60;

/**
 * Runs a daemon until it stops; returns at once when another one serves the directory, and as soon as it is
 * asked to end, however far it has come.
 * @throws RequestError when it cannot be started
 */
export async function runDaemon(options: RunOptions): Promise<void> {
  const paths = socketPathsIn(options.directory);
  try {
    checkPaths(paths);
    const { settings, redact } = await readSettings(options.env);
    if (options.takesOver) {
      const { serveHandedOver } = await import('./take-over.ts');
      return await serveHandedOver(paths, settings, redact, options);
    }
    const lock = await lockOrOther(paths, options.signal);
    if (lock === undefined) return;
    if ('otherPid' in lock) return options.ready({ pid: lock.otherPid, orphans: [] });
    try {
      await serve(paths, lock, settings, redact, options);
    } finally {
      lock.release();
    }
  } catch (error) {
    throw startProblem(error, paths) ?? error;
  }
}

/** @throws RequestError INVALID_INPUT where a daemon could not be started with them */
export async function readSettings(
  env: RunOptions['env'],
): Promise<{ settings: Settings; redact: ((line: string) => string) | undefined }> {
  const settings = settingsFrom(env);
  // As below, loaded only where it is asked for.
  if (settings.policyFile !== undefined)
    (await import('./policy/policy-file.ts')).readPolicy(settings.policyFile);
  if (settings.redact === undefined) return { settings, redact: undefined };
  // Loaded only where it is asked for: the first command waits until the daemon is ready.
  const { redactorOf } = await import('./redaction.ts');
  return { settings, redact: redactorOf(settings.redact) };
}

async function serve(
  paths: SocketPaths,
  lock: Lock,
  settings: Settings,
  redact: ((line: string) => string) | undefined,
  { signal, ready, atRest, commandHost, pilotty }: RunOptions,
): Promise<void> {
  const logFile = new RotatingFile(paths.log, fs);
  const running = new RunningFile(`${paths.directory}/pilotty.running`);
  const listener = await Listener.bind(paths.socket);
  // Clients that wait connect now, while all that answers them is loaded: most of the start.
  if (!signal.aborted) ready({ pid: process.pid, orphans: running.orphans });
  const cannotServe = async (error: unknown): Promise<never> => {
    logFile.write(
      `${JSON.stringify({ level: FATAL, pid: process.pid, msg: `cannot be loaded: ${error}` })}\n`,
    );
    const reason = error instanceof RequestError ? error : new RequestError('INTERNAL_ERROR', String(error));
    await listener.refuse(reason);
    running.close();
    throw error;
  };
  const { Daemon, handlers, daemonLog, LoggedFaults, loadTerminals, policyMaker, Rest, runToEnd } =
    await import('./serving.ts').catch(cannotServe);
  await Promise.resolve().then(loadTerminals).catch(cannotServe);
  const faults = new LoggedFaults();
  const log = daemonLog(logFile, settings.logLevel, redact, faults);
  const ground = { paths, lock, log, faults, logFile, running, rest: new Rest(undefined, atRest) };
  const policy = await policyMaker(paths, settings);
  const daemon = new Daemon(ground, settings, handlers, { commandHost, pilotty, policy });
  daemon.serve(listener);
  await runToEnd(daemon, logFile, signal);
}

/** Loads what answers requests, and makes what checks those for a session: for a startup snapshot. */
export async function preloadServing(): Promise<void> {
  const { parseHello, parseParams } = await import('./serving.ts');
  parseHello({ protocol: 1, version: '' });
  parseParams('session.spawn', { argv: ['sh'], cwd: '/', env: {} });
}

function checkPaths({ directory, socket }: SocketPaths): void {
  const bytes = Buffer.byteLength(socket) + 1;
  const most = maxSocketPathBytes(process.platform);
  if (bytes > most) {
    throw unreachable(
      `The socket's path '${socket}' takes ${bytes} bytes, and the system allows ${most}`,
      'a shorter directory',
    );
  }
  const facts = fs.lstatSync(directory, { throwIfNoEntry: false });
  const problem = facts ? directoryProblem(facts, process.getuid?.() ?? -1) : 'does not exist';
  if (problem)
    throw unreachable(
      `The socket directory '${directory}' ${problem}`,
      'a directory that only you can write',
    );
}

function unreachable(message: string, wanted: string): RequestError {
  return new RequestError('DAEMON_UNREACHABLE', message, {
    suggestion: `Set PILOTTY_SOCKET_DIR to ${wanted}.`,
  });
}

const WHAT_HELPS: Readonly<Record<string, string>> = {
  ENOSPC: 'Make room on that disk, or set PILOTTY_SOCKET_DIR to a directory on another one.',
  EDQUOT: 'Your disk quota is used up: make room, or set PILOTTY_SOCKET_DIR to a directory elsewhere.',
  EROFS: 'The file system is read-only: set PILOTTY_SOCKET_DIR to a directory that you can write.',
  EMFILE: "Raise 'ulimit -n', and try again.",
  ENFILE: 'The machine has as many files open as it can (sysctl fs.file-max): end what is no longer needed.',
};

/** What the system refused is about the directory, and no fault of the program. */
function startProblem(error: unknown, { directory }: SocketPaths): RequestError | undefined {
  const { code, syscall, message } = error as NodeJS.ErrnoException;
  if (error instanceof RequestError || code === undefined || syscall === undefined) return undefined;
  const suggestion =
    WHAT_HELPS[code] ??
    `Look at '${directory}', or set PILOTTY_SOCKET_DIR to a directory that you can write.`;
  return new RequestError(
    'DAEMON_UNREACHABLE',
    `The daemon cannot use its socket directory '${directory}': ${message}`,
    { suggestion },
  );
}

/** Takes the lock, or waits until the process that has it serves, or has stopped; undefined when asked to end meanwhile. */
async function lockOrOther(
  paths: SocketPaths,
  signal: AbortSignal,
): Promise<Lock | { otherPid: number } | undefined> {
  for (let waitedMs = 0; !signal.aborted; waitedMs += LOCK_LOOK_MS) {
    const lock = takeDaemonLock(paths.lock);
    if ('release' in lock) return lock;
    if (await isListening(paths.socket)) return { otherPid: lock.heldBy };
    if (waitedMs >= LOCK_WAIT_MS) {
      throw new RequestError(
        'DAEMON_UNREACHABLE',
        `Process ${lock.heldBy} has the lock '${paths.lock}' but does not respond`,
        { suggestion: "'pilotty doctor' shows what it does; 'pilotty stop --force' ends it." },
      );
    }
    await delay(LOCK_LOOK_MS);
  }
  return undefined;
}

async function isListening(socketPath: string): Promise<boolean> {
  const socket = net.connect(socketPath);
  try {
    await once(socket, 'connect');
    return true;
  } catch (error) {
    // EAGAIN: it listens, and has many connections to accept.
    return (error as NodeJS.ErrnoException).code === 'EAGAIN';
  } finally {
    socket.destroy();
  }
}
