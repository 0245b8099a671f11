/** Output as it comes in parts: all of it up to a bound, and beyond that its beginning and its end. */
import { MAX_COLLECTED_BYTES } from '../limits.ts';

export class Collected {
  readonly #maxBytes: number;
  #beginning: Buffer[] = [];
  #beginningBytes = 0;
  #end: Buffer[] = [];
  #endBytes = 0;
  #droppedBytes = 0;

  constructor(maxBytes = MAX_COLLECTED_BYTES) {
    this.#maxBytes = maxBytes / 2;
  }

  add(bytes: Buffer): void {
    const room = Math.max(0, this.#maxBytes - this.#beginningBytes);
    const first = bytes.subarray(0, room);
    if (first.length > 0) this.#beginning.push(first);
    this.#beginningBytes += first.length;
    const rest = bytes.subarray(room);
    if (rest.length === 0) return;
    this.#end.push(rest);
    this.#endBytes += rest.length;
    while (this.#endBytes > this.#maxBytes && this.#end[0] !== undefined) {
      const [oldest] = this.#end;
      const gone = Math.min(oldest.length, this.#endBytes - this.#maxBytes);
      this.#end[0] = oldest.subarray(gone);
      if (this.#end[0].length === 0) this.#end.shift();
      this.#endBytes -= gone;
      this.#droppedBytes += gone;
    }
  }

  /** Bytes that are no text are shown as U+FFFD. */
  get text(): string {
    const beginning = Buffer.concat(this.#beginning);
    const end = Buffer.concat(this.#end);
    if (this.#droppedBytes === 0) return Buffer.concat([beginning, end]).toString();
    return `${beginning}\n[${this.#droppedBytes} bytes were dropped here: it is too long to be kept]\n${end}`;
  }
}
