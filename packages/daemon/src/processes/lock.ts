/** The daemon's lock, on the real file system; its rules are the protocol's. */
import fs from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type Lock, type LockSystem, readLock, takeLock } from '@pilotty/protocol';
import { randomHex } from '../random-hex.ts';
import { findProcess, isAlive } from './process-table.ts';

/** One that cannot be read may just be being written, which takes no longer than this. */
const BEING_WRITTEN_MS = 60_000;

/** Takes the lock at `path`, or says which process has it. */
export function takeDaemonLock(path: string): Lock | { heldBy: number } {
  return takeLock(path, lockSystem());
}

export function lockSystem(): LockSystem {
  const startedAt = findProcess(process.pid)?.startedAt ?? '';
  return { files: fs, self: { pid: process.pid, startedAt }, isAlive, nonce: () => randomHex(6) };
}

/** Files beside the lock at `path` that belong to processes which were killed while they took or broke it. */
export function findDeadLocks(path: string): string[] {
  const prefix = `${basename(path)}.`;
  return fs
    .readdirSync(dirname(path), { withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.startsWith(prefix))
    .map(({ name }) => join(dirname(path), name))
    .filter(isDead);
}

function isDead(path: string): boolean {
  const found = readLock(path, fs);
  if (found !== 'unreadable') return found !== undefined && !isAlive(found);
  const writtenAt = fs.statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
  // Also one of the future: the clock was set back since.
  return Math.abs(Date.now() - writtenAt) > BEING_WRITTEN_MS;
}

/** By taking it, so that a lock which another process has taken at `path` meanwhile stays. */
export function removeDeadLock(path: string): void {
  const lock = takeDaemonLock(path);
  if ('release' in lock) lock.release();
}
