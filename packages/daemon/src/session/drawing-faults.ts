/** What of a session's output could not be drawn, for the daemon's log. */
import type { Fault } from '@pilotty/terminal';
import type { Log } from '../log.ts';

/** A program that met one fault meets it again with every frame: each kind is logged once, and no more than these. */
const MAX_KINDS = 20;

/** @returns what a session's screen reports to */
export function logFaults(log: Log, session: { id: string; name: string }): (fault: Fault) => void {
  const known = new Set<string>();
  return ({ sequence, error }) => {
    if (known.has(sequence) || known.size >= MAX_KINDS) return;
    known.add(sequence);
    log.error(
      { session: session.name, session_id: session.id, sequence, err: error },
      'a sequence of the program was not drawn; the rest of its output was',
    );
  };
}
