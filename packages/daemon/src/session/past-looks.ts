/** How a screen looked at revisions that clients have seen, to answer what changed since. */
import { BoundedMap } from '@pilotty/protocol';
import { lookOf, type PastLook, type Screen } from '@pilotty/terminal';

/** Eight bytes a row each. Who is further behind gets the whole screen. */
const KEPT = 64;

export class PastLooks {
  readonly #looks = new BoundedMap<number, PastLook>(KEPT);

  remember(revision: number, screen: Screen): void {
    if (this.#looks.has(revision)) return;
    this.#looks.set(revision, lookOf(screen));
  }

  find(revision: number): PastLook | undefined {
    return this.#looks.get(revision);
  }
}
