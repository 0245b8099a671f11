/**
 * Where in the stream of bytes a decoded character stands.
 *
 * xterm.js hands its handlers ranges of decoded characters, without byte offsets. Its decoder leaves out U+FEFF, but never
 * an ASCII character: the nth of those is the nth ASCII byte, so counting is exact again at each.
 * A piece is walked through once at most, and not at all when no offset is asked for.
 */
import type { Repaired, Shift } from './repair-utf8.ts';

export class BytePlaces {
  #piece: Uint8Array = new Uint8Array(0);
  /** Bytes of all pieces before this one. */
  #before = 0;
  /** Of this one, as it came. */
  #length = 0;
  #shifts: readonly Shift[] = [];
  #shift = 0;
  #index = 0;
  #byte = 0;

  /** A piece of whole characters is about to be decoded; it came with so many bytes. */
  begin({ bytes, shifts }: Repaired, length: number): void {
    this.#before += this.#length;
    this.#length = length;
    this.#piece = bytes;
    this.#shifts = shifts;
    this.#shift = 0;
    this.#index = 0;
    this.#byte = 0;
  }

  /** So many bytes came between the last piece and the next, and are not decoded. */
  pass(length: number): void {
    this.#length += length;
  }

  /** Bytes before the character at `index` of the decoded piece, counted from the first ever; never asked backwards. */
  offsetOf(index: number, decoded: Uint32Array): number {
    for (; this.#index < index; this.#index++) {
      const code = decoded[this.#index] as number;
      if (code < 0x80) this.#skipToAscii();
      this.#byte += utf8Length(code);
    }
    if ((decoded[index] as number) < 0x80) this.#skipToAscii();
    return this.#before + this.#byte - this.#addedBefore();
  }

  /** By what repairing has added. */
  #addedBefore(): number {
    while ((this.#shifts[this.#shift]?.from ?? Number.POSITIVE_INFINITY) <= this.#byte) this.#shift++;
    return this.#shifts[this.#shift - 1]?.by ?? 0;
  }

  #skipToAscii(): void {
    while ((this.#piece[this.#byte] ?? 0) >= 0x80) this.#byte++;
  }
}

function utf8Length(code: number): number {
  return code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
}
