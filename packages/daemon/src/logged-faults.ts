/**
 * What has failed since the daemon's start, and it went on: whatever its log has at the level 'error' or above. How often,
 * and the last of it; daemon.info and doctor say both, the log has each.
 */

/** As pino numbers it. */
const ERROR_LEVEL = 50;

export interface FaultFacts {
  count: number;
  /** What the log says of the last, and the session that it was in. */
  last: string;
  occurred_at: string;
}

export class LoggedFaults {
  #facts: FaultFacts | undefined;

  /** Undefined where nothing has failed. */
  get facts(): FaultFacts | undefined {
    return this.#facts;
  }

  /** @param logged what is logged: facts and a message, or the message alone */
  note(level: number, logged: readonly unknown[]): void {
    if (level < ERROR_LEVEL) return;
    const [facts, message = facts] = logged;
    const { session, reason } = (typeof facts === 'object' ? (facts ?? {}) : {}) as Record<string, unknown>;
    const said = typeof reason === 'string' ? `${message}: ${reason}` : String(message);
    this.#facts = {
      count: (this.#facts?.count ?? 0) + 1,
      last: typeof session === 'string' ? `${said} (session '${session}')` : said,
      occurred_at: new Date().toISOString(),
    };
  }
}
