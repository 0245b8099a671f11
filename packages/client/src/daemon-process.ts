/**
 * The daemon as a process, for when it does not answer: which one it is, what it does, and how to end it.
 * The lock names it; a process is only ever signalled when it is the very one that took the lock.
 */
import * as fs from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { type ProcessIdentity, readLock, readRunning, type SocketPaths } from '@pilotty/protocol';
import { ConnectionError } from './connection-error.ts';
import { findProcess, isAlive, type ProcessFacts } from './process-facts.ts';

/** For a daemon that can still end in order. */
const TERM_WITHIN_MS = 3_000;
/** For the kernel to end what was killed, and for programs to end when their terminal is gone. */
const KILL_WITHIN_MS = 2_000;
const LOOK_EVERY_MS = 20;

/** The process that holds a lock; undefined when none does, or it is dead. */
export async function findLockHolder(lock: string): Promise<ProcessFacts | undefined> {
  const owner = readLock(lock, fs);
  if (typeof owner !== 'object') return undefined;
  const found = await findProcess(owner.pid);
  return found?.startedAt === owner.startedAt ? found : undefined;
}

/** What to say of a daemon that is connected to and does not answer. */
export async function silentDaemon({ lock, socket }: SocketPaths): Promise<ConnectionError> {
  const holder = await findLockHolder(lock).catch(() => undefined);
  if (holder === undefined) {
    return new ConnectionError(`the process that listens at ${socket} does not answer`, {
      suggestion: `It holds no lock, so it may be no pilotty daemon: 'lsof ${socket}' may name it.`,
    });
  }
  return notAnswering(holder);
}

/** What to say of a daemon that runs, and has not answered in time. */
export function notAnswering({ pid, isStopped }: Pick<ProcessFacts, 'pid' | 'isStopped'>): ConnectionError {
  const force = "'pilotty stop --force' ends it and its sessions";
  return new ConnectionError(
    `the daemon (process ${pid}) does not answer${isStopped ? ': it is stopped' : ''}`,
    {
      pid,
      suggestion: isStopped ? `'kill -CONT ${pid}' lets it go on; ${force}.` : `Try again later; ${force}.`,
    },
  );
}

/** What to say of one that holds the lock and does not listen. */
export function deafDaemon({ pid, isStopped }: ProcessFacts, { lock, socket }: SocketPaths): ConnectionError {
  const state = isStopped ? ', and is stopped' : '';
  return new ConnectionError(`process ${pid} holds ${lock}, but does not listen at ${socket}${state}`, {
    pid,
    suggestion: `It may be starting or ending: try again in a moment. 'pilotty stop --force' ends it and its sessions.`,
  });
}

export interface Ended {
  pid: number;
  sessions_ended: number;
  survivors: { pid: number; command: string }[];
}

/** Ends a daemon that does not answer: in order if it still can, else killed; then what ran in its sessions. */
export async function endDaemon(holder: ProcessIdentity, { directory }: SocketPaths): Promise<Ended> {
  const programs = runningPrograms(`${directory}/pilotty.running`);
  await endProcess(holder);
  if (!(await isOver(programs, KILL_WITHIN_MS))) {
    for (const program of programs) if (await isAlive(program)) send(-program.pid, 'SIGKILL');
    await isOver(programs, KILL_WITHIN_MS);
  }
  const survivors: Ended['survivors'] = [];
  for (const program of programs) {
    if (await isAlive(program)) survivors.push({ pid: program.pid, command: program.program });
  }
  return { pid: holder.pid, sessions_ended: programs.length - survivors.length, survivors };
}

/** Ends a process: in order if it still can, else killed. @throws ConnectionError when it does not end */
export async function endProcess(holder: ProcessIdentity): Promise<void> {
  send(holder.pid, 'SIGTERM');
  // One that is stopped takes no other signal.
  send(holder.pid, 'SIGCONT');
  if (await isOver([holder], TERM_WITHIN_MS)) return;
  send(holder.pid, 'SIGKILL');
  if (await isOver([holder], KILL_WITHIN_MS)) return;
  throw new ConnectionError(`process ${holder.pid} does not end, not even by SIGKILL`, {
    pid: holder.pid,
    suggestion: `'ps -o stat,wchan -p ${holder.pid}' says what holds it in the kernel.`,
  });
}

function runningPrograms(path: string): ReturnType<typeof readRunning> {
  try {
    return readRunning(fs.readFileSync(path, 'utf8'));
  } catch {
    // It had none yet, or has removed the file.
    return [];
  }
}

/** Whether all of them have ended in that time. */
async function isOver(processes: readonly ProcessIdentity[], withinMs: number): Promise<boolean> {
  const until = performance.now() + withinMs;
  for (const each of processes) {
    while (await isAlive(each)) {
      if (performance.now() > until) return false;
      await delay(LOOK_EVERY_MS);
    }
  }
  return true;
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended; whether it has is looked at.
  }
}
