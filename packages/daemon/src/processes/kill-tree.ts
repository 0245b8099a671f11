/**
 * Ends everything a session started: the whole process group, every process of its terminal's
 * session, and every other process that still has the terminal open (`setsid`, `nohup`). What started here,
 * left the terminal on purpose and still runs afterwards is not killed but reported.
 */
import os from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { isOutOfDescriptors } from '../no-descriptors.ts';
import { within } from '../within.ts';
import { type Survey, surveyProcesses } from './process-survey.ts';
import { ignoresSignal, isAlive, type ProcessFacts, processArguments } from './process-table.ts';
import { processTree } from './process-tree.ts';

export interface Survivor {
  pid: number;
  command: string;
  /** The container that the number is of; undefined on this host. */
  in?: string;
  /** Whether it still runs could not be asked. */
  unknown?: true;
}

interface Terminal {
  /** The session's leader. */
  pid: number;
  /** Undefined where it has none. */
  terminalPath: string | undefined;
}

/** A process that a KILL was sent to is gone within this time, or the kernel is holding it. */
const KILL_WAIT_MS = 1000;
/** How often to look whether processes that are not our children have gone: no event announces it. */
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
  const survey = await surveyProcesses().catch(async (error: unknown) => {
    if (!isOutOfDescriptors(error)) throw error;
    await endGroup(terminal.pid, signal, graceMs, exited);
    return await surveyProcesses();
  });
  const leader = survey.processes.find(({ pid }) => pid === terminal.pid);
  const { holders: surveyed, others } = startedHere(survey, terminal, leader);
  const holders = [...surveyed, ...startedSinceSurvey(terminal, surveyed)];
  send(holders, signal);
  // An interactive shell ignores TERM; what ends it, and lets it save its history, is the hang-up
  // that closing its window would bring.
  if (signal === 'SIGTERM') send(holders.filter(ignoresTerm), 'SIGHUP');
  if (!(await gone(holders, exited, graceMs))) {
    const left = [
      ...holders.filter(isAlive),
      ...startedHere(await surveyProcesses(), terminal, leader).holders,
    ];
    send(left, 'SIGKILL');
    await gone([...holders, ...left], exited, KILL_WAIT_MS);
  }
  return [...holders, ...others]
    .filter(isAlive)
    .map(({ pid }) => ({ pid, command: processArguments(pid).join(' ') }));
}

/**
 * Ends what a program has left running in its session, after it has ended itself and was reaped.
 * @returns processes that still run
 */
export async function endLeftovers(
  { pid: leader }: Pick<Terminal, 'pid'>,
  signal: NodeJS.Signals,
  graceMs: number,
): Promise<Survivor[]> {
  const left = await leftBy(leader);
  const ended = Promise.resolve();
  send(left, signal);
  if (signal === 'SIGTERM') send(left.filter(ignoresTerm), 'SIGHUP');
  if (!(await gone(left, ended, graceMs))) {
    const stubborn = [...left.filter(isAlive), ...(await leftBy(leader))];
    send(stubborn, 'SIGKILL');
    await gone([...left, ...stubborn], ended, KILL_WAIT_MS);
  }
  return left.filter(isAlive).map(({ pid }) => ({ pid, command: processArguments(pid).join(' ') }));
}

/** A process that has its number now is another: then no session and no group has that number any more. */
async function leftBy(leader: number): Promise<ProcessFacts[]> {
  const { processes } = await surveyProcesses();
  if (processes.some(({ pid }) => pid === leader)) return [];
  return processes.filter(({ session, group }) => session === leader || group === leader);
}

/** Without a descriptor nobody can be listed. The end of the program itself gives some back: its terminal is closed. */
async function endGroup(
  leader: number,
  signal: NodeJS.Signals,
  graceMs: number,
  exited: Promise<void>,
): Promise<void> {
  sendToGroup(leader, signal);
  // An interactive shell heeds the hang-up only.
  if (signal === 'SIGTERM') sendToGroup(leader, 'SIGHUP');
  sendToGroup(leader, 'SIGCONT');
  if (await within(graceMs, exited)) return;
  sendToGroup(leader, 'SIGKILL');
  await within(KILL_WAIT_MS, exited);
}

/** Of a child of ours that has not been reaped: its number is nobody else's. */
function sendToGroup(leader: number, signal: NodeJS.Signals): void {
  for (const target of [-leader, leader]) {
    try {
      process.kill(target, signal);
    } catch {
      // It has ended, or is in a group of its own.
    }
  }
}

function ignoresTerm({ pid }: ProcessFacts): boolean {
  return ignoresSignal(pid, os.constants.signals.SIGTERM);
}

/**
 * @param first the leader as it was at first: once it is gone its number, and that of its terminal, may be given to
 *   others, who are not meant
 */
function startedHere(
  { processes, holdersOf }: Survey,
  { pid: leader, terminalPath }: Terminal,
  first: ProcessFacts | undefined,
): { holders: ProcessFacts[]; others: ProcessFacts[] } {
  const now = processes.find(({ pid }) => pid === leader);
  // A number is not given again as long as a session or a group has it.
  if (now !== undefined && now.startedAt !== first?.startedAt) return { holders: [], others: [] };
  const having = new Set(now === undefined || terminalPath === undefined ? [] : holdersOf(terminalPath));
  const holders = processes.filter(
    (candidate) =>
      [candidate.pid, candidate.session, candidate.group].includes(leader) ||
      (having.has(candidate.pid) && startedSince(candidate, first?.startedAt)),
  );
  const held = new Set(holders.map(({ pid }) => pid));
  const descendants = descendantsOf(leader, processes);
  return { holders, others: processes.filter(({ pid }) => descendants.has(pid) && !held.has(pid)) };
}

/** Children of the session that were started while others were looked at. */
function startedSinceSurvey({ pid: leader }: Terminal, surveyed: readonly ProcessFacts[]): ProcessFacts[] {
  const known = new Set(surveyed.map(({ pid }) => pid));
  return processTree(leader).filter(({ pid, session }) => session === leader && !known.has(pid));
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
    await Promise.race([exited, delay(LOOK_MS)]);
    if (leaderExited && !processes.some(isAlive)) return true;
    if (performance.now() >= deadline) return false;
    if (leaderExited) await delay(LOOK_MS);
  }
}
