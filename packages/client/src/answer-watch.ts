/**
 * Notices a daemon that has stopped answering, however long a request may take.
 *
 * Deadlines are the daemon's, so a request says nothing by being open for long. But a daemon that runs answers
 * `hello` at once, and it answers a ping while a request waits: when nothing was received for a while it is
 * sent one, and when that stays unanswered a connection of its own decides. (On this one the daemon may not
 * read, because too many requests are open or answers are not taken.)
 */

export interface Liveness {
  /** For the answer to `hello`, to a ping, and on another connection: each. */
  withinMs: number;
  /** Nothing received for so long while a request is open: then the daemon is pinged. */
  quietMs: number;
  /**
   * Whether the daemon answers on another connection.
   * @param until is aborted when that time is over, and when the answer is of no use any more: then it is false at once
   */
  answersElsewhere(until: AbortSignal): Promise<boolean>;
  /** What the requests are rejected with. */
  explain(): Promise<Error>;
}

/** The connection that is watched. */
export interface Watched {
  /** Something waits for the daemon, and what it says is being read. */
  isWaiting(): boolean;
  ping(): void;
  /** The daemon has not answered. */
  silent(reason: Error): void;
}

/** A process that was stopped itself, as by Ctrl+Z, sees its timers end before it reads what has come meanwhile. */
const READ_FIRST_MS = 100;

export class AnswerWatch {
  readonly #liveness: Liveness;
  readonly #watched: Watched;
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;
  #elsewhere: AbortController | undefined;
  /** Counts what was received. */
  #received = 0;
  /** Nothing is expected at this moment but what the request is about. */
  #isListening = false;

  constructor(liveness: Liveness, watched: Watched) {
    this.#liveness = liveness;
    this.#watched = watched;
  }

  /** `hello` was sent: it is answered at once, or not at all. */
  greeting(): void {
    this.#expect(() => void this.#timeOut());
  }

  /** Something came from the daemon. Costs next to nothing: a stream calls it for every line. */
  received(): void {
    this.#received++;
    if (!this.#isListening) this.#listen();
  }

  close(): void {
    this.#isClosed = true;
    this.#elsewhere?.abort();
    clearTimeout(this.#timer);
  }

  #listen(): void {
    this.#isListening = true;
    this.#elsewhere?.abort();
    const before = this.#received;
    this.#after(this.#liveness.quietMs, () => {
      if (this.#received !== before || !this.#watched.isWaiting()) {
        this.#listen();
        return;
      }
      this.#isListening = false;
      this.#watched.ping();
      this.#expect(() => void this.#lookElsewhere());
    });
  }

  /** Calls back when nothing is received within the time. */
  #expect(missed: () => void): void {
    const before = this.#received;
    this.#after(this.#liveness.withinMs, () => {
      this.#after(READ_FIRST_MS, () => {
        if (this.#received === before) missed();
      });
    });
  }

  async #lookElsewhere(): Promise<void> {
    const before = this.#received;
    const elsewhere = new AbortController();
    this.#elsewhere = elsewhere;
    this.#after(this.#liveness.withinMs, () => elsewhere.abort());
    const isAnswering = await this.#liveness.answersElsewhere(elsewhere.signal);
    if (this.#isClosed || this.#received !== before) return;
    if (isAnswering || !this.#watched.isWaiting()) this.#listen();
    else await this.#timeOut();
  }

  async #timeOut(): Promise<void> {
    const reason = await this.#liveness.explain();
    if (!this.#isClosed) this.#watched.silent(reason);
  }

  #after(ms: number, then: () => void): void {
    clearTimeout(this.#timer);
    if (this.#isClosed) return;
    this.#timer = setTimeout(then, ms);
    // A client that is not waited for keeps no process running.
    this.#timer.unref?.();
  }
}
