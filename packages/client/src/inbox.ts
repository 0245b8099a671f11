/**
 * Handles what a connection receives, one thing after the other. While one takes time, such as an event whose listener
 * returns a promise, the connection is not read, and what was read already waits here.
 */
import type { Transport } from './transport.ts';

type Work = () => void | Promise<void>;

export class Inbox {
  readonly #transport: () => Pick<Transport, 'pause' | 'resume'> | undefined;
  readonly #waiting: Work[] = [];
  #isBusy = false;

  constructor(transport: () => Pick<Transport, 'pause' | 'resume'> | undefined) {
    this.#transport = transport;
  }

  get isBusy(): boolean {
    return this.#isBusy;
  }

  push(work: Work): void {
    this.#waiting.push(work);
    if (!this.#isBusy) this.#work();
  }

  #work(): void {
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      const busy = next();
      if (busy === undefined) continue;
      this.#isBusy = true;
      this.#transport()?.pause();
      void busy.then(() => {
        this.#isBusy = false;
        this.#transport()?.resume();
        this.#work();
      });
      return;
    }
  }
}
