/**
 * Draws the output of all sessions, in turn and in small pieces.
 *
 * Parsing is the daemon's only long work. A turn draws for a few milliseconds at most, one piece a
 * session, and then lets the event loop serve sockets before the next; so a session that floods
 * delays neither a request nor another session.
 */

export interface Drawable {
  /** Draws one piece of what waits. @returns whether more waits. */
  drawPiece(): boolean;
}

/** Longer, and a request to a quiet session feels the floods; shorter, and turns cost more than they draw. */
const TURN_MS = 4;

export class Scheduler {
  readonly #waiting = new Set<Drawable>();
  #immediate: NodeJS.Immediate | undefined;

  /** `drawable` has something to draw. */
  request(drawable: Drawable): void {
    this.#waiting.add(drawable);
    this.#immediate ??= setImmediate(() => this.#turn());
  }

  remove(drawable: Drawable): void {
    this.#waiting.delete(drawable);
  }

  #turn(): void {
    this.#immediate = undefined;
    const end = performance.now() + TURN_MS;
    for (const drawable of this.#waiting) {
      this.#waiting.delete(drawable);
      // Re-inserted at the end of the set: first come, first served, across turns too.
      if (drawable.drawPiece()) this.#waiting.add(drawable);
      if (performance.now() >= end) break;
    }
    if (this.#waiting.size > 0) this.#immediate ??= setImmediate(() => this.#turn());
  }
}
