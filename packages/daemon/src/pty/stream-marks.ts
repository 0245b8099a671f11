/**
 * Which of the output of a program without a terminal went to stdout, and which to stderr. Both are retained as one, in
 * the order they were read; this has the offsets at which the other one goes on.
 */
export type Stream = 'stdout' | 'stderr';

export interface StreamMarksState {
  start: number;
  first: Stream;
  turns: readonly number[];
}

/** Output of one stream without any of the other in between. */
export interface StreamRun {
  stream: Stream;
  /** Offset of its first byte. */
  start: number;
  /** Offset behind its last byte; infinite for the one that is being written. */
  end: number;
}

/** Half a megabyte. Of a program that changes between the two more often, what is retained begins later. */
const MAX_TURNS = 65_536;

export class StreamMarks {
  /** Of what stands before the first turn. */
  #first: Stream = 'stdout';
  #turns: number[] = [];
  #start = 0;

  /** Nothing before this offset can be told. */
  get start(): number {
    return this.#start;
  }

  get state(): StreamMarksState {
    return { start: this.#start, first: this.#first, turns: this.#turns };
  }

  adopt({ start, first, turns }: StreamMarksState): void {
    this.#start = start;
    this.#first = first;
    this.#turns = [...turns];
  }

  /**
   * What comes from this offset on was written to that.
   * @param kept offset of the oldest byte that is retained
   * @returns whether what came before was written to the other one
   */
  note(stream: Stream, offset: number, kept: number): boolean {
    if (stream === this.#streamAfter(this.#turns.length)) return false;
    this.#turns.push(offset);
    if (this.#turns.length <= MAX_TURNS) return true;
    const passed = this.#turnsUntil(kept);
    // As many again can come before this is done again.
    const gone = Math.max(passed, MAX_TURNS / 2);
    this.#start = Math.max(this.#start, this.#turns[gone - 1] ?? 0);
    this.#first = this.#streamAfter(gone);
    this.#turns.splice(0, gone);
    return true;
  }

  runAt(offset: number): StreamRun {
    const passed = this.#turnsUntil(offset);
    return {
      stream: this.#streamAfter(passed),
      start: this.#turns[passed - 1] ?? 0,
      end: this.#turns[passed] ?? Number.POSITIVE_INFINITY,
    };
  }

  /** How many of these bytes were written to each; shared among both where that cannot be told any more. */
  bytesBetween(from: number, end: number): Record<Stream, number> {
    const untold = Math.max(0, Math.min(end, this.#start) - from);
    const bytes = { stdout: Math.ceil(untold / 2), stderr: Math.floor(untold / 2) };
    for (let at = from + untold; at < end; ) {
      const run = this.runAt(at);
      const runEnd = Math.min(run.end, end);
      bytes[run.stream] += runEnd - at;
      at = runEnd;
    }
    return bytes;
  }

  /** How many of them come at this offset, or before. */
  #turnsUntil(offset: number): number {
    let low = 0;
    let high = this.#turns.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#turns[middle] as number) <= offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #streamAfter(turns: number): Stream {
    return (turns % 2 === 0) === (this.#first === 'stdout') ? 'stdout' : 'stderr';
  }
}
