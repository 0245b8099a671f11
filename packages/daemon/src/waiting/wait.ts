/**
 * The one way to wait on a session: a condition is asked when the wait begins, after each event of
 * the session, and when it says that time alone may make it true. Nothing is polled.
 */

import type { Exit } from '@pilotty/protocol';
import { lookAfter } from '../after-reading.ts';
import type { Match } from '../search/line-search.ts';
import type { Session } from '../session/session.ts';
import { type Announcing, until } from '../until.ts';
import { type Affected, askersOf } from './askers.ts';

/** What a condition of a request says when it holds. */
export interface Holding {
  /** The moment since which it does, as far as that is known: not later than it could be noticed. */
  since: number;
  match?: Match;
  /** How the program ended, where that was waited for: the session may run another by now. */
  exit?: Exit | undefined;
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
 * @param deadline says when to give up; asked for only when there is something to wait for
 * @param affected after output was drawn, whether that can have changed what the condition answers
 * @returns what it answered; undefined when it was given up, or the session exited and the
 *   condition, asked once more on the last screen, still did not hold
 */
export function waitUntil<T>(
  session: Session,
  condition: () => Answer<T>,
  deadline: { readonly signal: AbortSignal },
  affected: () => Affected = () => 'yes',
): Promise<T | undefined> {
  const answer = waitUntilNow(session, condition, deadline, affected);
  return answer instanceof Promise ? answer : Promise.resolve(answer);
}

/** As waitUntil(), without a promise where it is decided now. */
export function waitUntilNow<T>(
  session: Session,
  condition: () => Answer<T>,
  deadline: { readonly signal: AbortSignal },
  affected: () => Affected = () => 'yes',
): T | undefined | Promise<T | undefined> {
  const ask = (): Answer<T> => (session.isHalfDrawn && !session.isExited ? {} : condition());
  const first = ask();
  if ('holds' in first) return first.holds;
  if (session.isExited && !first.goOn) return undefined;
  return keepAsking(session, ask, first, deadline.signal, affected);
}

async function keepAsking<T>(
  session: Session,
  ask: () => Answer<T>,
  first: NotYet,
  signal: AbortSignal,
  affected: () => Affected,
): Promise<T | undefined> {
  let answer = first as Answer<T>;
  let timer: NodeJS.Timeout | undefined;
  let goingOn: Promise<unknown> | undefined;
  /** It was not asked after all that was drawn, see Askers. */
  let isLate = false;
  let askAgain = () => {};
  const asking: Announcing = {
    watch(listener) {
      askAgain = () => {
        isLate = false;
        // To ask may mean to read what has come; where it holds after that, it was asked and decided meanwhile.
        const now = ask();
        if (!('holds' in answer)) answer = now;
        listener();
      };
      const leave = askersOf(session).add({
        ask: () => askAgain(),
        affected: () => {
          const is = affected();
          if (is !== 'yes') isLate = true;
          return is;
        },
      });
      return () => {
        askAgain = () => {};
        clearTimeout(timer);
        leave();
      };
    },
  };
  // Whatever happens meanwhile, it is asked once more when it can go on.
  const goOn = (when: Promise<unknown>) => {
    if (goingOn === when) return;
    goingOn = when;
    void when.then(() => {
      if (goingOn === when) goingOn = undefined;
      askAgain();
    });
  };
  const isDecided = () => {
    clearTimeout(timer);
    if ('holds' in answer) return true;
    if (answer.goOn !== undefined) goOn(answer.goOn);
    else if (session.isExited) return true;
    else if (answer.askAgainInMs !== undefined)
      timer = lookAfter(Math.ceil(answer.askAgainInMs), () => askAgain());
    return false;
  };
  await until(asking, isDecided, { signal });
  clearTimeout(timer);
  if (isLate && !('holds' in answer)) answer = ask();
  return 'holds' in answer ? answer.holds : undefined;
}
