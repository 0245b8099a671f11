/**
 * Whether the program of a session is started again when it has ended: by a client that has asked for it, or by the
 * session's restart policy. Until then the session is not exited, however its program has ended.
 */
import type { Exit } from '@pilotty/protocol';
import { msAfter, msSince, nextMoment } from '../moment.ts';
import type { SessionReference } from './reference.ts';
import { PolicyRestarts, type PolicyRestartsState, type RestartPolicy } from './restart-policy.ts';
import { restartingError } from './restarted-error.ts';
import type { Restarting } from './session-event.ts';

/** A restart that has begun. */
export interface Restart {
  /** The session was not exited when it began. */
  readonly wasRunning: boolean;
  /** By the restart policy, which waits; a client's restart may take its place. */
  readonly due?: Due;
  /** Goes on where this one comes to nothing. */
  readonly insteadOf?: Restart | undefined;
}

/** When the next program is to be started. */
interface Due {
  /** Since 1970, as it is announced. */
  readonly atMs: number;
  /** The same as a moment: it comes no later where the clock is set back. */
  readonly moment: number;
}

interface Restarted {
  readonly reference: SessionReference;
  /** Its last program has ended, and all of it is drawn. */
  readonly hasNoProgram: boolean;
}

interface RestartsListener {
  tell(event: Restarting): void;
  /** The session is exited. */
  exited(): void;
}

/** `due` where the program has ended and is to be started again. */
export type RestartsState = PolicyRestartsState & { due?: Due | undefined };

export class Restarts {
  /** Undefined where the session has no restart policy. */
  readonly policy: PolicyRestarts | undefined;
  readonly #session: Restarted;
  readonly #listener: RestartsListener;
  #begun: Restart | undefined;

  constructor(session: Restarted, policy: RestartPolicy | undefined, listener: RestartsListener) {
    this.#session = session;
    this.policy = policy && new PolicyRestarts(policy);
    this.#listener = listener;
  }

  /** The last program has ended, and the next has not been started. */
  get isBetweenPrograms(): boolean {
    return this.#begun?.wasRunning === true && this.#session.hasNoProgram;
  }

  /** A client's is under way. */
  get isByClient(): boolean {
    return this.#begun !== undefined && this.#begun.due === undefined;
  }

  /** When the restart policy starts the program again, which has ended. */
  get nextStartAt(): Date | undefined {
    const due = this.#begun?.due;
    return due && new Date(due.atMs);
  }

  /** The same from now on. */
  get nextStartInMs(): number | undefined {
    const due = this.#begun?.due;
    return due && Math.max(0, -msSince(due.moment));
  }

  /** Whether this one was not given up. */
  isUnderWay(restart: Restart): boolean {
    return restart === this.#begun;
  }

  /**
   * A client's: to be followed by Session.startAgain(), once the program has ended, or by giveUp(). Takes the place of a
   * start that the restart policy waits for.
   * @throws RequestError UNAVAILABLE when another client is restarting it
   */
  begin(): Restart {
    if (this.isByClient) throw restartingError(this.#session.reference);
    const wasRunning = !this.#session.hasNoProgram || this.isBetweenPrograms;
    this.#begun = { wasRunning, insteadOf: this.#begun };
    return this.#begun;
  }

  /** The next program runs. */
  started(): void {
    this.#begun = undefined;
  }

  /**
   * It is not started again by that: the restart policy waits on where it did before, and else, where the program has
   * ended, the session is exited. Idempotent.
   */
  giveUp(restart: Restart): void {
    if (restart !== this.#begun) return;
    if (restart.insteadOf) this.#begun = restart.insteadOf;
    else this.end();
  }

  /** It is not started again: where the program has ended, the session is exited. */
  end(): void {
    const isOver = this.isBetweenPrograms;
    this.#begun = undefined;
    if (isOver) this.#listener.exited();
  }

  /**
   * The program has ended: where nobody restarts it, the restart policy may.
   * @param ranMs how long it ran
   */
  programEnded(exit: Exit | undefined, ranMs: number): void {
    if (!this.isBetweenPrograms) this.#wait(exit, ranMs);
  }

  /** The restart policy could not start it: it tries again, or the session is exited. */
  failed(restart: Restart, exit: Exit | undefined): void {
    if (restart !== this.#begun) return;
    this.#begun = undefined;
    this.#wait(exit, 0);
    if (!this.isBetweenPrograms) this.#listener.exited();
  }

  /** Where the restart policy says so. */
  #wait(exit: Exit | undefined, ranMs: number): void {
    const { policy } = this;
    if (exit === undefined || policy === undefined) return;
    const delayMs = policy.delayAfter(exit, ranMs);
    if (delayMs === undefined) return;
    const due = { atMs: Date.now() + delayMs, moment: msAfter(nextMoment(), delayMs) };
    this.#begun = { wasRunning: true, due };
    this.#listener.tell({ type: 'restarting', exit, delayMs, inARow: policy.inARow });
  }

  get state(): RestartsState | undefined {
    return this.policy && { ...this.policy.state, due: this.#begun?.due };
  }

  adopt(state: RestartsState | undefined): void {
    if (state === undefined) return;
    this.policy?.adopt(state);
    const { due } = state;
    if (due) this.#begun = { wasRunning: true, due };
  }
}
