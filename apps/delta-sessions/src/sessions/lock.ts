/**
 * One command at a time changes a session's files: the daemon's kind of lock, in a file of the session. Held for as
 * long as it takes to write some, never while printing or waiting for a program.
 */
import * as fs from 'node:fs';
import { processFinder } from '@pilotty/client/node';
import { type Lock, type LockSystem, takeLock } from '@pilotty/protocol';
import { Refusal } from '../refusal.ts';
import { isCode } from './files.ts';
import { randomHex } from './random-hex.ts';

const LOOK_AGAIN_MS = 5;
const GIVE_UP_MS = 20_000;

let system: Promise<LockSystem> | undefined;

/** @throws Refusal when others keep it too long, or there is no session any more */
export async function withLock<T>(path: string, work: () => T): Promise<T> {
  system ??= lockSystem();
  const lock = await take(path, await system);
  try {
    return work();
  } finally {
    lock.release();
  }
}

async function take(path: string, system: LockSystem): Promise<Lock> {
  const deadline = performance.now() + GIVE_UP_MS;
  for (;;) {
    const lock = takeOrHolder(path, system);
    if ('release' in lock) return lock;
    if (performance.now() > deadline)
      throw new Refusal(`${path} is held by another command, process ${lock.heldBy}`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
  }
}

function takeOrHolder(path: string, system: LockSystem): Lock | { heldBy: number } {
  try {
    return takeLock(path, system);
  } catch (error) {
    if (isCode(error, 'ENOENT')) throw new Refusal('The session has been removed');
    throw error;
  }
}

async function lockSystem(): Promise<LockSystem> {
  const find = await processFinder();
  return {
    files: fs,
    self: { pid: process.pid, startedAt: find(process.pid)?.startedAt ?? '' },
    isAlive: ({ pid, startedAt }) => find(pid)?.startedAt === startedAt,
    nonce: () => randomHex(12),
  };
}
