/** What became of each request and how long it took, in the log at the level 'debug'. */
import { RequestError } from '@pilotty/protocol';
import type { Log } from '../log.ts';

export class RequestLog {
  /** undefined at other levels: requests are not timed then. */
  readonly #log: Log | undefined;

  constructor(log: Log) {
    this.#log = log.isLevelEnabled('debug') ? log : undefined;
  }

  /** @returns when the request began, for the one call that follows */
  began(): number {
    return this.#log === undefined ? 0 : performance.now();
  }

  answered(method: string, began: number): void {
    this.#log?.debug({ method, duration_ms: msSince(began) }, 'answered');
  }

  refused(method: string, began: number, error: unknown): void {
    const code = error instanceof RequestError ? error.code : 'INTERNAL_ERROR';
    this.#log?.debug({ method, code, duration_ms: msSince(began) }, 'refused');
  }
}

function msSince(began: number): number {
  return Math.round(performance.now() - began);
}
