/** Ends a session that has lived, or been idle, as long as its spawn allowed. */
import type { Session } from './session.ts';

/** Between TERM and KILL. */
const GRACE_MS = 2000;

export function limitLifetime(
  session: Session,
  limits: { ttlMs?: number | undefined; idleTtlMs?: number | undefined },
): void {
  const { ttlMs, idleTtlMs } = limits;
  const timers = new Set<NodeJS.Timeout>();
  const end = () => void session.kill('SIGTERM', GRACE_MS, 'lifetime');
  const after = (ms: number, then: () => void) => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      then();
    }, ms);
    timers.add(timer);
  };
  const lookForIdleness = (allowedMs: number) => {
    const leftMs = allowedMs - session.idleMs;
    if (leftMs <= 0) end();
    else after(Math.ceil(leftMs), () => lookForIdleness(allowedMs));
  };
  if (ttlMs !== undefined) after(ttlMs, end);
  if (idleTtlMs !== undefined) lookForIdleness(idleTtlMs);
  void session.exited.then(() => {
    for (const timer of timers) clearTimeout(timer);
  });
}
