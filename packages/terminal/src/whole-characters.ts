/**
 * Cuts a byte stream into pieces that end with a whole UTF-8 character.
 *
 * xterm.js 6.0.0 keeps split characters itself, but takes a continuation byte of 0x80 for none: U+200D
 * (E2 80 8D), split before its last byte, is lost.
 */
import { begunBytes, repairUtf8 } from './repair-utf8.ts';

const NONE = new Uint8Array(0);

export class WholeCharacters {
  /** The beginning of a character whose end is still to come, three bytes at most. */
  #begun: Uint8Array = NONE;

  get begun(): Uint8Array {
    return this.#begun;
  }

  /** Takes the beginning of a character that will have no end. */
  end(): Uint8Array {
    const begun = this.#begun;
    this.#begun = NONE;
    return begun;
  }

  /** Pieces of at most `limit` bytes, which must be more than a character has. */
  *pieces(bytes: Uint8Array, limit: number): Generator<Uint8Array> {
    const stream = this.#begun.length === 0 ? bytes : concatenate(this.#begun, bytes);
    const end = stream.length - begunBytes(stream, stream.length);
    for (let start = 0; start < end; ) {
      const cut = Math.min(start + limit, end);
      const next = cut === end ? end : cut - begunBytes(stream, cut);
      yield stream.subarray(start, next);
      start = next;
    }
    // A copy, which slice() of a Buffer is not: the caller may reuse its buffer.
    this.#begun = end === stream.length ? NONE : new Uint8Array(stream.subarray(end));
  }
}

export function concatenate(first: Uint8Array, second: Uint8Array): Uint8Array {
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}

/** A byte stream as UTF-8, whatever it is and wherever it is cut (repair-utf8.ts). */
export class RepairedStream {
  readonly #characters = new WholeCharacters();

  /** The characters that are whole by now. */
  next(bytes: Uint8Array): Uint8Array {
    let all: Uint8Array = NONE;
    for (const piece of this.#characters.pieces(bytes, bytes.length + 4)) all = piece;
    return repairUtf8(all).bytes;
  }
}
