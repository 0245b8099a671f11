/** One gateway a directory: the daemon's kind of lock, in a file of its own. */
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import { RequestError } from '@pilotty/client';
import { type ProcessFacts, psArguments, readProc, readPs } from '@pilotty/client/node';
import { type Lock, type ProcessIdentity, takeLock } from '@pilotty/protocol';

/** @throws RequestError when another gateway has it */
export function takeGatewayLock(path: string): Lock {
  const lock = takeLock(path, {
    files: fs,
    self: { pid: process.pid, startedAt: findProcess(process.pid)?.startedAt ?? '' },
    isAlive: ({ pid, startedAt }: ProcessIdentity) => findProcess(pid)?.startedAt === startedAt,
    nonce: () => randomBytes(6).toString('hex'),
  });
  if ('release' in lock) return lock;
  throw new RequestError(
    'UNAVAILABLE',
    `A gateway of this socket directory is running already, as process ${lock.heldBy}`,
    { suggestion: "'pilotty serve --show-token' prints its address, 'pilotty serve --stop' ends it." },
  );
}

function findProcess(pid: number): ProcessFacts | undefined {
  if (process.platform === 'linux') return readProc(pid);
  try {
    return readPs(pid, execFileSync('ps', psArguments(pid), { encoding: 'utf8' }));
  } catch {
    // ps exits 1 when it finds no such process.
    return undefined;
  }
}
