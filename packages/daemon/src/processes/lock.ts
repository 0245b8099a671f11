/**
 * At most one daemon for a directory: a lock file that names its owner, made by `link`, which is
 * atomic and fails when the name exists.
 *
 * A lock whose owner is dead is broken by whoever holds the lock named after that owner, and only
 * after looking again. So two processes that find the same dead lock cannot break each other's new
 * one: the second finds, under the inner lock, that the outer one has changed.
 */
import fs from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { randomHex } from '../random-hex.ts';
import { findProcess, isAlive } from './process-table.ts';

export interface Lock {
  release(): void;
}

interface Owner {
  pid: number;
  startedAt: string;
  /** Two locks of one process differ. */
  nonce: string;
}

/** Takes the lock at `path`, or says who has it. */
export function takeLock(path: string): Lock | { heldBy: number } {
  const startedAt = findProcess(process.pid)?.startedAt ?? '';
  const owner: Owner = { pid: process.pid, startedAt, nonce: randomHex(6) };
  const own = `${path}.${owner.nonce}`;
  fs.writeFileSync(own, JSON.stringify(owner), { mode: 0o600, flag: 'wx' });
  try {
    for (;;) {
      if (linked(own, path)) return { release: () => release(path, owner) };
      const holder = readOwner(path);
      if (holder && isAlive(holder)) return { heldBy: holder.pid };
      if (!breakLock(path, holder)) return { heldBy: holder?.pid ?? 0 };
    }
  } finally {
    fs.unlinkSync(own);
  }
}

function linked(own: string, path: string): boolean {
  try {
    fs.linkSync(own, path);
    return true;
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false;
    throw error;
  }
}

/** @returns false when somebody else is breaking it just now */
function breakLock(path: string, dead: Owner | undefined): boolean {
  const inner = takeLock(`${path}.${dead?.nonce ?? 'unreadable'}`);
  if ('heldBy' in inner) return false;
  try {
    if (readOwner(path)?.nonce === dead?.nonce) fs.rmSync(path, { force: true });
    return true;
  } finally {
    inner.release();
  }
}

function release(path: string, owner: Owner): void {
  if (readOwner(path)?.nonce === owner.nonce) fs.rmSync(path, { force: true });
}

/**
 * Files beside the lock at `path` that belong to processes which were killed while they took or broke it.
 * One that cannot be read may just be being written, and is left.
 */
export function findDeadLocks(path: string): string[] {
  const prefix = `${basename(path)}.`;
  const dead = (file: string) => {
    const owner = readOwner(file);
    return owner !== undefined && !isAlive(owner);
  };
  return fs
    .readdirSync(dirname(path), { withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.startsWith(prefix))
    .map(({ name }) => join(dirname(path), name))
    .filter(dead);
}

/** By taking it, so that a lock which somebody else has taken at `path` meanwhile stays. */
export function removeDeadLock(path: string): void {
  const lock = takeLock(path);
  if ('release' in lock) lock.release();
}

/** undefined when there is none, or what is there is not a lock of ours: written whole, so it never is half a lock. */
function readOwner(path: string): Owner | undefined {
  try {
    const { pid, startedAt, nonce } = JSON.parse(fs.readFileSync(path, 'utf8'));
    if (typeof pid === 'number' && typeof startedAt === 'string' && /^[0-9a-f]+$/.test(nonce)) {
      return { pid, startedAt, nonce };
    }
  } catch (error) {
    if (!isCode(error, 'ENOENT') && !(error instanceof SyntaxError)) throw error;
  }
  return undefined;
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
