/**
 * One request on its way through the daemon: the last argument of every handler. It ends early
 * when its client goes away or cancels it, and carries what the handler may say before its answer.
 */
export interface Call {
  /** Aborted when the answer is no longer wanted. */
  readonly signal: AbortSignal;
  /** One of many that were asked for at once: none of their sessions is preferred afterwards. */
  readonly isBroadcast?: boolean;
  /** Sends a part of the answer; resolves when the client can take more. */
  emit(event: unknown): Promise<void>;
  /** Resolves when the client can take more. */
  ready(): Promise<void>;
}

/** How long something is worth doing: until a deadline has passed, or the answer is no longer wanted. */
export interface Until {
  readonly signal: AbortSignal;
  /** Right also where the event loop was busy and the signal is late. */
  readonly isOver: boolean;
}

/** How long something is worth doing: until a deadline has passed, or the answer is no longer wanted. */
export interface Until {
  readonly signal: AbortSignal;
  /** Right also where the event loop was busy and the signal is late. */
  readonly isOver: boolean;
}

/** Aborting without a reason makes a DOMException with its stack, which costs more than most requests. */
const ENDED = 'ended';

/** The part of a call that a connection keeps: ends what is no longer waited for. */
export class Cancellation {
  #controller: AbortController | undefined;
  #isCancelled = false;

  get isCancelled(): boolean {
    return this.#isCancelled;
  }

  /** Made when first asked for: most requests are answered at once, and never ask. */
  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.#isCancelled) this.#controller.abort(ENDED);
    return this.#controller.signal;
  }

  cancel(): void {
    this.#isCancelled = true;
    this.#controller?.abort(ENDED);
  }
}

/** A call with a deadline of its own. `close` in a finally: it drops the timer and the listener. */
export class Deadline implements Until {
  readonly #call: Call;
  readonly #timeoutMs: number;
  readonly #startedAt = performance.now();
  readonly #cancellation = new Cancellation();
  readonly #end = () => this.#cancellation.cancel();
  #timer: NodeJS.Timeout | undefined;

  constructor(call: Call, timeoutMs: number) {
    this.#call = call;
    this.#timeoutMs = timeoutMs;
  }

  /** Aborted when time is over, or the call is. */
  get signal(): AbortSignal {
    if (this.#timer === undefined) {
      this.#timer = setTimeout(this.#end, Math.max(0, this.#timeoutMs - this.elapsedMs));
      this.#call.signal.addEventListener('abort', this.#end);
      if (this.#call.signal.aborted) this.#end();
    }
    return this.#cancellation.signal;
  }

  get elapsedMs(): number {
    return performance.now() - this.#startedAt;
  }

  get isOver(): boolean {
    return this.elapsedMs >= this.#timeoutMs || this.#call.signal.aborted;
  }

  close(): void {
    if (this.#timer === undefined) return;
    clearTimeout(this.#timer);
    this.#call.signal.removeEventListener('abort', this.#end);
    this.#end();
  }
}
