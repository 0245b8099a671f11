/** How the programs of a session ended that were started again since, for those who wait for the end of one. */
import type { Ending } from './ending.ts';

/** A wait is told of each when it happens; more of them matter only to one that goes on from an old cursor. */
const KEPT = 16;

export class PastEnds {
  readonly #ends: Ending[] = [];
  #count = 0;

  /** How often the program has been started again. */
  get count(): number {
    return this.#count;
  }

  add(ending: Ending): void {
    this.#count += 1;
    this.#ends.push(ending);
    if (this.#ends.length > KEPT) this.#ends.shift();
  }

  /** The first after this moment, as far as they are kept. */
  firstAfter(moment: number): Ending | undefined {
    return this.#ends.find((ending) => (ending.moment ?? 0) > moment);
  }
}
