/** The conditions of one wait on one session: whether enough of them hold, which, and since when. */

import type { Exit } from '@pilotty/protocol';
import type { Match } from '../search/line-search.ts';
import type { Session } from '../session/session.ts';
import type { Affected } from './askers.ts';
import type { Anchor, Awaited, Condition, ConditionName } from './condition.ts';
import { conditionsNow, conditionsOf } from './conditions.ts';
import { type NotYet, sooner } from './wait.ts';

/** What the wait was for is so. */
export interface Held {
  names: ConditionName[];
  /** See ConditionSet.heldEach. */
  each: string[];
  /** The moment since which enough of them hold. */
  since: number;
  match: Match | undefined;
  /** As Holding. */
  exit: Exit | undefined;
}

export class ConditionSet {
  readonly #conditions: readonly Condition[];
  readonly #isAny: boolean;
  readonly #after: number;
  /** Those that held when they were last asked. */
  readonly #held = new Set<Condition>();

  /** @throws RequestError INVALID_INPUT for an expression that does not compile */
  static async of(session: Session, awaited: Awaited, anchor: Anchor = {}): Promise<ConditionSet> {
    return new ConditionSet(await conditionsOf(session, awaited, anchor), awaited.any, anchor.after ?? 0);
  }

  /** As of(), at once; undefined where something has to be loaded before. */
  static now(session: Session, awaited: Awaited, anchor: Anchor = {}): ConditionSet | undefined {
    const conditions = conditionsNow(session, awaited, anchor);
    return conditions && new ConditionSet(conditions, awaited.any, anchor.after ?? 0);
  }

  private constructor(conditions: readonly Condition[], isAny: boolean, after: number) {
    this.#conditions = conditions;
    this.#isAny = isAny;
    this.#after = after;
  }

  /** Of which all held when they were last asked; where any is enough, one. */
  get held(): ConditionName[] {
    return this.#names.filter((name) => this.#holds(name));
  }

  /** Each that held when it was last asked: the second of two for what is gone is 'gone 1'. */
  get heldEach(): string[] {
    return [...this.#held].map((condition) => {
      const index = this.#named(condition.name).indexOf(condition);
      return index === 0 ? condition.name : `${condition.name} ${index}`;
    });
  }

  get missing(): ConditionName[] {
    return this.#names.filter((name) => !this.#holds(name));
  }

  /** As it was asked for, with only those of its texts and expressions that did not hold when they were last asked. */
  left(awaited: Awaited): Awaited {
    const left = { ...awaited };
    for (const name of ['text', 'regex', 'gone', 'gone_regex'] as const) {
      if (awaited[name] === undefined) continue;
      const conditions = this.#named(name);
      left[name] = [awaited[name]]
        .flat()
        .filter((_, index) => !this.#held.has(conditions[index] as Condition));
    }
    return left;
  }

  get #names(): ConditionName[] {
    return [...new Set(this.#conditions.map(({ name }) => name))];
  }

  /** There may be several, such as two texts. */
  #named(name: ConditionName): Condition[] {
    return this.#conditions.filter((condition) => condition.name === name);
  }

  #holds(name: ConditionName): boolean {
    const conditions = this.#named(name);
    const isHeld = (condition: Condition) => this.#held.has(condition);
    return this.#isAny ? conditions.some(isHeld) : conditions.every(isHeld);
  }

  /** What became so no later than the anchor's moment does not count. */
  ask(): { holds: Held } | NotYet {
    let wait: NotYet = {};
    this.#held.clear();
    let match: Match | undefined;
    let exit: Exit | undefined;
    const sinces: number[] = [];
    for (const condition of this.#conditions) {
      const answer = condition.ask();
      if ('holds' in answer) {
        this.#held.add(condition);
        sinces.push(answer.holds.since);
        match ??= answer.holds.match;
        exit ??= answer.holds.exit;
      } else {
        wait = sooner(wait, answer);
      }
    }
    const since = Math.max(0, ...sinces);
    const isEnough = this.#isAny ? sinces.length > 0 : sinces.length === this.#conditions.length;
    return isEnough && since > this.#after
      ? { holds: { names: this.held, each: this.heldEach, since, match, exit } }
      : wait;
  }

  /** As Condition.affected(), of all together. */
  affected(): Affected {
    // Every one is asked, because each has to know up to where it is unaffected.
    const answers = this.#conditions.map(({ affected }) => affected?.() ?? 'yes');
    if (answers.includes('yes')) return 'yes';
    const isMissing = answers.includes('missing');
    // As long as one is missing, it does not matter whether the others hold.
    if (answers.includes('screen') && (this.#isAny || !isMissing)) return 'screen';
    return isMissing ? 'missing' : 'no';
  }

  /** A text or expression held when they were asked last. */
  get holdsText(): boolean {
    return [...this.#held].some(({ name }) => name === 'text' || name === 'regex');
  }

  /** No text or expression was there when they were asked last, whether it would have counted or not. */
  get foundNoText(): boolean {
    return this.#conditions.every(
      ({ name, foundNothing }) => (name !== 'text' && name !== 'regex') || foundNothing?.() === true,
    );
  }

  close(): void {
    for (const condition of this.#conditions) condition.close?.();
  }
}

/** One word for why a wait ended well. */
export function outcomeOf({ names }: Held, { any }: Awaited): 'matched' | 'settled' | 'idle' | 'exited' {
  if (names.includes('exit') && !any) return 'exited';
  if (names.some((name) => !['settle', 'idle', 'exit'].includes(name))) return 'matched';
  if (names.includes('exit')) return 'exited';
  return names.includes('settle') ? 'settled' : 'idle';
}
