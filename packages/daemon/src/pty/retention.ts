/**
 * The last bytes a session printed, with exact accounting: every byte is either retained or counted
 * as dropped, and an offset means the same byte for the whole life of the session.
 *
 * Small reads are joined into blocks that start small, so that an idle session costs little. The block that is dropped is
 * the next that is filled: what is read is a copy.
 */
import type { Retention as RetentionFacts } from '@pilotty/protocol';
import { type OutputMoment, OutputTimes, type OutputTimesState } from './output-times.ts';
import { type Stream, StreamMarks, type StreamMarksState, type StreamRun } from './stream-marks.ts';

const SMALLEST_BLOCK = 1024;
const LARGEST_BLOCK = 64 * 1024;
const MAX_SIZES = 1024;
/** Of a program that ends at once, and is started again and again. */
const MAX_RUNS = 1024;
const NEWLINE = 0x0a;
/** A line that was cut by what was dropped is left out, unless it is longer. */
export const LONGEST_LINE_SOUGHT = 4096;

interface Block {
  buffer: Buffer;
  used: number;
}

/** The terminal had this size from this offset on. */
export interface SizeMark {
  offset: number;
  cols: number;
  rows: number;
}

export interface RetentionState {
  total: number;
  /** All that can be read. */
  bytes: Uint8Array;
  sizes: readonly SizeMark[];
  times: OutputTimesState;
  /** Of a program without a terminal. */
  streams?: StreamMarksState | undefined;
  runs?: readonly number[];
}

export class Retention {
  readonly limit: number;
  readonly #blocks: Block[] = [];
  #spare: Buffer | undefined;
  /** Bytes in #blocks, of which the first few may already count as dropped. */
  #held = 0;
  #total = 0;
  readonly #sizes: SizeMark[];
  readonly #times = new OutputTimes();
  readonly #streams: StreamMarks | undefined;
  /** Of a program without a terminal: where what the next one wrote begins. */
  readonly #runs: number[] = [];

  /** @param hasStreams which stream each byte was written to is retained as well */
  constructor(limit: number, size: { cols: number; rows: number }, hasStreams = false) {
    this.limit = limit;
    if (hasStreams) this.#streams = new StreamMarks();
    this.#sizes = [{ offset: 0, cols: size.cols, rows: size.rows }];
  }

  get state(): RetentionState {
    const bytes = this.read(this.start, this.limit);
    return {
      ...{ total: this.#total, bytes, sizes: this.#sizes, times: this.#times.state },
      streams: this.#streams?.state,
      runs: this.#runs,
    };
  }

  /** Of a new one with the same limit. */
  adopt({ total, bytes, sizes, times, streams, runs = [] }: RetentionState): void {
    if (streams) this.#streams?.adopt(streams);
    this.#runs.push(...runs);
    this.append(bytes);
    this.#total = total;
    this.#sizes.splice(0, this.#sizes.length, ...sizes);
    this.#times.adopt(times);
  }

  get totalBytes(): number {
    return this.#total;
  }

  /** Offset of the oldest byte that can still be read. */
  get start(): number {
    const kept = this.#total - Math.min(this.#total, this.limit);
    return this.#streams === undefined ? kept : Math.max(kept, this.#streams.start);
  }

  /**
   * What is appended next was written to that.
   * @returns whether it is on a line of its own although the one before has no end: the other stream, or another program,
   *   has begun that
   */
  markStream(stream: Stream): boolean {
    const isOther = this.#streams?.note(stream, this.#total, this.start) ?? false;
    return (isOther || this.#runs.at(-1) === this.#total) && this.#isInLine;
  }

  get #isInLine(): boolean {
    const { buffer, used } = this.#blocks.at(-1) ?? { used: 0 };
    return used > 0 && buffer?.[used - 1] !== NEWLINE;
  }

  /** What is appended next was written by another program without a terminal. */
  markRun(): void {
    if (this.#runs.at(-1) !== this.#total) this.#runs.push(this.#total);
    // What was printed at both sides of the oldest is then read as of one.
    if (this.#runs.length > MAX_RUNS) this.#runs.shift();
  }

  /** The first offset behind this one at which another program without a terminal begins. */
  runStartAfter(offset: number): number | undefined {
    return this.#runs.find((start) => start > offset);
  }

  /** Where the byte at an offset was written to; undefined of a program on a terminal. */
  streamAt(offset: number): StreamRun | undefined {
    return this.#streams?.runAt(offset);
  }

  /** How many of these bytes, which may have been dropped, were written to each; none of a program on a terminal. */
  bytesOfStreams(from: number, end: number): Partial<Record<Stream, number>> {
    return this.#streams?.bytesBetween(from, end) ?? {};
  }

  get facts(): RetentionFacts {
    const dropped = this.start;
    return {
      total_bytes: this.#total,
      retained_bytes: this.#total - dropped,
      dropped_bytes: dropped,
      truncated: dropped > 0,
    };
  }

  append(bytes: Uint8Array): void {
    this.#total += bytes.length;
    for (let from = 0; from < bytes.length; ) from += this.#fill(bytes, from);
    this.#held += bytes.length;
    for (
      let first = this.#blocks[0];
      first && this.#held - first.used >= this.limit;
      first = this.#blocks[0]
    ) {
      this.#held -= first.used;
      this.#blocks.shift();
      if (first.buffer.length === LARGEST_BLOCK) this.#spare = first.buffer;
    }
  }

  #fill(bytes: Uint8Array, from: number): number {
    let last = this.#blocks.at(-1);
    if (!last || last.used === last.buffer.length) {
      const grown = Math.min(LARGEST_BLOCK, Math.max(SMALLEST_BLOCK, this.#held));
      last = { buffer: this.#takeSpare(grown) ?? Buffer.allocUnsafeSlow(grown), used: 0 };
      this.#blocks.push(last);
    }
    const length = Math.min(bytes.length - from, last.buffer.length - last.used);
    last.buffer.set(bytes.subarray(from, from + length), last.used);
    last.used += length;
    return length;
  }

  #takeSpare(length: number): Buffer | undefined {
    const spare = this.#spare;
    if (spare?.length !== length) return undefined;
    this.#spare = undefined;
    return spare;
  }

  /** A copy of at most `maxBytes` from `offset` on; what was dropped is left out, so check `start` first. */
  read(offset: number, maxBytes: number): Buffer {
    let skip = Math.max(offset, this.start) - (this.#total - this.#held);
    const parts: Buffer[] = [];
    let wanted = maxBytes;
    for (const block of this.#blocks) {
      if (skip >= block.used) {
        skip -= block.used;
        continue;
      }
      const end = Math.min(block.used, skip + wanted);
      parts.push(block.buffer.subarray(skip, end));
      wanted -= end - skip;
      skip = 0;
      if (wanted === 0) break;
    }
    return Buffer.concat(parts);
  }

  /** Offset at which the last `count` lines before `end` begin; a last line need not have its newline. */
  startOfLastLines(count: number, end: number): number {
    if (count === 0) return end;
    let newlines = 0;
    let offset = this.#total;
    for (const { buffer, used } of this.#blocks.toReversed()) {
      for (let index = used - 1; index >= 0; index--) {
        offset -= 1;
        // The newline that ends the last line begins none.
        if (buffer[index] !== NEWLINE || offset >= end - 1) continue;
        newlines += 1;
        if (newlines === count) return Math.max(offset + 1, this.start);
      }
    }
    return this.start;
  }

  /** Offset of the first line that begins after `offset`; `offset` itself when there is none nearby. */
  nextLineFrom(offset: number): number {
    const index = this.read(offset, LONGEST_LINE_SOUGHT).indexOf(NEWLINE);
    return index === -1 ? offset : offset + index + 1;
  }

  /**
   * What is appended next is the output of this number, and comes now.
   * @param nowMs since 1970; never goes back
   */
  markTime(nowMs: number, seq: number): void {
    this.#times.note(seq, this.#total, nowMs);
  }

  /** Offset of the first byte that came after that, or of the beginning of the burst that it is in. */
  offsetAfter(timeMs: number): number {
    return Math.max(this.start, this.#times.offsetFrom(timeMs, this.#total));
  }

  /** How much output had come by then. */
  momentAt(timeMs: number): OutputMoment {
    return this.#times.at(timeMs, this.#total);
  }

  /** When so much output had come; undefined before the first byte. */
  momentOf(offset: number): OutputMoment | undefined {
    return this.#times.of(offset, this.#total);
  }

  markSize(cols: number, rows: number): void {
    // Nothing was printed at the size before.
    if (this.#sizes.at(-1)?.offset === this.#total) this.#sizes.pop();
    this.#sizes.push({ offset: this.#total, cols, rows });
    // A program can print between two: the oldest sizes go, and what was printed then is read as of the next.
    if (this.#sizes.length > MAX_SIZES) this.#sizes.splice(1, 1);
    // Marks before the oldest retained byte only matter as the size it starts with.
    while ((this.#sizes[1]?.offset ?? Number.POSITIVE_INFINITY) <= this.start) this.#sizes.shift();
  }

  /** The size in force at `offset`, and the first change after it. */
  sizeAt(offset: number): { size: SizeMark; next: SizeMark | undefined } {
    const after = this.#sizes.findIndex((mark) => mark.offset > offset);
    const index = after === -1 ? this.#sizes.length - 1 : Math.max(after - 1, 0);
    return { size: this.#sizes[index] as SizeMark, next: this.#sizes[index + 1] };
  }
}
