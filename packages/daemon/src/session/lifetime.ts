/** Ends a session whose program has lived, or been idle, as long as its spawn allowed, or whose owner is gone. */
import { lookAfter } from '../after-reading.ts';
import type { Owner, OwnerWatch } from '../processes/owner-watch.ts';
import type { EndReason } from './ending.ts';
import type { Session } from './session.ts';

/** Between TERM and KILL. */
const GRACE_MS = 2000;

export interface LifetimeLimits {
  ttlMs?: number | undefined;
  idleTtlMs?: number | undefined;
  owner?: Owner | undefined;
}

/** Of the program that runs now. */
export function limitLifetime(session: Session, limits: LifetimeLimits, owners: OwnerWatch): void {
  const { ttlMs, idleTtlMs, owner } = limits;
  const timers = new Set<NodeJS.Timeout>();
  const end = (because: EndReason) => void session.kill('SIGTERM', GRACE_MS, because);
  const after = (ms: number, then: () => void) => {
    const timer = lookAfter(ms, () => {
      if (timers.delete(timer)) then();
    });
    timers.add(timer);
  };
  const lookForIdleness = (allowedMs: number) => {
    const leftMs = allowedMs - session.times.idleMs;
    if (leftMs <= 0) end('idle_ttl');
    else after(Math.ceil(leftMs), () => lookForIdleness(allowedMs));
  };
  // It may have been started by the daemon before this one.
  if (ttlMs !== undefined) after(Math.max(0, Math.ceil(ttlMs - session.times.ageMs)), () => end('ttl'));
  if (idleTtlMs !== undefined) lookForIdleness(idleTtlMs);
  const leaveOwner = owner && owners.watch(owner, () => end('owner_gone'));
  void session.programEnded.then(() => {
    for (const timer of timers) clearTimeout(timer);
    timers.clear();
    leaveOwner?.();
  });
}
