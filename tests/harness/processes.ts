/**
 * Finds the processes that a test has started, however far they have gone from their parents: all
 * inherit an environment that names the test's own directory, or else work in it.
 */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

export interface FoundProcess {
  pid: number;
  command: string;
}

export function processesOf(directory: string): FoundProcess[] {
  return process.platform === 'linux' ? fromProc(directory) : fromPs(directory);
}

function fromProc(directory: string): FoundProcess[] {
  const found: FoundProcess[] = [];
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    const inProc = (name: string) => `/proc/${entry}/${name}`;
    try {
      // A zombie's environment is empty: it is dead, and only waits for its parent.
      const environment = readFileSync(inProc('environ'), 'latin1');
      if (environment === '') continue;
      if (!environment.includes(directory) && !readlinkSync(inProc('cwd')).startsWith(directory)) continue;
      const command = readFileSync(inProc('cmdline'), 'utf8').replaceAll('\0', ' ').trim();
      found.push({ pid: Number(entry), command });
    } catch {
      // Gone since it was listed, or another user's.
    }
  }
  return found;
}

function fromPs(directory: string): FoundProcess[] {
  const lines = execFileSync('ps', ['-axww', '-E', '-o', 'pid=,stat=,command='], {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  }).split('\n');
  const found: FoundProcess[] = [];
  for (const line of lines) {
    const [, pid, state, command] = /^\s*(\d+)\s+(\S+)\s+(.*)$/.exec(line) ?? [];
    if (command?.includes(directory) && !state?.startsWith('Z')) found.push({ pid: Number(pid), command });
  }
  return found;
}

/** Also one that has ended, until its parent has taken note. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
