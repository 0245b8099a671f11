/** What a session is doing, in the words and colours of the page. */
import type { Level } from './attention.ts';
import type { Exit, Session } from './session.ts';

export type State = 'asks' | 'failed' | 'finished' | 'working' | 'idle' | 'killed' | 'lost';

/** Programs that draw every few seconds are at work all the time, to a person. */
const WORKING_MS = 4_000;

export function stateOf(
  session: Pick<Session, 'state' | 'exit' | 'work_state'>,
  { level, isStill, quietMs }: { level: Level; isStill: boolean; quietMs: number },
): State {
  if (session.state === 'exited') return ofExit(session.exit);
  if (level === 'asks' || level === 'failed') return level;
  const { work_state: doing } = session;
  if (doing?.why === 'set' && (doing.name === 'working' || doing.name === 'idle')) return doing.name;
  if (!isStill || quietMs < WORKING_MS) return 'working';
  return level === 'finished' ? 'finished' : 'idle';
}

function ofExit(exit: Exit | undefined): State {
  if (exit === undefined) return 'lost';
  if (exit.killed_by_client) return 'killed';
  return exit.success ? 'finished' : 'failed';
}

export function exitInWords(exit: Exit | undefined): string {
  if (exit === undefined) return 'ended';
  if (exit.killed_by_client) return 'killed';
  if (exit.ended_because !== undefined) return LIFETIME_OVER[exit.ended_because];
  return exit.signal === null ? `exited with ${exit.exit_code}` : `ended by ${exit.signal}`;
}

const LIFETIME_OVER: Record<NonNullable<Exit['ended_because']>, string> = {
  client: 'ended',
  ttl: 'ended by its time limit',
  idle_ttl: 'ended, because it was idle',
  owner_gone: 'ended with its owner',
};
