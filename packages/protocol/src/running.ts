/** The lines of the file in which a daemon notes what runs in its sessions, for the daemon that is started after it was killed. */
import type { ProcessIdentity } from './lock.ts';

export interface RunningProgram extends ProcessIdentity {
  /** The session's. */
  name: string;
  id: string;
  program: string;
}

/** Reads the text of such a file: what was started and has not ended. */
export function readRunning(text: string): RunningProgram[] {
  const running = new Map<number, RunningProgram>();
  for (const line of text.split('\n')) {
    const entry = parseEntry(line);
    if (entry && 'startedAt' in entry) running.set(entry.pid, entry);
    else if (entry) running.delete(entry.pid);
  }
  return [...running.values()];
}

function parseEntry(line: string): RunningProgram | { pid: number } | undefined {
  try {
    const entry = JSON.parse(line);
    return typeof entry?.pid === 'number' ? entry : undefined;
  } catch {
    // The last line of a daemon that was killed may be cut, and the text ends with an empty one.
    return undefined;
  }
}
