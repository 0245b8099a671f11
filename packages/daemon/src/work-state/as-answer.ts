/** A known state as answers have it. */
import type { SessionSummary } from '@pilotty/protocol';
import type { KnownState } from '../session/work-record.ts';

type Answer = NonNullable<SessionSummary['work_state']>;

export function asAnswer(state: KnownState | undefined): { work_state?: Answer } {
  if (state === undefined) return {};
  const { name, why, text, since } = state;
  return {
    work_state: {
      name,
      began_at: new Date(Math.floor(since / 1000)).toISOString(),
      why,
      ...(text !== undefined && { text }),
    },
  };
}
