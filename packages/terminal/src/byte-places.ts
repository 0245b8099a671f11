/**
 * Where in the stream of bytes a decoded character stands.
 *
 * xterm.js hands its handlers ranges of decoded characters, and tells no byte. Its decoder leaves out what is not
 * UTF-8, but never an ASCII character: the nth of those is the nth ASCII byte, so counting is exact again at each.
 * A piece is walked through once at most, and not at all when nobody asks.
 */
export class BytePlaces {
  #piece: Uint8Array = new Uint8Array(0);
  /** Bytes of all pieces before this one. */
  #before = 0;
  #index = 0;
  #byte = 0;

  /** A piece of whole characters is about to be decoded. */
  begin(piece: Uint8Array): void {
    this.#before += this.#piece.length;
    this.#piece = piece;
    this.#index = 0;
    this.#byte = 0;
  }

  /** Bytes before the character at `index` of the decoded piece, counted from the first ever; never asked backwards. */
  offsetOf(index: number, decoded: Uint32Array): number {
    for (; this.#index < index; this.#index++) {
      const code = decoded[this.#index] as number;
      if (code < 0x80) this.#skipToAscii();
      this.#byte += utf8Length(code);
    }
    if ((decoded[index] as number) < 0x80) this.#skipToAscii();
    return this.#before + this.#byte;
  }

  #skipToAscii(): void {
    while ((this.#piece[this.#byte] ?? 0) >= 0x80) this.#byte++;
  }
}

function utf8Length(code: number): number {
  return code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
}
