/**
 * Output as bytes with their offsets, in which what matches PILOTTY_REDACT is asterisks. What is given out ends where no match
 * can be under way, or before it: a reader that goes on there has to see some of what stands before.
 */
import { WholeCharacters } from '@pilotty/terminal';
import type { Secrets } from '../recording/secrets.ts';
import { TextRedactor } from '../recording/text-redactor.ts';

/** A match that begins further before an offset is not seen where somebody goes on there: as long as one may be held. */
export const SEEN_BEFORE_BYTES = 64 * 1024;
/** At most so much, and at most a line, is held back with a match that may be under way in it. */
const SLICE_BYTES = 4096;
const NEWLINE = 0x0a;

export interface CoveredPart {
  /** As many bytes as `offset` to `next_offset`, or not: a wide character may have fewer asterisks than bytes. */
  bytes: Buffer;
  offset: number;
  next_offset: number;
}

export class CoveredOutput {
  readonly #secrets: Secrets;
  #redactor: TextRedactor<number>;
  #characters = new WholeCharacters();
  /** Released text of slices, by the offset behind each, that is not given out yet. */
  #released: { tag: number; text: string }[] = [];
  /** Ends of the slices that are not given out yet. */
  #slices: number[] = [];
  /** Everything before was given out. */
  #given: number;
  /** Behind the last whole character that has come. */
  #end: number;

  /** @param offset where the answer begins. @param before the bytes before it, as many as are retained of SEEN_BEFORE_BYTES */
  constructor(secrets: Secrets, offset: number, before: Buffer) {
    this.#secrets = secrets;
    this.#redactor = new TextRedactor(secrets);
    this.#given = offset;
    this.#end = offset - before.length;
    // It was given out before; of a match that goes on in what comes, the rest is covered.
    this.#take(before);
  }

  /** @param offset of these bytes: further on than the last ended where some between were dropped */
  push(bytes: Buffer, offset: number): CoveredPart[] {
    if (offset === this.#arrived) {
      this.#take(bytes);
      return this.#complete();
    }
    // The beginning of a match may have been dropped: the next line is begun with.
    const parts = this.end();
    this.#redactor = new TextRedactor(this.#secrets);
    this.#released = [];
    this.#slices = [];
    const skipped = bytes.indexOf(NEWLINE) + 1 || bytes.length;
    this.#given = offset + skipped;
    this.#end = this.#given;
    this.#take(bytes.subarray(skipped));
    return [...parts, ...this.#complete()];
  }

  /** Nothing follows. */
  end(): CoveredPart[] {
    const begun = this.#characters.end();
    this.#characters = new WholeCharacters();
    if (begun.length > 0) this.#slice(begun);
    this.#released.push(...this.#redactor.end());
    return this.#complete();
  }

  /** Behind the last byte that has come. */
  get #arrived(): number {
    return this.#end + this.#characters.begun.length;
  }

  #take(bytes: Buffer): void {
    for (const piece of this.#characters.pieces(bytes, SLICE_BYTES)) this.#lines(piece);
  }

  #lines(piece: Uint8Array): void {
    for (let start = 0; start < piece.length; ) {
      const end = piece.indexOf(NEWLINE, start) + 1 || piece.length;
      this.#slice(piece.subarray(start, end));
      start = end;
    }
  }

  #slice(piece: Uint8Array): void {
    this.#end += piece.length;
    this.#slices.push(this.#end);
    this.#released.push(...this.#redactor.push(this.#end, Buffer.from(piece).toString()));
  }

  /** The slices of which nothing is held back any more, as one part. */
  #complete(): CoveredPart[] {
    const last = this.#released.at(-1)?.tag ?? 0;
    const isWhole = (end: number) => !this.#redactor.isHolding || end < last;
    const next_offset = this.#slices.findLast(isWhole);
    if (next_offset === undefined || next_offset <= this.#given) return [];
    const offset = this.#given;
    const texts = this.#released
      .filter(({ tag }) => tag > offset && tag <= next_offset)
      .map(({ text }) => text);
    this.#released = this.#released.filter(({ tag }) => tag > next_offset);
    this.#slices = this.#slices.filter((end) => end > next_offset);
    this.#given = next_offset;
    return [{ bytes: Buffer.from(texts.join('')), offset, next_offset }];
  }
}
