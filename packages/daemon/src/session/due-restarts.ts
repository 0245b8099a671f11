/**
 * The sessions whose program has ended and is to be started again by their restart policy: one timer each, from the end of
 * the program to its next start, to a client's restart, or to the end of the session.
 */
import type { Session } from './session.ts';

export class DueRestarts {
  readonly #timers = new Map<Session, NodeJS.Timeout>();
  readonly #start: (session: Session) => void;
  #isFrozen = false;

  /** @param start called when it is time */
  constructor(start: (session: Session) => void) {
    this.#start = start;
  }

  /** To be called once for each session with a policy. */
  follow(session: Session): void {
    session.watch((event) => {
      if (event === 'exited' || (typeof event === 'object' && event.type === 'restarted'))
        this.#clear(session);
      else if (typeof event === 'object' && event.type === 'restarting') this.look(session);
    });
    this.look(session);
  }

  /** Sets its timer, if it waits for its next start. */
  look(session: Session): void {
    const { nextStartInMs } = session.restarts;
    if (nextStartInMs === undefined || this.#isFrozen) return;
    this.#clear(session);
    const timer = setTimeout(() => {
      this.#timers.delete(session);
      this.#start(session);
    }, nextStartInMs);
    this.#timers.set(session, timer);
  }

  /** Nothing is started until thaw(). */
  freeze(): void {
    this.#isFrozen = true;
    for (const session of [...this.#timers.keys()]) this.#clear(session);
  }

  /** @param sessions that may have come to wait meanwhile */
  thaw(sessions: readonly Session[]): void {
    this.#isFrozen = false;
    for (const session of sessions) this.look(session);
  }

  #clear(session: Session): void {
    clearTimeout(this.#timers.get(session));
    this.#timers.delete(session);
  }
}
