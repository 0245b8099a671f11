/**
 * The one way to wait on a session: a condition is asked when the wait begins, after each event of
 * the session, and when it says that time alone may make it true. Nothing is polled.
 */
import type { Session } from '../session/session.ts';

/** What a condition answers when it is asked. */
export type Answer<T> = { holds: T } | NotYet;

export interface NotYet {
  /** When time alone may make it hold. */
  askAgainInMs?: number;
}

/**
 * Waits until `condition` holds.
 * @returns what it answered; undefined when `signal` aborted first, or the session exited and the
 *   condition, asked once more on the last screen, still did not hold
 */
export function waitUntil<T>(
  session: Session,
  condition: () => Answer<T>,
  signal: AbortSignal,
): Promise<T | undefined> {
  return new Promise((resolve) => {
    const watching = new AbortController();
    let timer: NodeJS.Timeout | undefined;
    const finish = (value: T | undefined) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', giveUp);
      watching.abort();
      resolve(value);
    };
    const giveUp = () => finish(undefined);
    const ask = () => {
      clearTimeout(timer);
      // A frame that is only half drawn is not looked at; its end is an event too.
      if (session.isHalfDrawn && !session.isExited) return;
      const answer = condition();
      if ('holds' in answer) return finish(answer.holds);
      if (session.isExited) return finish(undefined);
      if (answer.askAgainInMs !== undefined) timer = setTimeout(ask, Math.ceil(answer.askAgainInMs));
    };
    signal.addEventListener('abort', giveUp, { once: true });
    session.watch((event) => {
      if (event !== 'output') ask();
    }, watching.signal);
    ask();
    // An abort before this wait began fires no event any more.
    if (signal.aborted) giveUp();
  });
}
