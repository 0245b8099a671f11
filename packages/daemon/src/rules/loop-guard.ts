/**
 * Keeps rules from setting themselves off without end. Acts of rules, and of the commands that they run, are counted
 * for each session until another client acts on it, or nothing does for a while: a rule whose session has had too many of them
 * in a row does not fire. That ends every circle, also one over several rules and sessions; questions that a rule answers
 * one after the other are below the bound.
 */

/** A program that asks so often in a row is rare, and a circle is through with it within a second. */
const MAX_IN_A_ROW = 20;
/** A circle that takes longer for one round harms nobody. */
const FORGOTTEN_AFTER_MS = 60_000;

export interface ActsInARow {
  count: number;
  /** Since the last of them. */
  agoMs: number;
}

export class LoopGuard {
  readonly #now: () => number;
  readonly #acts = new WeakMap<object, { count: number; at: number; act: object }>();

  /** @param now a clock in milliseconds */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** A session has been sent input, as an act or a part of one. */
  inputSent(session: object, act: object, isOfRule: boolean): void {
    if (!isOfRule) this.#acts.delete(session);
    else if (this.#acts.get(session)?.act !== act)
      this.#acts.set(session, { count: this.#countOf(session) + 1, at: this.#now(), act });
  }

  /** For a daemon that goes on with the session; undefined where there is nothing to count on from. */
  stateOf(session: object): ActsInARow | undefined {
    const count = this.#countOf(session);
    const known = this.#acts.get(session);
    return known && count > 0 ? { count, agoMs: this.#now() - known.at } : undefined;
  }

  adopt(session: object, { count, agoMs }: ActsInARow): void {
    this.#acts.set(session, { count, at: this.#now() - agoMs, act: session });
  }

  /** Whether what happens in it may be the work of rules alone, again and again. */
  isLooping(session: object): boolean {
    return this.#countOf(session) >= MAX_IN_A_ROW;
  }

  #countOf(session: object): number {
    const known = this.#acts.get(session);
    return known === undefined || this.#now() - known.at > FORGOTTEN_AFTER_MS ? 0 : known.count;
  }
}
