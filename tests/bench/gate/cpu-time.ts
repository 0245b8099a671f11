/** CPU time that a process has taken so far: unlike the clock, it says little about what else the machine does. */
import { readdirSync, readFileSync } from 'node:fs';
import type { Place } from '../place.ts';

/** Of /proc/PID/stat, whatever the kernel's own clock: USER_HZ is 100 on every Linux that Node runs on. */
const TICK_MS = 10;
const NS_PER_MS = 1_000_000;

/** In milliseconds, user and system. */
function cpuTimeMs(pid: number): number {
  return exactCpuTimeMs(pid) ?? cpuTimeInTicksMs(pid);
}

/** Of its threads that have not ended, as the scheduler counts; undefined where the kernel does not say. */
function exactCpuTimeMs(pid: number): number | undefined {
  const threads = `/proc/${pid}/task`;
  try {
    const each = readdirSync(threads).map((id) => readFileSync(`${threads}/${id}/schedstat`, 'utf8'));
    return each.reduce((ns, stat) => ns + Number(stat.split(' ')[0]), 0) / NS_PER_MS;
  } catch {
    return undefined;
  }
}

function cpuTimeInTicksMs(pid: number): number {
  const { user, system } = ticksOf(pid);
  return (user + system) * TICK_MS;
}

/** Of the processes that it has started and that have ended. */
function cpuTimeOfEndedMs(pid: number): number {
  const { userOfEnded, systemOfEnded } = ticksOf(pid);
  return (userOfEnded + systemOfEnded) * TICK_MS;
}

function ticksOf(pid: number) {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The second field is the program's name in parentheses, and may have spaces.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [user = 0, system = 0, userOfEnded = 0, systemOfEnded = 0] = fields.slice(11, 15).map(Number);
  return { user, system, userOfEnded, systemOfEnded };
}

export async function cpuTimeOf(pid: number, work: () => Promise<unknown>): Promise<number> {
  const before = cpuTimeMs(pid);
  await work();
  return cpuTimeMs(pid) - before;
}

/** With the processes that it starts and that end by then. */
export async function cpuTimeOfWhole(pid: number, work: () => Promise<unknown>): Promise<number> {
  const before = cpuTimeOfEndedMs(pid);
  const own = await cpuTimeOf(pid, work);
  return own + cpuTimeOfEndedMs(pid) - before;
}

/** Milliseconds of each of so many runs of a program, as the shell that starts them counts. */
export function cpuTimeOfRuns(place: Place, runs: number, [file, args]: [string, string[]]): number {
  const script = `i=0; while [ $i -lt ${runs} ]; do "$@" >/dev/null || exit; i=$((i + 1)); done; times`;
  // Two lines: of the shell itself, and of what it ran; each with the user's and the system's, as 0m0.020s.
  const [, ofRuns = ''] = place.run('/bin/sh', ['-c', script, 'sh', file, ...args]).split('\n');
  const seconds = [...ofRuns.matchAll(/(\d+)m([\d.]+)s/g)].map(
    ([, min, sec]) => Number(min) * 60 + Number(sec),
  );
  return (seconds.reduce((sum, part) => sum + part, 0) * 1000) / runs;
}
