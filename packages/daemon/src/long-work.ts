/**
 * Work that kept the daemon from everything else: it is logged with what it was, and daemon.info names the last. Timed
 * are the drawing of each session's output, with all who look at it then, and each request until it waits for the first
 * time. What a request does after a wait is not timed.
 */
import type { Log } from './log.ts';

/** What a person notices, and far more than any of it should take. */
const LONG_MS = 200;

export interface LongWorkFacts {
  /** How often since the daemon's start. */
  count: number;
  longest_ms: number;
  /** The last. */
  work: string;
  duration_ms: number;
  occurred_at: string;
}

export class LongWork {
  readonly #log: Pick<Log, 'warn'>;
  readonly #now: () => number;
  #facts: LongWorkFacts | undefined;
  /** Of what was noted, for work that it was a part of. */
  #notedMs = 0;

  constructor(log: Pick<Log, 'warn'>, now: () => number = () => performance.now()) {
    this.#log = log;
    this.#now = now;
  }

  /** Undefined where there was none. */
  get facts(): LongWorkFacts | undefined {
    return this.#facts;
  }

  /** @returns when it began, for the one call of `ended` that follows */
  began(): number {
    return this.#now() - this.#notedMs;
  }

  /** @param describe is called where it took long */
  ended(began: number, describe: () => { work: string; session?: string | undefined }): void {
    const tookMs = this.#now() - this.#notedMs - began;
    if (tookMs < LONG_MS) return;
    this.#notedMs += tookMs;
    const duration_ms = Math.round(tookMs);
    const { work, session } = describe();
    const { count = 0, longest_ms = 0 } = this.#facts ?? {};
    this.#facts = {
      count: count + 1,
      longest_ms: Math.max(longest_ms, duration_ms),
      work: session === undefined ? work : `${work} of '${session}'`,
      duration_ms,
      occurred_at: new Date().toISOString(),
    };
    this.#log.warn({ work, session, duration_ms }, 'the daemon did nothing else meanwhile');
  }
}
