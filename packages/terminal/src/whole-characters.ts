/**
 * Cuts a byte stream into pieces that end with a whole UTF-8 character.
 *
 * xterm.js 6.0.0 keeps split characters itself, but takes a continuation byte of 0x80 for none: U+200D
 * (E2 80 8D), split before its last byte, is lost.
 */

const NONE = new Uint8Array(0);

export class WholeCharacters {
  /** The beginning of a character whose end is still to come, three bytes at most. */
  #begun: Uint8Array = NONE;

  get begun(): Uint8Array {
    return this.#begun;
  }

  /** Pieces of at most `limit` bytes, which must be more than a character has. */
  *pieces(bytes: Uint8Array, limit: number): Generator<Uint8Array> {
    const stream = this.#begun.length === 0 ? bytes : concatenate(this.#begun, bytes);
    const end = stream.length - unfinished(stream, stream.length);
    for (let start = 0; start < end; ) {
      const cut = Math.min(start + limit, end);
      const next = cut === end ? end : cut - unfinished(stream, cut);
      yield stream.subarray(start, next);
      start = next;
    }
    // A copy: the caller may reuse its buffer.
    this.#begun = end === stream.length ? NONE : stream.slice(end);
  }
}

/** How many of the bytes before `end` begin a character that goes on behind it. */
function unfinished(bytes: Uint8Array, end: number): number {
  for (let back = 1; back <= 3 && back <= end; back++) {
    const byte = bytes[end - back] as number;
    if ((byte & 0xc0) === 0x80) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return length > back ? back : 0;
  }
  return 0;
}

export function concatenate(first: Uint8Array, second: Uint8Array): Uint8Array {
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}
