/**
 * Whether, and when, the program of a session is started again after it has ended by itself.
 *
 * A program that ends at once each time is started less and less often, and at last no more. One that has run for a while
 * is no such program: its count begins anew.
 */
import type { Exit } from '@pilotty/protocol';

export interface RestartPolicy {
  mode: 'on-failure' | 'always';
  /** Restarts in a row. */
  limit: number;
  delayMs: number;
  maxDelayMs: number;
}

export interface PolicyRestartsState {
  inARow: number;
  gaveUp: boolean;
}

/** A program that has run for so long has started well, as with Docker. */
const STABLE_MS = 10_000;

export class PolicyRestarts {
  readonly policy: RestartPolicy;
  #inARow = 0;
  #gaveUp = false;

  constructor(policy: RestartPolicy) {
    this.policy = policy;
  }

  get state(): PolicyRestartsState {
    return { inARow: this.#inARow, gaveUp: this.#gaveUp };
  }

  adopt({ inARow, gaveUp }: PolicyRestartsState): void {
    this.#inARow = inARow;
    this.#gaveUp = gaveUp;
  }

  get inARow(): number {
    return this.#inARow;
  }

  /** It has ended after as many restarts as it may have. */
  get gaveUp(): boolean {
    return this.#gaveUp;
  }

  /**
   * The program has ended.
   * @param ranMs how long it had run
   * @returns after how long it is started again; undefined where it is not
   */
  delayAfter(exit: Exit, ranMs: number): number | undefined {
    const { mode, limit, delayMs, maxDelayMs } = this.policy;
    // A client, or the end of its lifetime: then it is to be over.
    if (exit.ended_because !== undefined) return undefined;
    if (exit.success && mode === 'on-failure') return undefined;
    if (ranMs >= STABLE_MS) this.#inARow = 0;
    if (this.#inARow >= limit) {
      this.#gaveUp = true;
      return undefined;
    }
    const delay = Math.min(delayMs * 2 ** this.#inARow, maxDelayMs);
    this.#inARow += 1;
    return delay;
  }

  /** A client has started the program again. */
  startOver(): void {
    this.#inARow = 0;
    this.#gaveUp = false;
  }
}
