/** The last so many lines of parts that come one after another. Of more than those little is held. */
import type { ShownPart } from './shown.ts';

const NEWLINE = 0x0a;
/** So much comes in between before what is not needed is dropped. */
const SWEPT_AFTER_BYTES = 1024 * 1024;

interface Held {
  bytes: Buffer;
  part: ShownPart;
}

export class LastLines {
  readonly #count: number;
  #held: Held[] = [];
  #unswept = 0;

  constructor(count: number) {
    this.#count = count;
  }

  add(part: ShownPart): void {
    const bytes =
      part.output === undefined ? Buffer.from(part.output_base64 ?? '', 'base64') : Buffer.from(part.output);
    this.#held.push({ bytes, part });
    this.#unswept += bytes.length;
    if (this.#unswept > SWEPT_AFTER_BYTES) this.#sweep();
  }

  parts(): ShownPart[] {
    this.#sweep();
    return this.#held.map(({ bytes, part }) => ({
      ...(part.output === undefined
        ? { output_base64: bytes.toString('base64') }
        : { output: bytes.toString() }),
      ...(part.stream && { stream: part.stream }),
      ...(part.missed_bytes !== undefined && { truncated: true, missed_bytes: part.missed_bytes }),
    }));
  }

  #sweep(): void {
    this.#unswept = 0;
    if (this.#count === 0) {
      this.#held = [];
      return;
    }
    let newlines = 0;
    let isLast = true;
    for (let index = this.#held.length - 1; index >= 0; index--) {
      const { bytes, part } = this.#held[index] as Held;
      for (let at = bytes.length - 1; at >= 0; at--) {
        // The newline that ends the last line begins none.
        if (bytes[at] === NEWLINE && !isLast) newlines++;
        isLast = false;
        if (newlines < this.#count) continue;
        const held = [{ bytes: bytes.subarray(at + 1), part }, ...this.#held.slice(index + 1)];
        // What was missed before the first of them is none of them.
        this.#held = held.slice(held.findIndex((one) => one.bytes.length > 0));
        return;
      }
    }
  }
}
