/** Hosts that join a fleet while something is open about its sessions to come. */
import { setTimeout as delay } from 'node:timers/promises';
import type { KnownHost } from '../directory/bucket.ts';
import type { Hosts } from './hosts.ts';
import { selectedOn, toCome, type Which } from './selection.ts';

/** One small question to one host. */
const LOOK_MS = 1_000;

export interface SelectedHost {
  known: KnownHost;
  own: Which;
}

/**
 * Tells of each host that was not there before, once, with what is meant of it. Resolves when `signal` is aborted; at once where
 * no session to come is meant.
 */
export async function eachJoined(
  hosts: Hosts,
  which: Which,
  before: readonly SelectedHost[],
  joined: (host: SelectedHost) => void,
  signal: AbortSignal,
): Promise<void> {
  const meant = toCome(which);
  if (meant === undefined) return;
  const seen = new Set(before.map(({ known }) => known.host));
  let revision: number | undefined;
  for (;;) {
    await delay(LOOK_MS, undefined, { signal }).catch(() => {});
    if (signal.aborted) return;
    try {
      const now = await hosts.joins();
      if (now === revision) continue;
      for (const known of await hosts.known()) {
        if (signal.aborted) return;
        if (seen.has(known.host)) continue;
        seen.add(known.host);
        const own = selectedOn(known.host, meant);
        if (own !== undefined) joined({ known, own });
      }
      revision = now;
    } catch {
      // The directory cannot be read just now, and is asked again.
    }
  }
}
