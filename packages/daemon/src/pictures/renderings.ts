/**
 * Renders screens in slices, so that none holds up the daemon: most are done in their first one, at once. What
 * takes longer goes on one at a time, the oldest first, for a few milliseconds between which others are served;
 * and not before its client has read what it was sent before.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { MAX_MESSAGE_BYTES } from '@pilotty/protocol';

/** Longer, and a request to another session feels it. */
const SLICE_MS = 4;

/** Each step is a row or the like; it says how long the answer is so far, at least, in characters. */
export type Steps<T> = Generator<number, T>;

/** The session that a screen is of, or what stands for it. */
export interface Rendered {
  readonly times: { readonly drawn: number };
  /** Until the function it returns is called, nothing is drawn on it, unless it is resized. */
  pauseDrawing(): () => void;
}

export interface RenderingOptions {
  /** What is thrown when the answer gets longer than a message may be. */
  tooLong: () => Error;
  /** Resolves when the client can take more. */
  ready: () => Promise<void>;
}

export class Renderings {
  readonly #waiting: (() => void)[] = [];
  #isBusy = false;

  /** What `begin` renders of the screen as it is; nothing is drawn on it meanwhile, or it begins again. */
  render<T>(rendered: Rendered, begin: () => Steps<T>, options: RenderingOptions): T | Promise<T> {
    // Short ones wait for none that is long.
    const done = slice(begin(), options);
    return done ? done.value : this.#inTurn(rendered, begin, options);
  }

  async #inTurn<T>(rendered: Rendered, begin: () => Steps<T>, options: RenderingOptions): Promise<T> {
    await this.#enter();
    try {
      await options.ready();
      return await this.#inSlices(rendered, begin, options);
    } finally {
      this.#leave();
    }
  }

  async #inSlices<T>(rendered: Rendered, begin: () => Steps<T>, options: RenderingOptions): Promise<T> {
    const goOn = rendered.pauseDrawing();
    try {
      for (;;) {
        // A resize draws all the same.
        const { drawn } = rendered.times;
        const steps = begin();
        while (rendered.times.drawn === drawn) {
          const done = slice(steps, options);
          if (done) return done.value;
          await nextTurn();
        }
      }
    } finally {
      goOn();
    }
  }

  async #enter(): Promise<void> {
    if (this.#isBusy) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#isBusy = true;
  }

  #leave(): void {
    const next = this.#waiting.shift();
    if (next) next();
    else this.#isBusy = false;
  }
}

/** @returns the result, if it is there before the time of a slice is over. */
function slice<T>(steps: Steps<T>, { tooLong }: RenderingOptions): { value: T } | undefined {
  const end = performance.now() + SLICE_MS;
  do {
    const { done, value } = steps.next();
    if (done) return { value };
    if (value > MAX_MESSAGE_BYTES) throw tooLong();
  } while (performance.now() < end);
  return undefined;
}
