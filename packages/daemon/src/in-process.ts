/**
 * A daemon inside the process that wants one, as a test does: in a directory of its own, without a claim on the process
 * (no signals, no exceptions, no exit), and ended by who has started it.
 */
import fs from 'node:fs';
import { MAX_DURATION_MS, RequestError, RotatingFile, settingsFrom, socketPathsIn } from '@pilotty/protocol';
import { Daemon } from './daemon.ts';
import { handlers } from './handlers/handlers.ts';
import { daemonLog, type Log } from './log.ts';
import { LoggedFaults } from './logged-faults.ts';
import { takeDaemonLock } from './processes/lock.ts';
import { RunningFile } from './processes/running-file.ts';
import { releaseStty } from './processes/terminal-state.ts';
import { loadTerminals } from './pty/fork.ts';
import type { TerminalFaults } from './pty/terminal-faults.ts';
import type { Rest } from './rest.ts';
import type { Answering } from './server/answering.ts';
import { Listener } from './server/listener.ts';

export interface InProcessDaemon {
  daemon: Answering;
  log: Log;
  /** Ends its sessions; resolves when their programs are gone and nothing of it is left but the directory. */
  close(): Promise<void>;
}

/**
 * @param directory that no other daemon uses
 * @param options faults: of the terminals of all its sessions; rest: what gives memory of the process back, by default nothing
 * @throws RequestError DAEMON_UNREACHABLE when it is in use
 */
export async function startInProcess(
  directory: string,
  { faults, rest }: { faults?: TerminalFaults | undefined; rest?: Rest } = {},
): Promise<InProcessDaemon> {
  loadTerminals();
  const paths = socketPathsIn(directory);
  // Its settings are not the user's: what a test does depends on nothing outside of it.
  const settings = { ...settingsFrom({}), idleTimeoutMs: MAX_DURATION_MS };
  const lock = takeDaemonLock(paths.lock);
  if ('heldBy' in lock) {
    throw new RequestError('DAEMON_UNREACHABLE', `Process ${lock.heldBy} serves ${directory} already`);
  }
  const logFile = new RotatingFile(paths.log, fs);
  const logged = new LoggedFaults();
  const log = daemonLog(logFile, settings.logLevel, undefined, logged);
  const running = new RunningFile(`${directory}/pilotty.running`);
  let listener: Listener;
  try {
    listener = await Listener.bind(paths.socket);
  } catch (error) {
    running.close();
    logFile.close();
    lock.release();
    throw error;
  }
  const daemon = new Daemon(
    { paths, lock, log, faults: logged, logFile, running, rest },
    settings,
    handlers,
    { faults },
  );
  daemon.serve(listener);
  return {
    daemon,
    log,
    async close() {
      await daemon.stop('closed');
      await daemon.ended;
      releaseStty();
      logFile.close();
    },
  };
}
