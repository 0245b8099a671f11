/**
 * At most one owner of a directory: a lock file that names its owner, made by `link`, which is
 * atomic and fails when the name exists. So a lock is never half written.
 *
 * A lock whose owner is dead is broken by the process that holds the lock named after that owner, and
 * only after reading it again. So two processes that find the same dead lock cannot break each other's
 * new one: the second finds, under the inner lock, that the outer one has changed. A lock that is gone
 * when it is read was released: the link is tried again, and nothing is removed.
 *
 * The daemon and the gateway take locks, the command line reads them. Nothing here touches a file by
 * itself: the caller passes its file system, and what it knows of processes.
 */
import { RequestError } from './errors.ts';

/** Which process it is: a pid alone is given to another one later. */
export interface ProcessIdentity {
  pid: number;
  startedAt: string;
}

export interface LockOwner extends ProcessIdentity {
  /** Two locks of one process differ. */
  nonce: string;
}

/** The part of `node:fs` that is needed. */
export interface LockFiles {
  writeFileSync(path: string, text: string, options: { mode: number; flag: 'wx' }): void;
  linkSync(existing: string, path: string): void;
  readFileSync(path: string, encoding: 'utf8'): string;
  rmSync(path: string, options: { force: true }): void;
}

export interface LockSystem {
  files: LockFiles;
  self: ProcessIdentity;
  isAlive(process: ProcessIdentity): boolean;
  /** Hexadecimal, another one each time. */
  nonce(): string;
}

export interface Lock {
  /** Whether the file still is this lock: it may have been removed, or removed and taken by another process. */
  isHeld(): boolean;
  /** Removes the file if it still is this lock. */
  release(): void;
}

/** A name that exists and cannot be read again and again is no race: a symbolic link that leads nowhere. */
const MAX_VANISHED = 1000;

/** Takes the lock at `path`, or says which process has it. @throws what the file system throws; RequestError */
export function takeLock(path: string, system: LockSystem): Lock | { heldBy: number } {
  const { files, self } = system;
  const owner: LockOwner = { pid: self.pid, startedAt: self.startedAt, nonce: system.nonce() };
  const own = `${path}.${owner.nonce}`;
  try {
    files.writeFileSync(own, JSON.stringify(owner), { mode: 0o600, flag: 'wx' });
    return linkOrHolder(own, path, owner, system);
  } finally {
    // Also where the disk was full: what was written by then is an empty file.
    files.rmSync(own, { force: true });
  }
}

function linkOrHolder(
  own: string,
  path: string,
  owner: LockOwner,
  system: LockSystem,
): Lock | { heldBy: number } {
  for (let vanished = 0; vanished < MAX_VANISHED; ) {
    if (isLinked(own, path, system.files)) return heldLock(path, owner, system.files);
    const holder = readLock(path, system.files);
    if (holder === undefined) {
      vanished++;
      continue;
    }
    if (holder !== 'unreadable' && system.isAlive(holder)) return { heldBy: holder.pid };
    const breaker = breakLock(path, holder, system);
    if (breaker !== undefined) return { heldBy: breaker };
  }
  throw new RequestError('DAEMON_UNREACHABLE', `The lock '${path}' is there and cannot be read`, {
    suggestion: 'Look what it is, and remove it if no pilotty runs in that directory.',
  });
}

/** The lock at `path`, as its owner has it. */
export function heldLock(
  path: string,
  { nonce }: Pick<LockOwner, 'nonce'>,
  files: Pick<LockFiles, 'readFileSync' | 'rmSync'>,
): Lock {
  const isHeld = () => {
    const found = readLock(path, files);
    return typeof found === 'object' && found.nonce === nonce;
  };
  return {
    isHeld,
    release() {
      if (isHeld()) files.rmSync(path, { force: true });
    },
  };
}

function isLinked(own: string, path: string, files: LockFiles): boolean {
  try {
    files.linkSync(own, path);
    return true;
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false;
    throw error;
  }
}

/** Removes a lock whose owner is dead. @returns the process that is doing so already */
function breakLock(path: string, found: LockOwner | 'unreadable', system: LockSystem): number | undefined {
  const nonceOf = (lock: typeof found) => (lock === 'unreadable' ? lock : lock.nonce);
  const inner = takeLock(`${path}.${nonceOf(found)}`, system);
  if ('heldBy' in inner) return inner.heldBy;
  try {
    const now = readLock(path, system.files);
    if (now !== undefined && nonceOf(now) === nonceOf(found)) system.files.rmSync(path, { force: true });
    return undefined;
  } finally {
    inner.release();
  }
}

/**
 * What is at `path`: a lock, or `'unreadable'` where it is none of ours; undefined when nothing is there.
 * @throws RequestError when it is a directory
 */
export function readLock(
  path: string,
  files: Pick<LockFiles, 'readFileSync'>,
): LockOwner | 'unreadable' | undefined {
  let text: string;
  try {
    text = files.readFileSync(path, 'utf8');
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined;
    if (isCode(error, 'EISDIR')) {
      throw new RequestError('DAEMON_UNREACHABLE', `The lock '${path}' is a directory`, {
        suggestion: 'Remove it: pilotty makes no directory of that name.',
      });
    }
    throw error;
  }
  return parseOwner(text) ?? 'unreadable';
}

function parseOwner(text: string): LockOwner | undefined {
  try {
    const { pid, startedAt, nonce } = JSON.parse(text) ?? {};
    const isOwner =
      Number.isSafeInteger(pid) && pid > 0 && typeof startedAt === 'string' && /^[0-9a-f]+$/.test(nonce);
    return isOwner ? { pid, startedAt, nonce } : undefined;
  } catch {
    // Not JSON.
    return undefined;
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
