/**
 * The one way to wait on a session: a condition is asked when the wait begins, after each event of
 * the session, and when it says that time alone may make it true. Nothing is polled.
 */
import type { Match } from '../search/line-search.ts';
import type { Session } from '../session/session.ts';

/** What a condition of a request says when it holds. */
export interface Holding {
  /** The moment since which it does, as far as that is known: not later than it could be noticed. */
  since: number;
  match?: Match;
}

/** What a condition answers when it is asked. */
export type Answer<T> = { holds: T } | NotYet;

export interface NotYet {
  /** When time alone may make it hold. */
  askAgainInMs?: number;
  /** It has not looked at everything yet; resolves when it can go on, others having been served. */
  goOn?: Promise<unknown>;
}

/** When to ask again where two were asked that do not hold yet. */
export function sooner(one: NotYet, other: NotYet): NotYet {
  const goOn = one.goOn ?? other.goOn;
  const times = [one.askAgainInMs, other.askAgainInMs].filter((ms) => ms !== undefined);
  return { ...(times.length > 0 && { askAgainInMs: Math.min(...times) }), ...(goOn && { goOn }) };
}

/**
 * Waits until `condition` holds. A frame that is only half drawn is not looked at; its end is an event too.
 * @param until says when to give up; asked for only when there is something to wait for
 * @returns what it answered; undefined when it was given up, or the session exited and the
 *   condition, asked once more on the last screen, still did not hold
 */
export function waitUntil<T>(
  session: Session,
  condition: () => Answer<T>,
  until: { readonly signal: AbortSignal },
): Promise<T | undefined> {
  const ask = (): Answer<T> => (session.isHalfDrawn && !session.isExited ? {} : condition());
  const first = ask();
  if ('holds' in first) return Promise.resolve(first.holds);
  if (session.isExited && !first.goOn) return Promise.resolve(undefined);
  return keepAsking(session, ask, first, until.signal);
}

function keepAsking<T>(
  session: Session,
  ask: () => Answer<T>,
  first: NotYet,
  signal: AbortSignal,
): Promise<T | undefined> {
  return new Promise((resolve) => {
    let timer: NodeJS.Timeout | undefined;
    let isDone = false;
    let goingOn: Promise<unknown> | undefined;
    const finish = (value: T | undefined) => {
      isDone = true;
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      unwatch();
      resolve(value);
    };
    const onAbort = () => finish(undefined);
    const consider = (answer: Answer<T>) => {
      clearTimeout(timer);
      if ('holds' in answer) finish(answer.holds);
      else if (answer.goOn !== undefined) goOn(answer.goOn);
      else if (session.isExited) finish(undefined);
      else if (answer.askAgainInMs !== undefined)
        timer = setTimeout(askAgain, Math.ceil(answer.askAgainInMs));
    };
    // Whatever happens meanwhile, it is asked once more when it can go on.
    const goOn = (until: Promise<unknown>) => {
      if (goingOn === until) return;
      goingOn = until;
      void until.then(() => {
        if (goingOn === until) goingOn = undefined;
        askAgain();
      });
    };
    const askAgain = () => {
      if (!isDone) consider(ask());
    };
    const unwatch = session.watch((event) => {
      if (event !== 'output') askAgain();
    });
    signal.addEventListener('abort', onAbort);
    consider(first);
    // An abort before this wait began fires no event any more.
    if (signal.aborted && !isDone) onAbort();
  });
}
