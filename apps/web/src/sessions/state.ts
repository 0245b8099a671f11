/** What a session is doing, in the words and colours of the page. */
import type { Exit } from './sessions.ts';

export type Activity = 'working' | 'idle' | 'waiting' | 'ended' | 'failed';

/** Output comes in bursts; between two a program is still at work. */
const WORKING_MS = 2_000;

export function activityOf(
  session: { state: 'running' | 'exited'; exit?: Exit | undefined },
  quietMs: number,
  isWaiting: boolean,
): Activity {
  if (session.state === 'exited') return session.exit?.success === false ? 'failed' : 'ended';
  if (isWaiting) return 'waiting';
  return quietMs < WORKING_MS ? 'working' : 'idle';
}

export function exitInWords(exit: Exit | undefined): string {
  if (exit === undefined) return 'ended';
  if (exit.killed_by_client) return 'killed';
  return exit.signal === null ? `exited with ${exit.exit_code}` : `ended by ${exit.signal}`;
}
