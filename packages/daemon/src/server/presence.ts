/**
 * The daemon's place in its directory: the lock and the socket, and that they are there for as long as there
 * are sessions. Whatever cleans up temporary directories may remove or replace them; then they are made anew,
 * so that no session is out of reach. Only what is the daemon's own is ever removed.
 *
 * Where another daemon has taken the directory meanwhile, this one keeps its sessions and waits for the other
 * to end. A daemon that has nothing to lose does not come back: it stops.
 */
import fs from 'node:fs';
import { basename } from 'node:path';
import { directoryProblem, type Lock, type SocketPaths } from '@pilotty/protocol';
import type { Log } from '../log.ts';
import { isOutOfDescriptors } from '../no-descriptors.ts';
import { takeDaemonLock } from '../processes/lock.ts';
import { Listener } from './listener.ts';
import type { SocketServer } from './socket-server.ts';

/**
 * A removal in the directory is announced by the kernel; one of a directory above it is not, nor is anything
 * where there are no watches left. Two calls of lstat each time cost nothing that can be measured.
 */
const LOOK_EVERY_MS = 2_000;
/**
 * After the last change: a directory is removed file by file, and a file made anew among them
 * would be in the way. Shorter than the next command and a daemon of its own take to start.
 */
const SETTLE_MS = 50;

export interface PresenceOptions {
  paths: SocketPaths;
  lock: Lock;
  server: SocketServer;
  log: Log;
  /** Whether there is anything that would be lost. */
  isNeeded(): boolean;
  /** The directory is another's, or gone, and nothing is needed. */
  onLost(): void;
  /** The directory may be another one: further files in it are to be written anew. */
  onRestored(): void;
}

export class Presence {
  readonly #options: PresenceOptions;
  #lock: Lock;
  #watcher: fs.FSWatcher | undefined;
  #timer: NodeJS.Timeout | undefined;
  #settling: NodeJS.Timeout | undefined;
  #isRestoring = false;
  #isFrozen = false;
  /** Something changed while it was restored. */
  #lookAgain = false;
  /** Why it could not be restored, logged once. */
  #problem: string | undefined;

  constructor(options: PresenceOptions) {
    this.#options = options;
    this.#lock = options.lock;
  }

  /** @param listener in this directory */
  open(listener: Listener): void {
    this.#options.server.serve(listener);
    this.#watch();
    this.#timer = setInterval(() => void this.#look(), LOOK_EVERY_MS);
  }

  #watch(): void {
    this.#watcher?.close();
    try {
      const lock = basename(this.#options.paths.lock);
      this.#watcher = fs.watch(this.#options.paths.directory, (event, file) => {
        // Other files only change when they are written to, as the log is all the time.
        if (event === 'rename' || file === lock) this.#lookSoon();
      });
      this.#watcher.on('error', () => this.#watcher?.close());
    } catch {
      // No watches left: the timer looks.
      this.#watcher = undefined;
    }
  }

  #lookSoon(): void {
    clearTimeout(this.#settling);
    this.#settling = setTimeout(() => void this.#look(), SETTLE_MS);
  }

  async #look(): Promise<void> {
    if (this.#timer === undefined || this.#isFrozen) return;
    this.#lookAgain = this.#isRestoring;
    if (this.#isRestoring) return;
    const isLocked = isHeld(this.#lock);
    if (isLocked === undefined) return;
    if (isLocked && this.#options.server.isInPlace) return;
    if (!isLocked && !this.#options.isNeeded()) {
      this.#options.onLost();
      return;
    }
    this.#isRestoring = true;
    try {
      await this.#restore(isLocked);
    } catch (error) {
      this.#warn((error as Error).message);
    } finally {
      this.#isRestoring = false;
    }
    if (this.#lookAgain) await this.#look();
  }

  /** The lock first: without it nothing in the directory is ours to replace. */
  async #restore(isLocked: boolean): Promise<void> {
    const { paths, server, log, onRestored } = this.#options;
    if (!isLocked) {
      makeDirectory(paths.directory);
      const lock = takeDaemonLock(paths.lock);
      if ('heldBy' in lock) return this.#warn(`process ${lock.heldBy} has taken it`);
      this.#lock = lock;
    }
    server.serve(await Listener.bind(paths.socket));
    // Stopped meanwhile.
    if (this.#timer === undefined) return this.leave();
    onRestored();
    this.#watch();
    this.#problem = undefined;
    log.warn({ socket: paths.socket }, 'the socket or its lock was removed; listening again');
  }

  #warn(problem: string): void {
    if (problem === this.#problem) return;
    this.#problem = problem;
    const { log, paths } = this.#options;
    log.error({ directory: paths.directory, problem }, 'cannot be reached in the socket directory any more');
  }

  /** Takes no more connections, and looks no more. */
  leave(): void {
    this.#stopLooking();
    this.#options.server.stopListening();
  }

  #stopLooking(): void {
    clearInterval(this.#timer);
    clearTimeout(this.#settling);
    this.#timer = undefined;
    this.#watcher?.close();
  }

  /** Until thaw() the lock and the socket may be taken by another daemon, to which they are being handed over. */
  freeze(): void {
    this.#isFrozen = true;
  }

  thaw(): void {
    this.#isFrozen = false;
    this.#lookSoon();
  }

  /** They are that one's. */
  handOver(): void {
    this.#stopLooking();
    this.#options.server.handOver();
  }

  /** Lets the next daemon in. */
  release(): void {
    this.#lock.release();
  }
}

/** undefined where it cannot be known: without a descriptor left nothing can be read. */
function isHeld(lock: Lock): boolean | undefined {
  try {
    return lock.isHeld();
  } catch (error) {
    if (isOutOfDescriptors(error)) return undefined;
    // A directory in its place, or a file that cannot be read, is not our lock.
    return false;
  }
}

/** Not its parents: where those are gone, more than a socket was removed. */
function makeDirectory(directory: string): void {
  try {
    fs.mkdirSync(directory, { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const problem = directoryProblem(fs.lstatSync(directory), process.getuid?.() ?? -1);
  if (problem) throw new Error(`it ${problem}`);
}
