/** Acts send their input one after the other, so that what two clients send at once does not interleave. */
import type { Until } from '../call.ts';
import type { Acts } from '../input/input-history.ts';
import type { LookedAt } from './how-to-look.ts';
import { inputTimedOut } from './input-timed-out.ts';
import type { SessionReference } from './reference.ts';
import type { Run } from './run.ts';

interface Typed extends LookedAt {
  readonly reference: SessionReference;
  readonly acts: Acts;
  readonly run: Run;
}

export class InputTurns {
  readonly #session: Typed;

  constructor(session: Typed) {
    this.#session = session;
  }

  /**
   * Waits until no other act sends input.
   * @returns the function that lets the next act send; undefined when `until` ended first
   */
  async take(until?: Until): Promise<(() => void) | undefined> {
    const release = await this.#session.run.inputLock.acquire(until);
    return release && this.#openAct(release);
  }

  /** As take(), where no other act sends input; undefined where one does, or `until` has ended. */
  takeFree(until?: Until): (() => void) | undefined {
    const release = this.#session.run.inputLock.acquireFree(until);
    return release && this.#openAct(release);
  }

  /**
   * Runs `input` while no other act sends any.
   * @throws RequestError TIMEOUT, with nothing sent, when `until` ended before that
   */
  async during<T>(input: () => Promise<T>, until?: Until): Promise<T> {
    const release = await this.take(until);
    if (release === undefined) throw inputTimedOut(this.#session);
    try {
      return await input();
    } finally {
      release();
    }
  }

  #openAct(release: () => void): () => void {
    const { acts, run } = this.#session;
    acts.open();
    return () => {
      if (run === this.#session.run) acts.close();
      release();
    };
  }
}
