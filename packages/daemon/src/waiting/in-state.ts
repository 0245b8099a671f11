/** The condition `state`: what the program is doing. Its changes are events; what the kernel alone knows is polled. */
import type { WorkStateName } from '@pilotty/protocol';
import type { Session } from '../session/session.ts';
import { affectedByScreen } from './askers.ts';
import type { Condition } from './condition.ts';
import { ASK_READER_EVERY_MS } from './input-taken.ts';
import type { NotYet } from './wait.ts';
import { workStateOf } from './work-state.ts';

/** A look takes a millisecond or so, and a spinner draws all the time. */
const LOOK_EVERY_MS = 50;

export function isInState(session: Session, names: readonly WorkStateName[]): Condition {
  const work = workStateOf(session);
  let lookedAt = Number.NEGATIVE_INFINITY;
  const holding = () => {
    const { known } = work;
    return known !== undefined && names.includes(known.name) ? { holds: { since: known.since } } : undefined;
  };
  const look = (): NotYet => {
    const { askAgainInMs = Number.POSITIVE_INFINITY, dependsOnKernel, goOn } = work.judge();
    lookedAt = goOn === undefined ? performance.now() : Number.NEGATIVE_INFINITY;
    if (goOn !== undefined) return { goOn };
    const inMs = dependsOnKernel ? Math.min(askAgainInMs, ASK_READER_EVERY_MS) : askAgainInMs;
    return Number.isFinite(inMs) ? { askAgainInMs: Math.max(inMs, LOOK_EVERY_MS) } : {};
  };
  return {
    name: 'state',
    ask: () => {
      const leftMs = lookedAt + LOOK_EVERY_MS - performance.now();
      if (leftMs > 0 && !session.isExited)
        return (work.isFresh ? holding() : undefined) ?? { askAgainInMs: leftMs };
      const notYet = look();
      return notYet.goOn !== undefined ? notYet : (holding() ?? notYet);
    },
    affected: affectedByScreen(session),
  };
}
