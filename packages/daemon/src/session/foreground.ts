/** What has the keyboard of a session's terminal now. */
import { findProcess, processArguments, processDirectory } from './process-table.ts';

export interface Foreground {
  /** Leader of the foreground process group; a group keeps its number when the leader has gone. */
  pid: number;
  argv: string[];
}

/** undefined when the session's leader is gone or its terminal has no foreground. */
export function foregroundOf(leader: number): Foreground | undefined {
  const group = findProcess(leader)?.foregroundGroup ?? -1;
  return group > 0 ? { pid: group, argv: processArguments(group) } : undefined;
}

export function directoryOf(leader: number): string | undefined {
  const foreground = foregroundOf(leader);
  return (foreground && processDirectory(foreground.pid)) ?? processDirectory(leader);
}
