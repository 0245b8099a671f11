/**
 * Lines of a recording, each with its newline: the header, then events in the order of their time.
 *
 * https://docs.asciinema.org/manual/asciicast/v3/ and /v2/. Version 3 counts each time from the event before; times are
 * rounded before they are subtracted, so that the sum does not drift.
 */
import type { CastFormat, CastHeader } from './cast.ts';

export class CastWriter {
  readonly #format: CastFormat;
  #lastMs = 0;

  /** @param lastMs of the event before, where a file is gone on with */
  constructor(format: CastFormat, lastMs = 0) {
    this.#format = format;
    this.#lastMs = lastMs;
  }

  /** Time of the last event. */
  get lastMs(): number {
    return this.#lastMs;
  }

  header({ cols, rows, term, timestamp, command, title }: CastHeader): string {
    const head =
      this.#format === 'v3'
        ? { version: 3, term: { cols, rows, type: term }, timestamp, command, title }
        : { version: 2, width: cols, height: rows, timestamp, command, title, env: { TERM: term } };
    return `${JSON.stringify(head)}\n`;
  }

  /** An event is never earlier than the one before it. */
  event(timeMs: number, code: string, data: string): string {
    const now = Math.max(Math.round(timeMs), this.#lastMs);
    const time = this.#format === 'v3' ? now - this.#lastMs : now;
    this.#lastMs = now;
    return `[${(time / 1000).toFixed(3)}, ${JSON.stringify(code)}, ${JSON.stringify(data)}]\n`;
  }
}
