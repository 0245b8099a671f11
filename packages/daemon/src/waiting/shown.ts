/** The conditions `text` and `regex`: what a session shows, or has shown since the last input. */
import { EDIT } from '../input/input-mark.ts';
import { hasLeftLine } from '../search/echo.ts';
import type { Finder } from '../search/finders.ts';
import { LineSearch } from '../search/line-search.ts';
import { PassedOutput } from '../search/passed-output.ts';
import { countsAfter, countsAfterLook } from '../search/since-input.ts';
import type { Session } from '../session/session.ts';
import { affectedByScreen } from './askers.ts';
import type { Anchor, Awaited, Condition } from './condition.ts';
import { inputTaken } from './input-taken.ts';
import { learnEcho } from './learn-echo.ts';
import { served } from './served.ts';
import { type Answer, type Holding, type NotYet, sooner } from './wait.ts';

const NOT_YET = {};

/**
 * The text stands on the screen, or has passed over it since the input; a line that only wrapped at the edge counts as
 * one. What stood there before counts once the program has taken the input; what was typed, and what stood above a
 * command when it was sent off, does not.
 */
export function shown(
  name: 'text' | 'regex',
  session: Session,
  finder: Finder,
  { new: onlyNew }: Awaited,
  { act, look, first = 0 }: Anchor,
): Condition {
  const input = act ?? session.acts.last;
  /** Text was skipped as an echo, and it is not known yet whether it is one: until that is learned, whatever comes meanwhile. */
  let isDoubtful = false;
  /** Old text was passed over, because the program has not taken the input yet. */
  let notTaken: NotYet = NOT_YET;
  /** See Condition.foundNothing(). */
  let foundNothing = false;
  const earlier = [...session.acts.sentLines];
  const echoMet = () => {
    isDoubtful = true;
  };
  const isSinceLook = look !== undefined && !onlyNew;
  const takes = inputTaken(session, input);
  const oldCounts = () => {
    if (onlyNew) return false;
    const isTaken = takes();
    if (!('holds' in isTaken)) notTaken = isTaken;
    return 'holds' in isTaken;
  };
  /** What stands where the input was sent may be the answer of a program that reads key by key. */
  const mayAnswerInPlace = () => input.typed.includes(EDIT) && !hasLeftLine(session.screen, input);
  const find = () => {
    const found = search.find();
    if (found !== undefined || input.isTaken || !mayAnswerInPlace()) return found;
    const isTaken = takes();
    if ('holds' in isTaken) return search.find();
    notTaken = isTaken;
    return undefined;
  };
  const counts = isSinceLook
    ? countsAfterLook(look, input, earlier, echoMet)
    : countsAfter(input, earlier, echoMet);
  // Before any input, all that the program has printed may be what is waited for.
  const from = isSinceLook ? Math.max(look.top, first) : (input.before?.top ?? session.screen.topLine);
  const newSearch = () => new LineSearch(session, finder, from, counts, oldCounts);
  let search = newSearch();
  let isClosed = false;
  /** Lines that have left the screen were passed over as echoes of the terminal: without one they may be answers. */
  const learn = async () => {
    await learnEcho(session, input);
    isDoubtful = false;
    if (input.isTerminalEcho || isClosed) return;
    search.close();
    search = newSearch();
  };
  const passed = isSinceLook ? undefined : PassedOutput.after(session, input, finder);
  let rest: Promise<void> | undefined;
  const findPassed = () => {
    const found = rest === undefined ? passed?.find() : 'more';
    if (found !== 'more') return found;
    rest ??= served().then(() => {
      rest = undefined;
    });
    return rest;
  };
  return {
    name,
    ask: () => {
      notTaken = NOT_YET;
      foundNothing = false;
      const found = find();
      if (found === 'more') return { goOn: served() };
      if (found !== undefined) return { holds: { since: session.times.drawn, match: found } };
      const before = findPassed();
      if (before instanceof Promise) return { goOn: before };
      if (before !== undefined) return { holds: { since: session.times.drawn, match: before } };
      if (isDoubtful) return { goOn: learn() };
      foundNothing = search.foundNothing;
      return notTaken;
    },
    affected: () => {
      const isSettled = !isDoubtful && rest === undefined && notTaken === NOT_YET;
      const isWaitingForAnswer = !input.isTaken && input.typed.includes(EDIT);
      return isSettled && !isWaitingForAnswer && search.isUnaffected() ? 'missing' : 'yes';
    },
    foundNothing: () => foundNothing,
    close: () => {
      isClosed = true;
      search.close();
    },
  };
}

/** One of two ways in which the same may be so: the other one shows on the screen. */
export function either(condition: Condition, other: () => Answer<Holding>, session: Session): Condition {
  const affectsOther = affectedByScreen(session);
  return {
    name: condition.name,
    affected: () => (condition.affected?.() === 'missing' ? affectsOther() : 'yes'),
    ...(condition.close && { close: condition.close }),
    ask: () => {
      const answer = condition.ask();
      if ('holds' in answer) return answer;
      const second = other();
      return 'holds' in second ? second : sooner(answer, second);
    },
  };
}
