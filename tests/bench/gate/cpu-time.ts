/** CPU time that a process has taken so far: unlike the clock, it says little about what else the machine does. */
import { readFileSync } from 'node:fs';

/** Of /proc/PID/stat, whatever the kernel's own clock: USER_HZ is 100 on every Linux that Node runs on. */
const TICK_MS = 10;

/** In milliseconds, user and system. */
function cpuTimeMs(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The second field is the program's name in parentheses, and may have spaces.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}

export async function cpuTimeOf(pid: number, work: () => Promise<unknown>): Promise<number> {
  const before = cpuTimeMs(pid);
  await work();
  return cpuTimeMs(pid) - before;
}
