/** The time of a recording as it is played: faster, and without its long pauses. */
export class Timeline {
  readonly #speed: number;
  readonly #idleLimitMs: number;
  #recordedMs = 0;
  #playedMs = 0;

  /** @param idleLimitMs longest pause, in time of the recording */
  constructor({
    speed = 1,
    idleLimitMs = Number.POSITIVE_INFINITY,
  }: { speed?: number; idleLimitMs?: number | undefined }) {
    this.#speed = speed;
    this.#idleLimitMs = idleLimitMs;
  }

  /** When what was recorded then is played; asked in the order of time. */
  at(recordedMs: number): number {
    this.#playedMs += Math.min(recordedMs - this.#recordedMs, this.#idleLimitMs) / this.#speed;
    this.#recordedMs = recordedMs;
    return this.#playedMs;
  }
}
