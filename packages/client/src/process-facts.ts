/** What the kernel knows of a process: /proc on Linux, `ps` elsewhere; as the daemon's process table has it. */
import { readFileSync } from 'node:fs';
import type { ProcessIdentity } from '@pilotty/protocol';

export interface ProcessFacts extends ProcessIdentity {
  /** By a signal or a debugger: it does nothing until it is continued. */
  isStopped: boolean;
}

/** undefined when there is no such process, or it is dead. */
export async function findProcess(pid: number): Promise<ProcessFacts | undefined> {
  return (await processFinder())(pid);
}

/** Whether this very process still runs. */
export async function isAlive({ pid, startedAt }: ProcessIdentity): Promise<boolean> {
  return (await findProcess(pid))?.startedAt === startedAt;
}

/** proc(5): the fields of `stat` after the command, which is in parentheses and may hold anything. */
export function readProc(pid: number): ProcessFacts | undefined {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return undefined;
  }
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state = ''] = fields;
  if (state === 'Z' || state === 'X') return undefined;
  return { pid, startedAt: String(fields[19]), isStopped: /^t/i.test(state) };
}

/** For those who cannot wait: findProcess(), once what it needs is loaded. */
export async function processFinder(): Promise<(pid: number) => ProcessFacts | undefined> {
  if (process.platform === 'linux') return readProc;
  const { execFileSync } = await import('node:child_process');
  return (pid) => {
    try {
      return readPs(pid, execFileSync('ps', psArguments(pid), { encoding: 'utf8' }));
    } catch {
      // ps exits 1 when it finds no such process.
      return undefined;
    }
  };
}

export function psArguments(pid: number): string[] {
  return ['-o', 'state=,lstart=', '-p', String(pid)];
}

export function readPs(pid: number, text: string): ProcessFacts | undefined {
  const [state = 'Z', ...started] = text.trim().split(/\s+/);
  if (state.startsWith('Z')) return undefined;
  return { pid, startedAt: started.join(' '), isStopped: /^t/i.test(state) };
}
