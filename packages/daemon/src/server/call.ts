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
  readonly #controller = new AbortController();
  readonly #call: Call;
  readonly #timer: NodeJS.Timeout;
  readonly #startedAt = performance.now();
  readonly #end = () => this.#controller.abort();

  constructor(call: Call, timeoutMs: number) {
    this.#call = call;
    this.#timer = setTimeout(this.#end, timeoutMs);
    call.signal.addEventListener('abort', this.#end);
    if (call.signal.aborted) this.#end();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  get elapsedMs(): number {
    return performance.now() - this.#startedAt;
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#call.signal.removeEventListener('abort', this.#end);
    this.#end();
  }
}
