/** How sessions looked when a wait on many of them was answered, so that the next one can tell what is new. */
import { BoundedMap } from '@pilotty/protocol';
import { PastLines } from '@pilotty/terminal';
import type { Session } from '../session/session.ts';

/** Some kilobytes each. A client that returns later gets again what is still shown. */
const KEPT = 8;

export class Checkpoints {
  readonly #looks = new WeakMap<Session, BoundedMap<number, PastLines>>();

  /** An ended session does not change any more, and needs none. */
  keep(session: Session, cursor: number): void {
    if (session.isExited) return;
    const looks = this.#looks.get(session) ?? new BoundedMap<number, PastLines>(KEPT);
    this.#looks.set(session, looks);
    looks.set(cursor, new PastLines(session.screen));
  }

  find(session: Session, cursor: number): PastLines | undefined {
    return this.#looks.get(session)?.get(cursor);
  }
}
