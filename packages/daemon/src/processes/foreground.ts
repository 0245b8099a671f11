/** What has the keyboard of a session's terminal now, and which jobs in it are stopped. */
import type { Foreground, Job } from '@pilotty/protocol';
import {
  allProcesses,
  findProcess,
  type ProcessFacts,
  processArguments,
  processDirectory,
} from './process-table.ts';
import { processTree, treeOf } from './process-tree.ts';
import { readsTerminal } from './reads-terminal.ts';

/** Leaders that only wait for their program: they are no part of what runs on the terminal. */
const waiters = new Set<number>();

/** @returns to be called when it has ended */
export function leaderOnlyWaits(leader: number): () => void {
  waiters.add(leader);
  return () => waiters.delete(leader);
}

/** undefined when the session's leader is gone or its terminal has no foreground. */
export function foregroundOf(leader: number): Foreground | undefined {
  const members = foregroundMembers(leader);
  const [first] = members;
  if (!first) return undefined;
  const reading = members.map(readsTerminal);
  return {
    pid: first.pid,
    process_group: first.group,
    argv: processArguments(first.pid),
    state: stateOfAll(members),
    reading: reading.includes(true) ? true : reading.includes(null) ? null : false,
  };
}

/** Whether it is certain that no foreground process reads from the terminal now; never certain but on Linux. */
export function hasNoReader(leader: number): boolean {
  if (process.platform !== 'linux') return false;
  const members = foregroundMembers(leader);
  return members.length > 0 && members.every((member) => readsTerminal(member) === false);
}

/** The foreground has one process: it waits for no other. */
export function isForegroundAlone(leader: number): boolean {
  return foregroundMembers(leader).length === 1;
}

/** Process groups that Ctrl+Z, or another signal, has stopped, oldest first; the state of the foreground process is reported with it. */
export function stoppedJobsOf(leader: number): Job[] {
  const [first, ...others] = processTree(leader);
  const jobs = new Map<number, ProcessFacts[]>();
  for (const process of others) {
    if (process.session !== first?.session || process.group === first.foregroundGroup) continue;
    jobs.set(process.group, [...(jobs.get(process.group) ?? []), process]);
  }
  return [...jobs]
    .filter(([, members]) => stateOfAll(members) === 'stopped')
    .map(([group, members]) => ({
      process_group: group,
      argv: processArguments(nearestToLeader(members, group)[0]?.pid ?? group),
    }));
}

export function directoryOf(leader: number): string | undefined {
  const [first] = foregroundMembers(leader);
  return (first && processDirectory(first.pid)) ?? processDirectory(leader);
}

/** The group's leader first; when that has gone, as that of a pipeline may, the oldest. */
export function foregroundMembers(leader: number): ProcessFacts[] {
  const first = findProcess(leader);
  const group = first?.foregroundGroup ?? -1;
  if (first === undefined || group <= 0) return [];
  const isMember = (process: ProcessFacts) =>
    process.group === group && !(process.pid === leader && waiters.has(leader));
  const members = treeOf(first).filter(isMember);
  // One whose parent has ended is found only among all.
  return nearestToLeader(members.length > 0 ? members : allProcesses().filter(isMember), group);
}

function nearestToLeader(members: readonly ProcessFacts[], group: number): ProcessFacts[] {
  return [...members].sort((a, b) => Number(b.pid === group) - Number(a.pid === group) || a.pid - b.pid);
}

function stateOfAll(members: readonly ProcessFacts[]): ProcessFacts['state'] {
  const states = members.map(({ state }) => state);
  return (
    states.find((state) => state === 'running') ?? states.find((state) => state === 'sleeping') ?? 'stopped'
  );
}
