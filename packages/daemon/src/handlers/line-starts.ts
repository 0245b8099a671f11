/** Where the last lines of a stream of output begin, so that a reader who has not got them yet can go on there. */

const LF = 0x0a;

export class LineStarts {
  /** In order; the last is that of the line that is being written. */
  #starts: number[];
  #end: number;

  /** @param offset of the first byte that comes */
  constructor(offset: number) {
    this.#starts = [offset];
    this.#end = offset;
  }

  /**
   * @param offset of these bytes: further on than the last ended where some between were dropped
   * @param most how many lines will be asked for
   */
  add(bytes: Buffer, offset: number, most: number): void {
    if (offset !== this.#end) this.#starts = [offset];
    const found: number[] = [];
    for (let end = bytes.length; end > 0 && found.length < most; ) {
      const at = bytes.lastIndexOf(LF, end - 1);
      if (at === -1) break;
      found.push(offset + at + 1);
      end = at;
    }
    this.#starts = [...this.#starts, ...found.reverse()].slice(-most);
    this.#end = offset + bytes.length;
  }

  /** Of the last so many lines; the one that is being written counts, also while nothing of it has come. */
  ofLast(count: number): number {
    return this.#starts.at(-Math.max(1, count)) ?? this.#starts[0] ?? this.#end;
  }
}
