/** Who is called after each event of one session. What a listener throws is reported, and the others are called all the same. */

/** A listener that throws at every event would fill the log. */
const MAX_FAULTS_TOLD = 10;

export class Listeners<Event> {
  readonly #listeners = new Set<(event: Event) => void>();
  /** The same, for as long as none is added or leaves: those that do while they are called have no part in that event. */
  #all: readonly ((event: Event) => void)[] | undefined;
  readonly #failed: (error: unknown) => void;
  #faults = 0;

  constructor(failed: (error: unknown) => void) {
    this.#failed = failed;
  }

  /** Calls `listener` after each event, until the function it returns is called. */
  add(listener: (event: Event) => void): () => void {
    this.#listeners.add(listener);
    this.#all = undefined;
    return () => {
      this.#listeners.delete(listener);
      this.#all = undefined;
    };
  }

  tell(event: Event): void {
    this.#all ??= [...this.#listeners];
    for (const listener of this.#all) {
      try {
        listener(event);
      } catch (error) {
        // The listeners after it are still called, above all for the end.
        this.fault(error);
      }
    }
  }

  /** Something of the session threw. */
  fault(error: unknown): void {
    this.#faults += 1;
    if (this.#faults <= MAX_FAULTS_TOLD) this.#failed(error);
  }
}
