/** Conditions that hold as long as nothing changes: a rule reports them when they become so, and not while they stay so. */
import { msAfter } from '../moment.ts';
import type { Session } from '../session/session.ts';
import type { Awaited } from '../waiting/condition.ts';

/** Of the others each time has a moment of its own. */
const LASTING: ReadonlySet<string> = new Set([
  'gone',
  'gone_regex',
  'settle',
  'prompt',
  'reads',
  'password',
  'cursor',
]);

/** @returns those that last, with these; undefined while there is none: most rules never have one */
export function withLasting(
  lasting: Set<string> | undefined,
  each: readonly string[],
): Set<string> | undefined {
  let all = lasting;
  for (const one of each) if (LASTING.has(kindOf(one))) all = (all ?? new Set()).add(one);
  return all;
}

/** @param one see ConditionSet.heldEach */
export function kindOf(one: string): string {
  return one.split(' ', 1)[0] ?? one;
}

/**
 * @param one a condition that holds, see ConditionSet.heldEach
 * @param after the moment from which what happens is news
 * @param lasting what was reported, and was not seen to have ended
 */
export function isOld(
  one: string,
  session: Session,
  { idle_ms: idleMs = 0 }: Awaited,
  after: number,
  lasting: ReadonlySet<string> | undefined,
): boolean {
  switch (one) {
    case 'title':
      return (session.signals.title ?? 0) <= after;
    case 'exit':
      return (session.run.ending.moment ?? Number.POSITIVE_INFINITY) <= after;
    case 'idle':
      return msAfter(session.times.activity, idleMs) <= after;
    case 'prompt':
      // Those that a shell marks have a moment each.
      if (session.commands.isAtPrompt) return (session.commands.promptAt ?? 0) <= after;
      return lasting?.has(one) === true;
    default:
      return lasting?.has(one) === true;
  }
}
