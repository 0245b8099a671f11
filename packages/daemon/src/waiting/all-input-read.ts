/**
 * Whether a program has read all it was sent, and asks for more: while input waits for it in the terminal, a
 * program that reads does not sleep. What it printed before it went to sleep is read from the terminal first.
 */
import { timeToLook } from '../after-reading.ts';
import { hasNoReader, isForegroundAlone } from '../processes/foreground.ts';
import type { Session } from '../session/session.ts';
import { DELIVERED_MS } from './input-taken.ts';
import type { Answer } from './wait.ts';

/** No event announces that a program has begun to read: it is polled, often at first, then less often. */
const FIRST_LOOK_MS = 2;
const LAST_LOOK_MS = 100;

/**
 * A shell may wait for what computes its prompt, as fish does for git, much as it waits for input: where that cannot
 * be excluded it must have been still for so long.
 */
const DOUBTFUL_MS = 250;

/** To be asked where the screen, or the program's marks, say that it stands at a prompt. */
export function allInputRead(session: Session): () => Answer<true> {
  let seen: number | undefined;
  let lookMs = FIRST_LOOK_MS;
  return () => {
    if (session.isExited || session.acts.lastSeq === 0) return { holds: true };
    // A line that was sent off is answered, if only by the next prompt.
    if (session.parsedSeq <= (session.acts.last.submitted?.seq ?? 0)) return {};
    const deliveredInMs = DELIVERED_MS - session.times.inputIdleMs;
    if (deliveredInMs > 0) return { askAgainInMs: deliveredInMs };
    if (hasNoReader(session.pid)) {
      seen = undefined;
      lookMs = Math.min(LAST_LOOK_MS, 2 * lookMs);
      return { askAgainInMs: lookMs / 2 };
    }
    session.arrived.read();
    const uncertainMs = isPromptDrawn(session) ? 0 : DOUBTFUL_MS - session.times.stillMs;
    if (uncertainMs > 0) return { askAgainInMs: uncertainMs };
    // It reads and nothing has come since the look before: all it printed has been read and drawn.
    if (seen === session.seq && session.parsedSeq === session.seq) return { holds: true };
    seen = session.seq;
    lookMs = FIRST_LOOK_MS;
    return { goOn: timeToLook(1) };
  };
}

function isPromptDrawn({ screen, pid }: Session): boolean {
  return screen.textBeforeCursor.trim() !== '' && isForegroundAlone(pid);
}
