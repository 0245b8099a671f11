/** What is drawn in quick succession, to be recorded as one event. */

/** Output that comes closer together is one event. */
const JOIN_WITHIN_MS = 10;
const JOIN_BYTES = 64 * 1024;

export class JoinedOutput {
  readonly #record: (bytes: Uint8Array, atMs: number) => void;
  #pieces: Uint8Array[] = [];
  #bytes = 0;
  /** When the first of them was drawn. */
  #atMs = 0;
  #timer: NodeJS.Timeout | undefined;

  /** @param record gets all of it at once, with when it began to be drawn, in milliseconds of the recording */
  constructor(record: (bytes: Uint8Array, atMs: number) => void) {
    this.#record = record;
  }

  /** @param now milliseconds of the recording; asked for once an event */
  add(piece: Uint8Array, now: () => number): void {
    if (this.#pieces.length === 0) {
      this.#atMs = now();
      this.#timer = setTimeout(() => this.flush(), JOIN_WITHIN_MS);
    }
    this.#pieces.push(piece);
    this.#bytes += piece.length;
    if (this.#bytes >= JOIN_BYTES) this.flush();
  }

  /** What has been drawn becomes an event. */
  flush(): void {
    const pieces = this.#pieces;
    this.drop();
    if (pieces.length > 0)
      this.#record(pieces.length === 1 ? (pieces[0] as Uint8Array) : Buffer.concat(pieces), this.#atMs);
  }

  /** It is not recorded. */
  drop(): void {
    clearTimeout(this.#timer);
    this.#pieces = [];
    this.#bytes = 0;
  }
}
