/** How the programs of a session ended that were started again since, for those who wait for the end of one. */
import { Ending, type EndingState } from './ending.ts';

/** A wait is told of each when it happens; more of them matter only to one that goes on from an old cursor. */
const KEPT = 16;

export class PastEnds {
  readonly #ends: Ending[] = [];
  #count = 0;

  get state(): { ends: EndingState[]; count: number } {
    return { ends: this.#ends.map(({ state }) => state), count: this.#count };
  }

  adopt({ ends, count }: { ends: readonly EndingState[]; count: number }): void {
    for (const state of ends) {
      const ending = new Ending();
      ending.adopt(state);
      this.#ends.push(ending);
    }
    this.#count = count;
  }

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
