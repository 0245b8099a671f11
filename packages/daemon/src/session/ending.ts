/** How one session ends: who ended it, when its program was reaped, and how that ended. */
import type { Exit } from '@pilotty/protocol';
import { nextMoment } from '../moment.ts';
import type { PtyExit } from '../pty/pty.ts';

/** Why a session was ended, where its program did not end by itself. */
export type EndReason = NonNullable<Exit['ended_because']>;

export interface EndingState {
  reaped: PtyExit | undefined;
  /** Since 1970. */
  atMs: number | undefined;
  moment: number | undefined;
  killedByClient: boolean;
  because: EndReason | undefined;
}

export class Ending {
  /** Set when the program has ended and all of its output was read. */
  reaped: PtyExit | undefined;
  #at: Date | undefined;
  #moment: number | undefined;
  #killedByClient = false;
  #because: EndReason | undefined;

  get state(): EndingState {
    return {
      reaped: this.reaped,
      atMs: this.#at?.getTime(),
      moment: this.#moment,
      killedByClient: this.#killedByClient,
      because: this.#because,
    };
  }

  adopt({ reaped, atMs, moment, killedByClient, because }: EndingState): void {
    this.reaped = reaped;
    this.#at = atMs === undefined ? undefined : new Date(atMs);
    this.#moment = moment;
    this.#killedByClient = killedByClient;
    this.#because = because;
  }

  /** Its program is to end, and has not. */
  get isWanted(): boolean {
    return this.#because !== undefined && this.#at === undefined;
  }

  /** The session is being ended; the first reason is the one that is told. */
  wanted(because: EndReason): void {
    this.#killedByClient ||= because === 'client';
    this.#because ??= because;
  }

  /** All is drawn: the session is exited, unless its program is started again. */
  over(): void {
    this.#at = new Date();
    this.#moment = nextMoment();
  }

  get at(): Date | undefined {
    return this.#at;
  }

  /** When that was, as a moment. */
  get moment(): number | undefined {
    return this.#moment;
  }

  /** How the program ended; undefined before all is drawn. */
  get exit(): Exit | undefined {
    if (!this.reaped || !this.#at) return undefined;
    const { exitCode, signal, outputComplete } = this.reaped;
    return {
      exit_code: exitCode,
      signal,
      success: exitCode === 0,
      killed_by_client: this.#killedByClient,
      ...(this.#because && { ended_because: this.#because }),
      lifetime_over: this.#because !== undefined && this.#because !== 'client',
      output_complete: outputComplete,
    };
  }
}
