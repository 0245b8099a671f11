/**
 * How sessions stood when a wait on many of them was answered, so that the next one, which is asked from the cursor of that
 * answer, can tell what is new.
 *
 * What became so before the cursor, and was noticed after it, would be news of neither: silence is noticed by a timer, a
 * prompt by a look, a text once it has been searched for. A session that was still waited for therefore goes on being waited for
 * from where that began, as long as the next wait is for the same.
 */
import { BoundedMap } from '@pilotty/protocol';
import { PastLines } from '@pilotty/terminal';
import type { Session } from '../session/session.ts';

/** Some kilobytes each. A client that returns later gets again what is still shown. */
const LOOKS_KEPT = 8;
/** Some hundred bytes each: for so many loops of clients over the same sessions. */
const OPEN_KEPT = 64;

/** From where a session is waited for. */
export interface From {
  /** Undefined where no cursor was given: from the beginning of the wait. */
  after: number | undefined;
  look: PastLines | undefined;
  /** The moment at which the wait began. */
  askedAt: number;
}

interface Open {
  /** For what it was waited. */
  conditions: string;
  from: From;
  /** Its text was not found in what it had printed: only what it prints later can be it. */
  isSearched: boolean;
}

export class Checkpoints {
  readonly #looks = new WeakMap<Session, BoundedMap<number, PastLines>>();
  readonly #open = new WeakMap<Session, BoundedMap<number, Open>>();

  /** An ended session does not change any more, and needs none. */
  keepLook(session: Session, cursor: number): void {
    if (!session.isExited) keep(this.#looks, LOOKS_KEPT, session, cursor, new PastLines(session.screen));
  }

  keepOpen(session: Session, cursor: number, open: Open): void {
    keep(this.#open, OPEN_KEPT, session, cursor, open);
  }

  /** @param askedAt when the wait that asks began */
  find(session: Session, cursor: number, conditions: string, askedAt: number): From {
    const look = this.#looks.get(session)?.get(cursor);
    const open = this.#open.get(session)?.get(cursor);
    if (open?.conditions === conditions) return open.isSearched ? { ...open.from, look } : open.from;
    return { after: session.times.newsAfter(cursor), look, askedAt };
  }
}

function keep<V>(
  kept: WeakMap<Session, BoundedMap<number, V>>,
  most: number,
  session: Session,
  cursor: number,
  value: V,
): void {
  const its = kept.get(session) ?? new BoundedMap<number, V>(most);
  kept.set(session, its);
  its.set(cursor, value);
}
