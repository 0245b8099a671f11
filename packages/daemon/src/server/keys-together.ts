/**
 * Of the requests that a client has sent along, those that press keys in one session, one after the other: they are held
 * until another comes, or none, and then answered together. Held or not, requests begin in the order they came.
 */
import type { ReceivedRequest, RequestId } from '@pilotty/protocol';

/** Longer, and the last waits for its answer too long. */
const MOST_TOGETHER = 64;

export interface HeldKeys {
  id: RequestId;
  request: ReceivedRequest;
  bytes: number;
}

export class KeysTogether {
  #held: HeldKeys[] = [];
  #session: unknown;

  get isEmpty(): boolean {
    return this.#held.length === 0;
  }

  get isFull(): boolean {
    return this.#held.length >= MOST_TOGETHER;
  }

  /** Whether a request may be held, with those that are. */
  takes({ method, params }: ReceivedRequest): boolean {
    if (method !== 'session.key') return false;
    const { session, keys } = params as { session?: unknown; keys?: unknown };
    if (typeof session !== 'string' || typeof keys !== 'string' || Object.keys(params).length !== 2)
      return false;
    return this.isEmpty || session === this.#session;
  }

  hold(held: HeldKeys): void {
    this.#session = (held.request.params as { session?: unknown }).session;
    this.#held.push(held);
  }

  /** Those that were held, which are not any more. */
  release(): HeldKeys[] {
    const held = this.#held;
    this.#held = [];
    return held;
  }
}
