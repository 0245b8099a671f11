/**
 * A stream of parts as an async iterator: nothing is asked for before the first `next()`, no more than a bound is held,
 * and a loop that is left, an abort and the end of the client each end the request in the daemon.
 *
 * A slow reader holds the daemon back where the connection can; where it cannot (a WebSocket of a browser), the request
 * is ended when the bound is reached, and sent again from its cursor once the reader has caught up.
 */
import { asyncDispose } from './async-dispose.ts';
import { DaemonUnreachableError, HostUnreachableError } from './error-classes.ts';

/** Parts that are held for a reader. */
const MAX_HELD_PARTS = 16;
/** The same where the sender cannot be held back. */
const MAX_UNASKED_PARTS = 1024;

/** A gateway that restarts, or a host whose line was cut, is back within seconds. */
const RECONNECT_AFTER_MS = [100, 200, 400, 800, 1600, 3200];

const CUT = new Error('the reader is slow');

/** Hands a part over; resolves when there is room for another. */
export type Push<Part> = (part: Part) => Promise<void> | undefined;

export interface FollowSource<Part, Result> {
  /** One request, from where the last one was. */
  run(push: Push<Part>, signal: AbortSignal): Promise<Result>;
  /** Lets go of what the requests need. */
  close(): void;
  holdsBack: boolean;
  /** Sent again when the connection breaks, unless it was closed. */
  resumes: boolean;
  /** Aborted when there are no more connections. */
  closed: AbortSignal;
  /** Only what has been asked for is fetched. */
  onDemand?: boolean;
}

interface Waiting<Part> {
  resolve(result: IteratorResult<Part, undefined>): void;
  reject(reason: unknown): void;
}

/** The parts of an answer, as they come. Leave the loop, or call `return()`, to end it. */
export class Follow<Part, Result = unknown> implements AsyncIterableIterator<Part>, AsyncDisposable {
  /** What was answered at the end: with what was lost, if anything was. Undefined until then. */
  result: Result | undefined;

  readonly #source: FollowSource<Part, Result>;
  readonly #signal: AbortSignal | undefined;
  readonly #abort = () => this.#end(this.#signal?.reason, true);
  readonly #held: Part[] = [];
  readonly #waiting: Waiting<Part>[] = [];
  #request: AbortController | undefined;
  #state: 'new' | 'running' | 'ended' = 'new';
  #failure: { reason: unknown } | undefined;
  /** Called when there is room. */
  #room: (() => void) | undefined;
  #breaks = 0;
  /** Ends the pause before the next connection. */
  #goOn: (() => void) | undefined;

  /** @internal */
  constructor(source: FollowSource<Part, Result>, signal: AbortSignal | undefined) {
    this.#source = source;
    this.#signal = signal;
    if (signal?.aborted) this.#end(signal.reason, true);
    else signal?.addEventListener('abort', this.#abort, { once: true });
  }

  /** The next part; done at the end. Rejects with the error that ended the stream, or the reason of its signal. */
  next(): Promise<IteratorResult<Part, undefined>> {
    if (this.#state === 'new') {
      this.#state = 'running';
      void this.#run();
    }
    if (this.#held.length > 0) {
      const part = this.#held.shift() as Part;
      this.#makeRoom();
      return Promise.resolve({ done: false, value: part });
    }
    if (this.#state === 'ended') {
      const failure = this.#failure;
      this.#failure = undefined;
      return failure ? Promise.reject(failure.reason) : Promise.resolve({ done: true, value: undefined });
    }
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.#makeRoom();
    });
  }

  /** Ends the stream, here and in the daemon; what was not read is dropped. */
  async return(): Promise<IteratorResult<Part, undefined>> {
    this.#held.length = 0;
    this.#failure = undefined;
    this.#end(undefined, false);
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** As `return()`. */
  async [asyncDispose](): Promise<void> {
    await this.return();
  }

  async #run(): Promise<void> {
    while (this.#state !== 'ended') {
      const request = new AbortController();
      this.#request = request;
      try {
        this.result = await this.#source.run((part) => this.#push(part), request.signal);
        return this.#end(undefined, false);
      } catch (error) {
        if (error === CUT) await this.#untilRoom(0);
        else if (!(await this.#mayGoOn(error))) return this.#end(error, true);
      }
    }
  }

  async #mayGoOn(error: unknown): Promise<boolean> {
    const afterMs = RECONNECT_AFTER_MS[this.#breaks++];
    const { resumes, closed } = this.#source;
    if (!resumes || closed.aborted || !isOfConnection(error) || afterMs === undefined) return false;
    await new Promise<void>((resolve) => {
      const goOn = () => {
        clearTimeout(timer);
        closed.removeEventListener('abort', goOn);
        resolve();
      };
      const timer = setTimeout(goOn, afterMs);
      this.#goOn = goOn;
      closed.addEventListener('abort', goOn);
    });
    return true;
  }

  #push(part: Part): Promise<void> | undefined {
    if (this.#state === 'ended') return undefined;
    this.#breaks = 0;
    const waiting = this.#waiting.shift();
    if (waiting) waiting.resolve({ done: false, value: part });
    else this.#held.push(part);
    if (this.#source.onDemand) return this.#untilAsked();
    if (this.#source.holdsBack)
      return this.#held.length < MAX_HELD_PARTS ? undefined : this.#untilRoom(MAX_HELD_PARTS);
    if (this.#held.length >= MAX_UNASKED_PARTS) this.#request?.abort(CUT);
    return undefined;
  }

  async #untilAsked(): Promise<void> {
    while (this.#state !== 'ended' && this.#waiting.length === 0) await this.#change();
  }

  /** Until fewer parts than that are held, or none. */
  async #untilRoom(parts: number): Promise<void> {
    while (this.#state !== 'ended' && this.#held.length > 0 && this.#held.length >= parts)
      await this.#change();
  }

  #change(): Promise<void> {
    return new Promise((resolve) => {
      this.#room = resolve;
    });
  }

  #makeRoom(): void {
    const room = this.#room;
    this.#room = undefined;
    room?.();
  }

  #end(reason: unknown, isFailure: boolean): void {
    if (this.#state === 'ended') return;
    this.#state = 'ended';
    this.#signal?.removeEventListener('abort', this.#abort);
    this.#request?.abort(reason);
    this.#source.close();
    this.#goOn?.();
    this.#makeRoom();
    if (isFailure) this.#failure = { reason };
    for (const waiting of this.#waiting.splice(0)) {
      const failure = this.#failure;
      this.#failure = undefined;
      if (failure) waiting.reject(failure.reason);
      else waiting.resolve({ done: true, value: undefined });
    }
  }
}

/** That it broke, or that no other can be opened just now. */
function isOfConnection(error: unknown): boolean {
  return error instanceof DaemonUnreachableError || error instanceof HostUnreachableError;
}
