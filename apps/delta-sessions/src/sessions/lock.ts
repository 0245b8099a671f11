/**
 * One command at a time changes a session's files. Held for as long as it takes to write some, never
 * while printing or waiting for a program.
 */
import { linkSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { Refusal } from '../refusal.ts';
import { FILE_MODE, isCode } from './files.ts';
import { randomHex } from './random-hex.ts';

const LOOK_AGAIN_MS = 5;
const GIVE_UP_MS = 20_000;
/** No holder needs as long; one that has stopped for good, or whose number another process has, must not block the session. */
const STALE_MS = 10_000;

/** @throws Refusal when others keep it too long, or there is no session any more */
export async function withLock<T>(path: string, work: () => T): Promise<T> {
  const nonce = randomHex(8);
  const own = `${path}.${nonce}`;
  const content = `${process.pid} ${nonce}`;
  writeOwn(own, content);
  try {
    await take(own, path);
    try {
      return work();
    } finally {
      // Another's, where we were too slow.
      if (ownerOf(path) === content) rmSync(path, { force: true });
    }
  } finally {
    rmSync(own, { force: true });
  }
}

function writeOwn(own: string, content: string): void {
  try {
    writeFileSync(own, content, { mode: FILE_MODE, flag: 'wx' });
  } catch (error) {
    if (isCode(error, 'ENOENT')) throw new Refusal('The session has been removed');
    throw error;
  }
}

async function take(own: string, path: string): Promise<void> {
  const deadline = performance.now() + GIVE_UP_MS;
  while (!linked(own, path)) {
    if (isAbandoned(path)) breakLock(path, `${own}.stale`);
    else if (performance.now() > deadline) throw new Refusal(`${path} is held by another command`);
    else await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
  }
}

/** Atomic, and fails where the name is taken; the content is there from the first moment on. */
function linked(own: string, path: string): boolean {
  try {
    linkSync(own, path);
    return true;
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false;
    throw error;
  }
}

function isAbandoned(path: string): boolean {
  const owner = ownerOf(path);
  if (owner === undefined) return false;
  const ageMs = Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Number.POSITIVE_INFINITY);
  return ageMs > STALE_MS || !isAlive(Number.parseInt(owner, 10));
}

/** undefined when it is free. */
function ownerOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/** Two that find the same abandoned lock: what the slower one moved away may be a new one, and is put back. */
function breakLock(path: string, aside: string): void {
  try {
    renameSync(path, aside);
  } catch (error) {
    if (isCode(error, 'ENOENT')) return;
    throw error;
  }
  if (!isAbandoned(aside)) linked(aside, path);
  rmSync(aside, { force: true });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return isCode(error, 'EPERM');
  }
}
