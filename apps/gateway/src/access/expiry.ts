/**
 * When something ceases to be valid: at a time of day, and never later than after the time that it had left when this
 * process learned of it, so that nothing is valid longer because the clock is set back.
 */
export class Expiry {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly #endsAt: number;

  constructor(at: number) {
    this.at = at;
    this.#endsAt = performance.now() + at - Date.now();
  }

  /** 0 or less: it is over. */
  get leftMs(): number {
    return Math.min(this.at - Date.now(), this.#endsAt - performance.now());
  }

  get isOver(): boolean {
    return this.leftMs <= 0;
  }
}
