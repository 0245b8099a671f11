/**
 * Work that stops the process for milliseconds, one piece a turn of the event loop, in the order in which it was asked
 * for. Between two pieces the event loop serves what has arrived, so many pieces at once delay nothing else.
 */
export class OneATurn {
  readonly #waiting: (() => void)[] = [];
  readonly #defer: (next: () => void) => void;
  #isTaken = false;

  /** @param defer calls after the events that are there have been served */
  constructor(defer: (next: () => void) => void = setImmediate) {
    this.#defer = defer;
  }

  /** At once when no piece was done in this turn. Rejects with what `piece` throws. */
  run<T>(piece: () => T): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#waiting.push(() => {
        try {
          resolve(piece());
        } catch (error) {
          reject(error);
        }
      });
      if (!this.#isTaken) this.#next();
    });
  }

  #next(): void {
    const piece = this.#waiting.shift();
    this.#isTaken = piece !== undefined;
    if (piece === undefined) return;
    this.#defer(() => this.#next());
    piece();
  }
}
