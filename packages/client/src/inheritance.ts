/**
 * What a program inherits from the process that starts it, besides its environment and directory: a session's program
 * is started by the daemon, and gets it from the client instead.
 */
import { readFileSync } from 'node:fs';
import { getPriority } from 'node:os';
import { lowerLimit, type Params, type ProcessLimits, parseLimits } from '@pilotty/protocol';

export type Inheritance = Pick<Params<'session.spawn'>, 'umask' | 'nice' | 'limits'>;

/** What a child of this process would inherit. */
export function inheritance(): Inheritance {
  return { umask: process.umask(), nice: getPriority(), limits: limitsOf(process.pid, process.ppid) };
}

/** Undefined where the kernel does not say. */
function limitsOf(pid: number, parent: number): ProcessLimits | undefined {
  const own = readLimits(pid);
  if (own?.nofile === undefined) return own;
  // Node raises its own soft limit of open files to the hard one; what started it still has the limit that was set.
  const soft = readLimits(parent)?.nofile?.soft;
  return soft === undefined
    ? own
    : { ...own, nofile: { ...own.nofile, soft: lowerLimit(soft, own.nofile.hard) } };
}

function readLimits(pid: number): ProcessLimits | undefined {
  try {
    return parseLimits(readFileSync(`/proc/${pid}/limits`, 'utf8'));
  } catch {
    // No Linux, or another user's.
    return undefined;
  }
}
