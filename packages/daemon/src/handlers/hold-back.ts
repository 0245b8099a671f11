/**
 * A program that writes faster than its reader reads is held back, so that nothing is dropped before it was read: it is
 * read no further while more than a part of what may be retained waits for that reader.
 */
import { RequestError } from '@pilotty/protocol';
import type { Session } from '../session/session.ts';

const MOST_BEHIND_BYTES = 1024 * 1024;
/** Of what is retained; the rest is for what is read before a program waits, and at its end. */
const PART_BEHIND = 1 / 4;
const LEAST_RETAINED_BYTES = 1024 * 1024;

export class HoldBack {
  readonly #session: Session;
  readonly #readTo: () => number;
  readonly #mostBytes: number;
  readonly #unwatch: () => void;
  #release: (() => void) | undefined;

  /**
   * Until close().
   * @param readTo where in the output the reader is
   * @throws RequestError INVALID_INPUT where so little is retained that something may be dropped all the same
   */
  constructor(session: Session, readTo: () => number) {
    const { limit } = session.retention;
    if (limit < LEAST_RETAINED_BYTES) throw retainsTooLittle(session);
    this.#session = session;
    this.#readTo = readTo;
    this.#mostBytes = Math.min(MOST_BEHIND_BYTES, limit * PART_BEHIND);
    this.#unwatch = session.watch((event) => {
      if (event === 'output') this.look();
    });
    this.look();
  }

  /** The reader has read on, or there is more. */
  look(): void {
    const isBehind = this.#session.retention.totalBytes - this.#readTo() > this.#mostBytes;
    if (isBehind) this.#release ??= this.#session.holdReading();
    else this.#letGo();
  }

  close(): void {
    this.#unwatch();
    this.#letGo();
  }

  #letGo(): void {
    this.#release?.();
    this.#release = undefined;
  }
}

function retainsTooLittle({ name, retention }: Session): RequestError {
  return new RequestError(
    'INVALID_INPUT',
    `Session '${name}' retains ${retention.limit} bytes, too few for a reader that its program waits for`,
    { suggestion: `Start it with --retain-bytes ${LEAST_RETAINED_BYTES} or more.` },
  );
}
