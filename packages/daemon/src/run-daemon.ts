/** From a directory to a running daemon: checks, lock, log, socket; and back again. */
import fs from 'node:fs';
import net from 'node:net';
import {
  directoryProblem,
  type Lock,
  maxSocketPathBytes,
  RequestError,
  type SocketPaths,
  socketPathsIn,
} from '@pilotty/protocol';
import { Daemon } from './daemon.ts';
import { handlers } from './handlers/handlers.ts';
import { settingsFrom } from './limits.ts';
import { openDaemonLog } from './log.ts';
import { takeDaemonLock } from './processes/lock.ts';

export interface RunOptions {
  directory: string;
  env: Readonly<Record<string, string | undefined>>;
  /** Called once requests can be sent: to this daemon, or to another that was there first. */
  ready(facts: { pid: number; orphans: readonly unknown[] }): void;
  /** Aborts when the process is asked to end. */
  signal: AbortSignal;
}

/** Longer than a daemon that is stopping gives its sessions. */
const LOCK_WAIT_MS = 10_000;
const LOCK_LOOK_MS = 10;

/**
 * Runs a daemon until it stops; returns at once when another one serves the directory.
 * @throws RequestError when it cannot be started
 */
export async function runDaemon(options: RunOptions): Promise<void> {
  const paths = socketPathsIn(options.directory);
  checkPaths(paths);
  const settings = settingsFrom(options.env);
  // Loaded only where it is asked for: the first command waits until the daemon is ready.
  const { redact: pattern } = settings;
  const redact = pattern === undefined ? undefined : (await import('./redaction.ts')).redactorOf(pattern);
  const lock = await lockOrOther(paths);
  if ('otherPid' in lock) return options.ready({ pid: lock.otherPid, orphans: [] });
  try {
    const { log, close } = openDaemonLog(paths.log, settings.logLevel, redact);
    process.on('uncaughtException', (error) => log.fatal({ err: error }, 'uncaught; the sessions go on'));
    const daemon = new Daemon(paths, settings, handlers, log);
    await daemon.listen();
    options.signal.addEventListener('abort', () => void daemon.stop('signalled'));
    options.ready({ pid: process.pid, orphans: daemon.orphans });
    // Not needed to answer the first request, but the package may be replaced while this daemon runs.
    setImmediate(() => void import('./search/regex.ts'));
    await daemon.ended;
    close();
  } finally {
    lock.release();
  }
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

/** Takes the lock, or waits until whoever has it serves, or has stopped. */
async function lockOrOther(paths: SocketPaths): Promise<Lock | { otherPid: number }> {
  for (let waitedMs = 0; ; waitedMs += LOCK_LOOK_MS) {
    const lock = takeDaemonLock(paths.lock);
    if ('release' in lock) return lock;
    if (await isServed(paths.socket)) return { otherPid: lock.heldBy };
    if (waitedMs >= LOCK_WAIT_MS) {
      throw new RequestError(
        'DAEMON_UNREACHABLE',
        `Process ${lock.heldBy} holds '${paths.lock}' but does not serve`,
        {
          suggestion: `If it is a pilotty daemon that hangs, end it with 'kill ${lock.heldBy}' and try again.`,
        },
      );
    }
    await new Promise((resolve) => setTimeout(resolve, LOCK_LOOK_MS));
  }
}

function isServed(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect(socketPath);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
