/** What keeps a rule from firing although its condition is met: its own interval, a circle, or too much at once. */
import type { Session } from '../session/session.ts';
import type { SessionStore } from '../session/session-store.ts';
import { Limiter } from './limiter.ts';
import { LoopGuard } from './loop-guard.ts';
import { RATE_OF_RULE, type RuleEntry } from './rule-entry.ts';

/** Of all rules: each may begin a process. */
const RATE_OF_ALL = { burst: 2_000, perSecond: 100 };

export class Restraint {
  readonly guard = new LoopGuard(() => performance.now());
  readonly #sessions: SessionStore;
  readonly #limiter = new Limiter(RATE_OF_ALL, () => performance.now());

  constructor(sessions: SessionStore) {
    this.#sessions = sessions;
  }

  /** Undefined where it may fire, which is counted; '' where that need not be said. */
  whyHeldBack({ record, limiter, firedAtMs }: RuleEntry, session: Session): string | undefined {
    const { repeat, every_ms, run, input } = record.declaration;
    if (repeat === 'once') return undefined;
    if (every_ms !== undefined && performance.now() - firedAtMs < every_ms) return '';
    if ((run ?? input) !== undefined && this.#isLooping(session, input?.session))
      return 'suppressed: rules set each other off, or themselves, again and again; input of another client ends that';
    if (!limiter.take()) return `suppressed: it fires more than ${RATE_OF_RULE.perSecond} times a second`;
    if (!this.#limiter.take())
      return `suppressed: rules fire more than ${RATE_OF_ALL.perSecond} times a second`;
    return undefined;
  }

  #isLooping(session: Session, target: string | undefined): boolean {
    const other = target === undefined ? undefined : this.#sessions.find(target);
    return this.guard.isLooping(session) || (other !== undefined && this.guard.isLooping(other));
  }
}
