/**
 * One request on its way through the daemon: the last argument of every handler. It ends early
 * when its client goes away or cancels it, and carries what the handler may say before its answer.
 */
export interface Call {
  /** Aborted when nobody wants the answer any more. */
  readonly signal: AbortSignal;
  /** Sends a part of the answer; resolves when the client can take more. */
  emit(event: unknown): Promise<void>;
}

/** What a deadline or a cancellation ends. `close` in a finally: it drops the timer and the listeners. */
export class Deadline {
  readonly signal: AbortSignal;
  readonly #controller = new AbortController();
  readonly #timer: NodeJS.Timeout;
  readonly #startedAt = performance.now();
  #passed = false;

  constructor(call: Call, timeoutMs: number) {
    this.signal = AbortSignal.any([call.signal, this.#controller.signal]);
    this.#timer = setTimeout(() => {
      this.#passed = true;
      this.#controller.abort();
    }, timeoutMs);
  }

  /** Whether time ran out (and not the client's patience). */
  get passed(): boolean {
    return this.#passed;
  }

  get elapsedMs(): number {
    return performance.now() - this.#startedAt;
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#controller.abort();
  }
}
