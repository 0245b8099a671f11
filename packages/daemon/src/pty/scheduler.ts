/**
 * Parses the output of all sessions, in turn and in small pieces.
 *
 * Parsing is the daemon's only long work. A turn parses for a few milliseconds at most, one piece a
 * session, and then lets the event loop serve sockets before the next; so a session that floods
 * delays neither a request nor another session. One that throws delays no other.
 */

import type { LongWork } from '../long-work.ts';

export interface Parsing {
  /** Name of its session. */
  readonly name?: string | undefined;
  /** Parses one piece of what waits. @returns whether more waits. */
  parsePiece(): boolean;
}

/** Longer, and a request to a quiet session feels the floods; shorter, and turns cost more than they parse. */
const TURN_MS = 4;

export interface SchedulerOptions {
  /** Receives what was thrown; that session is scheduled again when it asks to be. */
  failed?: (error: unknown) => void;
  /** Times each piece, and notes those that take long. */
  longWork?: LongWork;
  /** Called when a turn begins. */
  began?: () => void;
  now?: () => number;
  /** Calls after the events that are there have been served. */
  defer?: (turn: () => void) => void;
}

export class Scheduler {
  readonly #waiting = new Set<Parsing>();
  readonly #failed: (error: unknown) => void;
  readonly #longWork: LongWork | undefined;
  readonly #began: () => void;
  readonly #now: () => number;
  readonly #defer: (turn: () => void) => void;
  #isDeferred = false;

  constructor({
    failed = () => {},
    longWork,
    began = () => {},
    now,
    defer = setImmediate,
  }: SchedulerOptions = {}) {
    this.#failed = failed;
    this.#longWork = longWork;
    this.#began = began;
    this.#now = now ?? (() => performance.now());
    this.#defer = defer;
  }

  /** `parsing` has something to parse. */
  request(parsing: Parsing): void {
    this.#waiting.add(parsing);
    this.#deferTurn();
  }

  remove(parsing: Parsing): void {
    this.#waiting.delete(parsing);
  }

  #deferTurn(): void {
    if (this.#isDeferred) return;
    this.#isDeferred = true;
    this.#defer(() => this.#turn());
  }

  #turn(): void {
    this.#isDeferred = false;
    this.#began();
    const end = this.#now() + TURN_MS;
    for (const parsing of this.#waiting) {
      this.#waiting.delete(parsing);
      // Re-inserted at the end of the set: first come, first served, across turns too.
      if (this.#parse(parsing)) this.#waiting.add(parsing);
      if (this.#now() >= end) break;
    }
    if (this.#waiting.size > 0) this.#deferTurn();
  }

  #parse(parsing: Parsing): boolean {
    const began = this.#longWork?.began() ?? 0;
    try {
      return parsing.parsePiece();
    } catch (error) {
      this.#failed(error);
      return false;
    } finally {
      this.#longWork?.ended(began, () => ({ work: 'drawing output', session: parsing.name }));
    }
  }
}
