/** The time of day, as a user gives it; it stands still where that is set back. */
export class SessionClock {
  #lastMs = 0;

  /** Since 1970. */
  now(): number {
    this.#lastMs = Math.max(this.#lastMs, Date.now());
    return this.#lastMs;
  }

  /** By so long it was set back since it was last asked; until then, moments of the past cannot be told apart. */
  get setBackMs(): number {
    return Math.max(0, this.#lastMs - Date.now());
  }

  get lastMs(): number {
    return this.#lastMs;
  }

  adopt(lastMs: number): void {
    this.#lastMs = lastMs;
  }
}
