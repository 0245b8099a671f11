/**
 * Handles what a connection receives, one thing after the other. While one takes time, such as an event whose listener
 * returns a promise, the connection is not read, and what was read already waits here.
 */
import type { Transport } from './transport.ts';

export class Inbox<Received> {
  readonly #transport: () => Pick<Transport, 'pause' | 'resume'> | undefined;
  readonly #handle: (received: Received) => void | Promise<void>;
  readonly #waiting: Received[] = [];
  #isBusy = false;

  /** @param handle returns a promise where it takes time */
  constructor(
    transport: () => Pick<Transport, 'pause' | 'resume'> | undefined,
    handle: (received: Received) => void | Promise<void>,
  ) {
    this.#transport = transport;
    this.#handle = handle;
  }

  get isBusy(): boolean {
    return this.#isBusy;
  }

  push(received: Received): void {
    if (this.#isBusy) this.#waiting.push(received);
    else this.#take(received);
  }

  #take(received: Received): void {
    const busy = this.#handle(received);
    if (busy === undefined) return;
    this.#isBusy = true;
    this.#transport()?.pause();
    void busy.then(() => {
      this.#isBusy = false;
      this.#transport()?.resume();
      while (!this.#isBusy && this.#waiting.length > 0) this.#take(this.#waiting.shift() as Received);
    });
  }
}
