/** Ends what runs of a project and is not in its file any more. */
import type { Client } from '@pilotty/client';
import { STOP_GRACE_MS, type UpResult } from './up.ts';

/** @returns what `up` has answered, with those that have ended as `removed` */
export async function endOrphans(client: Client, result: UpResult): Promise<UpResult> {
  const ended = result.orphans.map(({ session_id }) =>
    client.request('session.kill', { session: session_id, grace_ms: STOP_GRACE_MS }),
  );
  const answers = await Promise.all(ended);
  const isEnded = (_: unknown, index: number) => answers[index]?.results[0]?.ok === true;
  const removed = result.orphans.filter(isEnded);
  return { ...result, orphans: result.orphans.filter((orphan) => !removed.includes(orphan)), removed };
}
