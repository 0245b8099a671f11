/**
 * Whose turn it is to run something: one at a time for each rule, so many for all. One that hangs keeps only its own rule
 * waiting, as long as fewer hang than may run.
 */

/** Each is some processes, and a terminal. */
const MAX_AT_ONCE = 32;
/** Of one rule; those that would wait behind them are refused. */
const MAX_WAITING = 16;

export class Turns {
  readonly #mostAtOnce: number;
  readonly #waiting = new Map<string, (() => void)[]>();
  /** Rules that run something. */
  readonly #running = new Set<string>();

  constructor(mostAtOnce = MAX_AT_ONCE) {
    this.#mostAtOnce = mostAtOnce;
  }

  get count(): number {
    return this.#running.size + this.#waiting.size;
  }

  /** @returns undefined, with nothing done, where too many wait already */
  async take<T>(rule: string, run: () => Promise<T>): Promise<T | undefined> {
    if (!this.#isFree(rule)) {
      const waiting = this.#waiting.get(rule) ?? [];
      if (waiting.length >= MAX_WAITING) return undefined;
      this.#waiting.set(rule, waiting);
      await new Promise<void>((resolve) => waiting.push(resolve));
    } else this.#running.add(rule);
    try {
      return await run();
    } finally {
      this.#running.delete(rule);
      this.#next();
    }
  }

  #isFree(rule: string): boolean {
    return !this.#running.has(rule) && !this.#waiting.has(rule) && this.#running.size < this.#mostAtOnce;
  }

  /** The rule that has waited longest. */
  #next(): void {
    for (const [rule, waiting] of this.#waiting) {
      if (this.#running.size >= this.#mostAtOnce) return;
      if (this.#running.has(rule)) continue;
      this.#waiting.delete(rule);
      const [first, ...others] = waiting;
      // Behind the other rules.
      if (others.length > 0) this.#waiting.set(rule, others);
      this.#running.add(rule);
      first?.();
    }
  }
}
