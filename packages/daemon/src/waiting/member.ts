/** One session of a wait on many: what its conditions answer, asked after each of its events and when time alone may change it. */
import type { ParsedParams } from '@pilotty/protocol';
import { lookAfter } from '../after-reading.ts';
import type { Session } from '../session/session.ts';
import type { SessionEvent } from '../session/session-event.ts';
import type { From } from './checkpoints.ts';
import { ConditionSet, type Held } from './condition-set.ts';
import type { NotYet } from './wait.ts';

interface MemberOptions {
  awaited: ParsedParams<'sessions.wait'>;
  from: From;
  /** Silence before this moment does not count. */
  idleFrom: number | undefined;
  /** It is ready now, or may be: it holds, or the session has ended. */
  changed: () => void;
}

export class Member {
  readonly session: Session;
  readonly from: From;
  readonly #awaited: MemberOptions['awaited'];
  readonly #changed: () => void;
  readonly #conditions: ConditionSet;
  /** What the conditions answered after the last thing that happened to it. */
  #last: ReturnType<ConditionSet['ask']> | NotYet = {};
  #timer: NodeJS.Timeout | undefined;
  /** It printed, and no timer asks when that is over. */
  #isLeftUnasked = false;
  #goingOn: Promise<unknown> | undefined;
  #isClosed = false;

  /** Its patterns are loaded. It is to be asked once. */
  constructor(session: Session, { awaited, from, idleFrom, changed }: MemberOptions) {
    const anchor = { ...(from.after !== undefined && { after: from.after }), look: from.look, idleFrom };
    const conditions = ConditionSet.now(session, { ...awaited, asked_at: from.askedAt }, anchor);
    if (conditions === undefined) throw new Error('the patterns of a wait were not loaded');
    this.session = session;
    this.from = from;
    this.#awaited = awaited;
    this.#changed = changed;
    this.#conditions = conditions;
  }

  /** What is awaited is so; undefined while it is not. */
  get held(): Held | undefined {
    return 'holds' in this.#last ? this.#last.holds : undefined;
  }

  /** Not everything has been looked at. */
  get goesOn(): boolean {
    return 'goOn' in this.#last && this.#last.goOn !== undefined;
  }

  /** It is not ready, and may become so. */
  get isOpen(): boolean {
    if (this.session.isExited || this.held !== undefined) return false;
    return this.#awaited.any ? this.#conditions.held.length === 0 : this.#conditions.missing.length > 0;
  }

  /** Of its text nothing was found in all that is drawn. */
  get isSearched(): boolean {
    return !this.goesOn && !this.session.isHalfDrawn && !this.#conditions.holdsText;
  }

  happened(event: SessionEvent): void {
    if (event !== 'output') {
      const mayRest = event === 'drawn' && !this.session.isExited && !this.#isLeftUnasked;
      if (!mayRest || !this.#isUnaffected) this.ask();
    } else if (this.#awaited.idle_ms !== undefined) {
      // No longer idle, and asked once it is drawn: one that was idle for longer than it is asked about has no timer.
      this.#last = {};
      this.#isLeftUnasked = this.#timer === undefined;
    }
  }

  /** Something happened to the session, or time passed. */
  ask(): void {
    if (this.#isClosed) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#isLeftUnasked = false;
    const { session } = this;
    const answer = session.isHalfDrawn && !session.isExited ? {} : this.#conditions.ask();
    this.#last = answer;
    if ('holds' in answer || session.isExited) this.#changed();
    if ('holds' in answer || this.#isClosed) return;
    if (answer.goOn !== undefined) this.#goOn(answer.goOn);
    else if (answer.askAgainInMs !== undefined)
      this.#timer = lookAfter(Math.ceil(answer.askAgainInMs), () => this.ask());
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#conditions.close();
  }

  /** Whatever happens meanwhile, it is asked once more when it can go on. */
  #goOn(until: Promise<unknown>): void {
    if (this.#goingOn === until) return;
    this.#goingOn = until;
    void until.then(() => {
      if (this.#goingOn === until) this.#goingOn = undefined;
      this.ask();
    });
  }

  get #isUnaffected(): boolean {
    const affected = this.#conditions.affected();
    return affected === 'no' || affected === 'missing';
  }
}
