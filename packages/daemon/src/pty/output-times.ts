/**
 * When output came: how much had by a given moment, exactly, or else as of the last moment before it that is known.
 *
 * What came within ten milliseconds is one burst, of which the first and the last moment are kept. Their number has a
 * bound: at it, those that lie close together for their age are joined, so that what happened lately is known best.
 */

/** A program draws a frame in several writes, this close together. */
const BURST_MS = 10;
/** 64 KiB at most. A program that never rests fills them in 20 seconds, then less and less often. */
const MAX_BURSTS = 2048;
const LEAST_PART_OF_AGE = 1 / 256;

/** How much output had come, and at which moment that was so. */
export interface OutputMoment {
  /** In bytes. */
  offset: number;
  /** Since 1970. */
  timeMs: number;
  /** Number of the last output that had come by then; 0 where there was none. */
  seq: number;
}

interface Burst {
  /** Of its first byte. */
  offset: number;
  firstMs: number;
  lastMs: number;
  seq: number;
}

export interface OutputTimesState {
  offsets: readonly number[];
  firstMs: readonly number[];
  lastMs: readonly number[];
  seqs: readonly number[];
}

export class OutputTimes {
  // Four numbers a burst, where an object would take three times as much.
  readonly #offsets: number[] = [];
  readonly #firstMs: number[] = [];
  readonly #lastMs: number[] = [];
  readonly #seqs: number[] = [];

  get state(): OutputTimesState {
    return { offsets: this.#offsets, firstMs: this.#firstMs, lastMs: this.#lastMs, seqs: this.#seqs };
  }

  adopt({ offsets, firstMs, lastMs, seqs }: OutputTimesState): void {
    this.#offsets.splice(0, this.count, ...offsets);
    this.#firstMs.splice(0, this.#firstMs.length, ...firstMs);
    this.#lastMs.splice(0, this.#lastMs.length, ...lastMs);
    this.#seqs.splice(0, this.#seqs.length, ...seqs);
  }

  get count(): number {
    return this.#offsets.length;
  }

  /**
   * Output of this number comes now, behind so many bytes.
   * @param nowMs never goes back
   */
  note(seq: number, offset: number, nowMs: number): void {
    const last = this.#offsets.length - 1;
    if (last >= 0 && nowMs - (this.#firstMs[last] as number) < BURST_MS) {
      this.#lastMs[last] = nowMs;
      this.#seqs[last] = seq;
      return;
    }
    if (last + 1 >= MAX_BURSTS) this.#thin(nowMs);
    this.#push({ offset, firstMs: nowMs, lastMs: nowMs, seq });
  }

  /** As of that moment, or where a burst came around it, as of the beginning of that. */
  at(timeMs: number, totalBytes: number): OutputMoment {
    const index = this.#countUpTo(this.#firstMs, timeMs) - 1;
    if (index < 0) return { offset: this.#offsets[0] ?? totalBytes, timeMs, seq: 0 };
    if ((this.#lastMs[index] as number) <= timeMs) {
      return { offset: this.#endOf(index, totalBytes), timeMs, seq: this.#seqs[index] as number };
    }
    return this.#beginningOf(index);
  }

  /** When so much output had come; undefined before the first byte. */
  of(offset: number, totalBytes: number): OutputMoment | undefined {
    const index = this.#countUpTo(this.#offsets, offset - 1) - 1;
    if (index < 0) return undefined;
    if (offset < this.#endOf(index, totalBytes)) return { ...this.#beginningOf(index), offset };
    return { offset, timeMs: this.#lastMs[index] as number, seq: this.#seqs[index] as number };
  }

  /** Offset of the first burst that came at that moment or after it, or went on then. */
  offsetFrom(timeMs: number, totalBytes: number): number {
    const index = this.#lastMs.findIndex((lastMs) => lastMs >= timeMs);
    return this.#offsets[index] ?? totalBytes;
  }

  #beginningOf(index: number): OutputMoment {
    return {
      offset: this.#offsets[index] as number,
      timeMs: this.#firstMs[index] as number,
      seq: this.#seqs[index - 1] ?? 0,
    };
  }

  #endOf(index: number, totalBytes: number): number {
    return this.#offsets[index + 1] ?? totalBytes;
  }

  /** How many of them, which are in order, are at most so much. */
  #countUpTo(ordered: readonly number[], most: number): number {
    let low = 0;
    for (let high = ordered.length; low < high; ) {
      const middle = (low + high) >> 1;
      if ((ordered[middle] as number) <= most) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #push({ offset, firstMs, lastMs, seq }: Burst): void {
    this.#offsets.push(offset);
    this.#firstMs.push(firstMs);
    this.#lastMs.push(lastMs);
    this.#seqs.push(seq);
  }

  /** Joins neighbours that together last a small part of their age, until a quarter of the room is free. */
  #thin(nowMs: number): void {
    for (let part = LEAST_PART_OF_AGE; this.count > (MAX_BURSTS * 3) / 4; part *= 2) {
      const bursts = this.#takeAll();
      let joined: Burst | undefined;
      for (const burst of bursts) {
        if (joined && burst.lastMs - joined.firstMs <= part * (nowMs - burst.lastMs)) {
          joined.lastMs = burst.lastMs;
          joined.seq = burst.seq;
        } else {
          if (joined) this.#push(joined);
          joined = burst;
        }
      }
      if (joined) this.#push(joined);
    }
  }

  #takeAll(): Burst[] {
    const bursts = this.#offsets.map((offset, index) => ({
      offset,
      firstMs: this.#firstMs[index] as number,
      lastMs: this.#lastMs[index] as number,
      seq: this.#seqs[index] as number,
    }));
    for (const numbers of [this.#offsets, this.#firstMs, this.#lastMs, this.#seqs]) numbers.length = 0;
    return bursts;
  }
}
