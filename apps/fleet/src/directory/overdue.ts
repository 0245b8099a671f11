import type { KnownHost } from './bucket.ts';

/** One that has not written for so many beats is gone, or cut off. */
const MISSED_BEATS = 3;

/** The hosts that should have been heard of since, by the clock of NATS: against the one that was heard of last. */
export function overdue(hosts: readonly KnownHost[]): Set<string> {
  const latest = hosts.reduce((most, { lastSeen }) => Math.max(most, lastSeen.getTime()), 0);
  const late = hosts.filter(
    ({ record, lastSeen }) => latest - lastSeen.getTime() >= MISSED_BEATS * record.beat_ms,
  );
  return new Set(late.map(({ host }) => host));
}
