/**
 * A lock that is given in the order in which it was asked for: one act at a time sends input to a session, one past screen
 * at a time is drawn.
 *
 * One whose deadline passes, or whose client leaves, while it waits is removed from the queue at once and never gets the
 * lock: nothing of an act is sent then.
 */
import type { Until } from './call.ts';

type Release = () => void;

interface Waiter {
  until: Until | undefined;
  grant: (release: Release | undefined) => void;
}

export class TurnLock {
  readonly #waiting: Waiter[] = [];
  #isHeld = false;

  /** As acquire(), where it is free: most acts need not wait, and a promise is felt among many. */
  acquireFree(until?: Until): Release | undefined {
    return this.#isHeld || until?.isOver ? undefined : this.#take();
  }

  /** @returns the function that releases the lock, to be called once; undefined when `until` ended first */
  acquire(until?: Until): Promise<Release | undefined> {
    if (until?.isOver) return Promise.resolve(undefined);
    if (!this.#isHeld) return Promise.resolve(this.#take());
    return new Promise((resolve) => {
      let stopWatching: (() => void) | undefined;
      const waiter: Waiter = {
        until,
        grant: (release) => {
          stopWatching?.();
          resolve(release);
        },
      };
      this.#waiting.push(waiter);
      stopWatching = until?.whenOver(() => {
        this.#waiting.splice(this.#waiting.indexOf(waiter), 1);
        waiter.grant(undefined);
      });
    });
  }

  #take(): Release {
    this.#isHeld = true;
    let isReleased = false;
    return () => {
      if (isReleased) return;
      isReleased = true;
      this.#isHeld = false;
      this.#grantNext();
    };
  }

  /** A deadline may have passed before its timer could say so: what is over is not granted the lock. */
  #grantNext(): void {
    for (let next = this.#waiting.shift(); next; next = this.#waiting.shift()) {
      if (next.until?.isOver) {
        next.grant(undefined);
        continue;
      }
      next.grant(this.#take());
      return;
    }
  }
}
