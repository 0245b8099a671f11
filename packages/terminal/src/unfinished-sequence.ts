/**
 * The beginning of an escape sequence whose end is still to come: a viewer that joins in the middle of a stream
 * needs it, or takes the rest for text.
 */

/** Of a longer string the rest is all the same: it ends where it ends. */
const KEPT_BYTES = 8192;

const ESC = 0x1b;
/** U+0080 to U+009F, which introduce sequences as well. */
const C1_LEAD = 0xc2;
const C1_LAST = 0x9f;

export class UnfinishedSequence {
  #bytes: Uint8Array = new Uint8Array(0);

  get bytes(): Uint8Array {
    return this.#bytes;
  }

  /** The parser is outside of any sequence. */
  end(): void {
    if (this.#bytes.length > 0) this.#bytes = new Uint8Array(0);
  }

  /** The parser is inside a sequence at the end of `piece`. */
  goOn(piece: Uint8Array): void {
    // ESC ends whatever was there, so that the last one begins the sequence the parser is in.
    const introducer = lastIntroducer(piece);
    const begun = introducer === -1 ? this.#bytes : new Uint8Array(0);
    const start = Math.max(introducer, 0);
    const end = Math.min(start + KEPT_BYTES - begun.length, piece.length);
    const bytes = new Uint8Array(begun.length + end - start);
    bytes.set(begun);
    let length = begun.length;
    for (let at = start; at < end; at++) {
      const byte = piece[at] as number;
      // Controls inside a sequence were carried out when they came, and must not be again.
      if (byte >= 0x20 || byte === ESC) bytes[length++] = byte;
    }
    this.#bytes = length === bytes.length ? bytes : bytes.slice(0, length);
  }
}

function lastIntroducer(bytes: Uint8Array): number {
  for (let index = bytes.length - 1; index >= 0; index--) {
    if (bytes[index] === ESC) return index;
    const next = bytes[index + 1] ?? 0;
    if (bytes[index] === C1_LEAD && next >= 0x80 && next <= C1_LAST) return index;
  }
  return -1;
}
