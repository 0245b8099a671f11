/** Processes of a test that have left its terminal: they have the test's directory in their environment. */
import { readdirSync, readFileSync } from 'node:fs';

/** Linux only: elsewhere the environment of another process is not to be had. */
export function leftOver(directory: string): number[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) => environmentOf(pid).includes(`HOME=${directory}/`))
    .map(Number);
}

/** @returns how many there were */
export function endLeftOver(directory: string): number {
  let ended = 0;
  // What one of them starts meanwhile is found the next time.
  for (let found = leftOver(directory); found.length > 0; found = leftOver(directory)) {
    ended += found.length;
    for (const pid of found) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It has ended by itself.
      }
    }
  }
  return ended;
}

/** Empty for one that has ended, or is another user's. */
function environmentOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1');
  } catch {
    return '';
  }
}
