/**
 * How many writes to files of recordings are under way at once. Node has four threads for files: a disk that does not
 * answer must not take those that start sessions.
 */
const MAX_WRITES = 2;

export class WriteTurns {
  #free = MAX_WRITES;
  readonly #waiting: (() => void)[] = [];

  async take<T>(write: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free -= 1;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      return await write();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#free += 1;
    }
  }
}
