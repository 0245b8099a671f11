/** How a screen looked at revisions that somebody has seen, so that they can be told what changed since. */
import { lookOf, type PastLook, type Screen } from '@pilotty/terminal';

/** Eight bytes a row each. Who is further behind gets the whole screen. */
const KEPT = 64;

export class PastLooks {
  readonly #looks = new Map<number, PastLook>();

  remember(revision: number, screen: Screen): void {
    if (this.#looks.has(revision)) return;
    this.#looks.set(revision, lookOf(screen));
    const oldest = this.#looks.keys().next().value;
    if (this.#looks.size > KEPT && oldest !== undefined) this.#looks.delete(oldest);
  }

  find(revision: number): PastLook | undefined {
    return this.#looks.get(revision);
  }
}
