/**
 * One request on its way through the daemon: the last argument of every handler. It ends early
 * when its client goes away or cancels it, and carries what the handler may say before its answer.
 */

import { type ClientIdentity, UNNAMED } from './client-identity.ts';

/** How long something is worth doing: until a deadline has passed, or the answer is no longer wanted. */
export interface Until {
  readonly signal: AbortSignal;
  /** Right also where the event loop was busy and the signal is late; costs no signal. */
  readonly isOver: boolean;
  /** Calls back once it is over, at once where it is, until the function it returns is called; costs no signal. */
  whenOver(listener: () => void): () => void;
}

/** For what is typed although no client may wait any more. */
export const NEVER: { readonly signal: AbortSignal } = { signal: new AbortController().signal };

/** Aborting without a reason makes a DOMException with its stack, which costs more than most requests. */
const ENDED = 'ended';

/** The part of a call that a connection keeps: ends what is no longer waited for. */
export class Cancellation implements Until {
  #controller: AbortController | undefined;
  #listeners: Set<() => void> | undefined;
  #isCancelled = false;

  get isOver(): boolean {
    return this.#isCancelled;
  }

  /** Made when first asked for: most requests are answered without one, and it costs as much as parsing a request. */
  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.#isCancelled) this.#controller.abort(ENDED);
    return this.#controller.signal;
  }

  whenOver(listener: () => void): () => void {
    if (this.#isCancelled) {
      listener();
      return () => {};
    }
    this.#listeners ??= new Set();
    this.#listeners.add(listener);
    return () => this.#listeners?.delete(listener);
  }

  cancel(): void {
    if (this.#isCancelled) return;
    this.#isCancelled = true;
    this.#controller?.abort(ENDED);
    for (const listener of [...(this.#listeners ?? [])]) listener();
    this.#listeners = undefined;
  }
}

/** Who has asked, as far as a request needs to know. */
export interface Caller {
  /** It has left; right also where that was not reported yet. */
  isGone(): boolean;
  /** Undefined: the daemon itself. */
  readonly client?: ClientIdentity | undefined;
  /** Sends a part of the answer; resolves when the caller can take more. */
  emit(event: unknown): Promise<void>;
  /** Resolves when the caller can take more. */
  ready(): Promise<void>;
}

/** A request as its handler knows it: over when the answer is no longer wanted. */
export class Call implements Until {
  /** One of many that were asked for at once: none of their sessions is preferred afterwards. */
  readonly isBroadcast: boolean;
  /** What is to be asked of another daemon to go on with it; it, or what it returns, is undefined where that cannot be. */
  continuation: (() => { method: string; params: unknown } | undefined) | undefined;
  readonly #caller: Caller;
  readonly #cancellation: Cancellation;

  /** @param cancellation ends it */
  constructor(caller: Caller, cancellation: Cancellation, isBroadcast = false) {
    this.#caller = caller;
    this.#cancellation = cancellation;
    this.isBroadcast = isBroadcast;
  }

  /** The same call, for each of the requests that it asks for at once. */
  asBroadcast(): Call {
    return new Call(this.#caller, this.#cancellation, true);
  }

  /** Who asks. */
  get client(): ClientIdentity {
    return this.#caller.client ?? UNNAMED;
  }

  get signal(): AbortSignal {
    return this.#cancellation.signal;
  }

  get isOver(): boolean {
    return this.#cancellation.isOver || this.#caller.isGone();
  }

  whenOver(listener: () => void): () => void {
    return this.#cancellation.whenOver(listener);
  }

  /** Sends a part of the answer; resolves when the client can take more. */
  emit(event: unknown): Promise<void> {
    return this.#caller.emit(event);
  }

  /** Resolves when the client can take more. */
  ready(): Promise<void> {
    return this.#caller.ready();
  }
}

/** A call with a deadline of its own. `close` in a finally: it drops the timer and the listener. */
export class Deadline implements Until {
  readonly #call: Call;
  readonly #timeoutMs: number;
  readonly #startedAt = performance.now();
  readonly #cancellation = new Cancellation();
  #timer: NodeJS.Timeout | undefined;
  #leaveCall: (() => void) | undefined;

  constructor(call: Call, timeoutMs: number) {
    this.#call = call;
    this.#timeoutMs = timeoutMs;
  }

  /** Aborted when time is over, or the call is. */
  get signal(): AbortSignal {
    this.#watch();
    return this.#cancellation.signal;
  }

  whenOver(listener: () => void): () => void {
    this.#watch();
    return this.#cancellation.whenOver(listener);
  }

  get elapsedMs(): number {
    return performance.now() - this.#startedAt;
  }

  get isOver(): boolean {
    return this.#call.isOver || this.elapsedMs >= this.#timeoutMs;
  }

  close(): void {
    if (this.#timer === undefined) return;
    clearTimeout(this.#timer);
    this.#leaveCall?.();
    this.#cancellation.cancel();
  }

  /** The timer starts when the first caller wants to be notified: most deadlines are met before that. */
  #watch(): void {
    if (this.#timer !== undefined) return;
    const end = () => this.#cancellation.cancel();
    // In whole milliseconds, because Node keeps one list of timers for each.
    this.#timer = setTimeout(end, Math.ceil(Math.max(0, this.#timeoutMs - this.elapsedMs)));
    this.#leaveCall = this.#call.whenOver(end);
  }
}
