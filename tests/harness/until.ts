/** Waiting for a condition instead of for a time. */
import { setTimeout as delay } from 'node:timers/promises';

const POLL_MS = 15;
/** Generous on purpose: on a busy machine a deadline must only end what would never have come. */
const DEADLINE_MS = 20_000;

/**
 * Asks until the answer is neither undefined nor false, and returns it.
 * @param what completes the sentence 'waited for …'
 * @param lastSeen says what there was instead, for the error
 */
export async function until<T>(
  what: string,
  ask: () => T | Promise<T>,
  options: { deadlineMs?: number; lastSeen?: () => string } = {},
): Promise<Exclude<T, undefined | false>> {
  const { deadlineMs = DEADLINE_MS, lastSeen } = options;
  const start = performance.now();
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer as Exclude<T, undefined | false>;
    if (performance.now() - start > deadlineMs) {
      const instead = lastSeen === undefined ? '' : `\nlast seen: ${lastSeen()}`;
      throw new Error(`waited ${deadlineMs / 1000} s for ${what}${instead}`);
    }
    await delay(POLL_MS);
  }
}
