/**
 * Ends everything a session started: the whole process group, every process of its terminal's
 * session, and whoever else still has the terminal open (`setsid`, `nohup`). What started here,
 * left the terminal on purpose and still runs afterwards is not killed but reported.
 */
import os from 'node:os';
import {
  allProcesses,
  holdersOf,
  ignoresSignal,
  isAlive,
  type ProcessFacts,
  processArguments,
} from './process-table.ts';

export interface Survivor {
  pid: number;
  command: string;
}

interface Terminal {
  /** The session's leader. */
  pid: number;
  terminalPath: string;
}

/** A process that a KILL was sent to is gone within this time, or the kernel is holding it. */
const KILL_WAIT_MS = 1000;
/** How often to look whether processes that are not our children have gone: nobody tells. */
const LOOK_MS = 10;

/**
 * @param exited resolves when the leader has been reaped and its output drained
 * @param graceMs between the first signal and KILL
 * @returns processes that were started here and still run
 */
export async function endProcesses(
  terminal: Terminal,
  signal: NodeJS.Signals,
  graceMs: number,
  exited: Promise<void>,
): Promise<Survivor[]> {
  const { holders, others } = startedHere(terminal);
  send(holders, signal);
  // An interactive shell ignores TERM; what ends it, and lets it save its history, is the hang-up
  // that closing its window would bring.
  if (signal === 'SIGTERM') send(holders.filter(ignoresTerm), 'SIGHUP');
  if (!(await gone(holders, exited, graceMs))) {
    const left = [...holders.filter(isAlive), ...startedHere(terminal).holders];
    send(left, 'SIGKILL');
    await gone([...holders, ...left], exited, KILL_WAIT_MS);
  }
  return [...holders, ...others]
    .filter(isAlive)
    .map(({ pid }) => ({ pid, command: processArguments(pid).join(' ') }));
}

function ignoresTerm({ pid }: ProcessFacts): boolean {
  return ignoresSignal(pid, os.constants.signals.SIGTERM);
}

function startedHere({ pid: leader, terminalPath }: Terminal): {
  holders: ProcessFacts[];
  others: ProcessFacts[];
} {
  const processes = allProcesses();
  const start = processes.find(({ pid }) => pid === leader)?.startedAt;
  const inSession = ({ pid, session, group }: ProcessFacts) => [pid, session, group].includes(leader);
  const having = new Set(holdersOf(terminalPath));
  // The number of a terminal that is gone may be given again: only who came after it is meant.
  const holdsTerminal = (candidate: ProcessFacts) =>
    having.has(candidate.pid) && startedSince(candidate, start);
  const holders = processes.filter((candidate) => inSession(candidate) || holdsTerminal(candidate));
  const held = new Set(holders.map(({ pid }) => pid));
  const descendants = descendantsOf(leader, processes);
  return { holders, others: processes.filter(({ pid }) => descendants.has(pid) && !held.has(pid)) };
}

/** Linux start times are ticks since boot; elsewhere they do not compare, and nothing is left out. */
function startedSince(process: ProcessFacts, start: string | undefined): boolean {
  return start === undefined || !(Number(process.startedAt) < Number(start));
}

function descendantsOf(leader: number, processes: readonly ProcessFacts[]): Set<number> {
  const found = new Set<number>([leader]);
  for (let before = 0; before < found.size; ) {
    before = found.size;
    for (const { pid, parent } of processes) if (found.has(parent)) found.add(pid);
  }
  found.delete(leader);
  return found;
}

function send(processes: readonly ProcessFacts[], signal: NodeJS.Signals): void {
  for (const target of processes) {
    try {
      if (isAlive(target)) process.kill(target.pid, signal);
    } catch {
      // Gone since, or not ours to signal: then it is reported as a survivor.
    }
  }
  // A stopped process takes its signal only when it goes on.
  if (signal !== 'SIGKILL' && signal !== 'SIGCONT' && signal !== 'SIGSTOP') send(processes, 'SIGCONT');
}

/** Waits for the leader's exit and everyone else's end. @returns false if time ran out first. */
async function gone(
  processes: readonly ProcessFacts[],
  exited: Promise<void>,
  withinMs: number,
): Promise<boolean> {
  const deadline = performance.now() + withinMs;
  let leaderExited = false;
  void exited.then(() => {
    leaderExited = true;
  });
  for (;;) {
    await Promise.race([exited, new Promise((resolve) => setTimeout(resolve, LOOK_MS))]);
    if (leaderExited && !processes.some(isAlive)) return true;
    if (performance.now() >= deadline) return false;
    if (leaderExited) await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}
