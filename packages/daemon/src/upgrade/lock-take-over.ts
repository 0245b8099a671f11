/**
 * The lock of a directory, from the daemon that hands it over, which is alive: so no other process touches it meanwhile. It is
 * replaced in one step, and there is no moment without an owner.
 */
import fs from 'node:fs';
import { heldLock, type Lock, type LockOwner } from '@pilotty/protocol';
import { lockSystem } from '../processes/lock.ts';

/** What can fail is done here: `take` only renames a file, and `drop` leaves the lock as it is. */
export function prepareTakeOver(path: string): { take(): Lock; drop(): void } {
  const { self, nonce } = lockSystem();
  const owner: LockOwner = { pid: self.pid, startedAt: self.startedAt, nonce: nonce() };
  const own = `${path}.${owner.nonce}`;
  fs.writeFileSync(own, JSON.stringify(owner), { mode: 0o600, flag: 'wx' });
  return {
    take() {
      fs.renameSync(own, path);
      return heldLock(path, owner, fs);
    },
    drop: () => fs.rmSync(own, { force: true }),
  };
}
