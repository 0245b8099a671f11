/** Clearing up: what is no longer needed is evicted, ended or removed, or only named. */
import fs from 'node:fs';
import { findDeadLocks, removeDeadLock } from '../processes/lock.ts';
import { selectAll } from '../session/selection.ts';
import type { Handlers } from './handler.ts';

/** Between TERM and KILL. */
const GRACE_MS = 2000;

export const gcHandlers: Handlers<'daemon.gc'> = {
  'daemon.gc': async (services, { idle_ms, dry_run, ...which }) => {
    const meant = selectAll(services.sessions, which);
    const over = meant.filter(({ isExited }) => isExited);
    const idle = meant.filter(
      (session) => !session.isExited && session.times.idleMs >= (idle_ms ?? Infinity),
    );
    const files = findDeadLocks(services.paths.lock).map((path) => ({ path, bytes: sizeOf(path) }));
    const evicted = over.map(({ reference, memoryBytes }) => ({ ...reference, bytes: memoryBytes }));
    const ending = idle.map(async (session) => ({
      ...session.reference,
      idle_ms: Math.round(session.times.idleMs),
      survivors: dry_run ? [] : await session.kill('SIGTERM', GRACE_MS),
    }));
    if (!dry_run) {
      for (const session of over) services.sessions.forget(session.id);
      for (const { path } of files) removeDeadLock(path);
    }
    return {
      type: 'gc_result',
      dry_run,
      evicted_sessions: evicted,
      ended_sessions: await Promise.all(ending),
      removed_files: files.map(({ path }) => path),
      freed_bytes: [...evicted, ...files].reduce((sum, { bytes }) => sum + bytes, 0),
      message: describe(over.length, idle.length, files.length, dry_run),
    };
  },
};

function sizeOf(path: string): number {
  return fs.statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

function describe(evicted: number, ended: number, files: number, isDryRun: boolean): string {
  const parts = [
    counted(evicted, 'ended session', isDryRun ? 'evict' : 'evicted'),
    counted(ended, 'idle session', isDryRun ? 'end' : 'ended'),
    counted(files, 'file', isDryRun ? 'remove' : 'removed'),
  ].filter((part) => part !== undefined);
  if (parts.length === 0) return 'Nothing to clean up';
  const text = parts.join(', ');
  return isDryRun ? `Would ${text}` : `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

function counted(count: number, noun: string, verb: string): string | undefined {
  return count === 0 ? undefined : `${verb} ${count} ${noun}${count === 1 ? '' : 's'}`;
}
