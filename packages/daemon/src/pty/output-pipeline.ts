/**
 * Output of one session on its way to the screen: it waits in the order it came, and is parsed in pieces,
 * each followed by the listeners' turn.
 *
 * A piece ends when its time is over, because some sequences cost a thousand times more than text: a program
 * that prints nothing else delays other sessions by that time, and itself by the rest. Inside a piece, slices
 * get smaller while they take long; those without sequences may be larger. Before output of number N is parsed, `before(N - 1)` is called; after each
 * slice what it announced is passed on; after the piece `parsedSeq` counts it, followers get its bytes, and
 * `parsed` is called.
 */

import { OutputQueue } from './output-queue.ts';
import { PassingWords, type Sought, type WordSearch } from './passing-words.ts';
import { beginsWithErasure, prefixBeforeErasure, prefixOfLines } from './prefix-of-lines.ts';
import type { Parsing, Scheduler } from './scheduler.ts';

/** What listeners are asked once for, at most. */
const PIECE_BYTES = 16 * 1024;
/** What others wait for one session that floods. */
const PIECE_MS = 1;
/** For all that is waiting, at once: ordinary output of 256 KiB takes a third of it. */
const ARRIVED_MS = 50;
const LARGEST_SLICE = 1024;
const SMALLEST_SLICE = 16;
/** Of text alone: what a terminal is read in at most. It takes half a millisecond where every line is empty. */
const LARGEST_TEXT = 4096;
const LINE_END = Buffer.from('\r\n');
const ESC = 0x1b;
/** U+0080 to U+009F, which introduce sequences as well, are C2 80 to C2 9F. */
const C1_LEAD = 0xc2;
/** A full reset takes time by the cells: so many bytes of resets on so many cells take some ten milliseconds. */
const SLICE_BYTES_TIMES_CELLS = 2_000_000;
const LONG_SLICE_MS = 0.5;
const SHORT_SLICE_MS = 0.1;

/** The screen, as far as it matters here. */
export interface Parsed {
  readonly size: { cols: number; rows: number };
  /** Each line end begins a blank row at the bottom, and what is written from left to right leaves it so. */
  readonly scrollsAtLineEnds: boolean;
  write(bytes: Uint8Array): void;
  /** Number of its first line. */
  readonly topLine: number;
  /** Some of what was postponed is not drawn yet. */
  readonly hasUndrawnLines: boolean;
  /** Takes what need not be drawn before somebody looks; false where it has to be written. */
  postpone(bytes: Uint8Array): boolean;
}

export interface PipelineListener {
  /** What is parsed next came after this number. */
  before(seq: number): void;
  /** A slice is on the screen. */
  announced(): void;
  /** A piece is, and counted. */
  parsed(): void;
  /** So much waits that the program must not be read; or no longer. */
  full(): void;
  free(): void;
  /** Something threw; the output that it happened in counts as parsed, and the rest goes on. */
  failed(error: unknown): void;
}

/** Output in which nothing came that is searched for, while lines were postponed: offsets of its begin and end. */
export interface CalmOutput {
  readonly from: number;
  readonly to: number;
  /** Of the screen, at its end. */
  readonly topLine: number;
}

export interface PipelineOptions {
  /** Name of the session, as it is then. */
  name?: () => string;
  scrollback: number;
  /** Pieces with a NUL byte in them are no text, and are not drawn: an archive is no log. */
  drawsTextOnly?: boolean;
  now?: () => number;
}

export class OutputPipeline implements Parsing {
  readonly #screen: Parsed;
  readonly #scheduler: Scheduler;
  readonly #listener: PipelineListener;
  readonly #scrollback: number;
  readonly #name: (() => string) | undefined;
  readonly #now: () => number;
  readonly #drawsTextOnly: boolean;
  readonly #queue = new OutputQueue();
  readonly #followers = new Set<(parsed: Uint8Array) => void>();
  /** Of searches that must see every line before it can be gone. */
  readonly #words = new PassingWords();
  #arrivedBytes = 0;
  #calm: CalmOutput = { from: 0, to: 0, topLine: 0 };
  #hold: NodeJS.Timeout | undefined;
  /** How many want the screen to stay as it is. */
  #pauses = 0;
  #sliceBytes = SMALLEST_SLICE;
  #textBytes = SMALLEST_SLICE;
  /** A piece has been begun, and its followers have not been called. */
  #isParsing = false;
  /** Output of this number is not postponed. */
  #writtenSeq: number | undefined;

  constructor(screen: Parsed, scheduler: Scheduler, listener: PipelineListener, options: PipelineOptions) {
    this.#screen = screen;
    this.#scheduler = scheduler;
    this.#listener = listener;
    this.#scrollback = options.scrollback;
    this.#name = options.name;
    this.#drawsTextOnly = options.drawsTextOnly ?? false;
    this.#now = options.now ?? (() => performance.now());
  }

  get name(): string | undefined {
    return this.#name?.();
  }

  /** So much output has been parsed elsewhere. */
  adopt(bytes: number): void {
    this.#arrivedBytes = bytes;
    this.#calm = { from: bytes, to: bytes, topLine: this.#screen.topLine };
  }

  get isEmpty(): boolean {
    return this.#queue.nextSeq === undefined;
  }

  /** What is drawn next erases what is on the screen, or some of it. */
  get erasesNext(): boolean {
    const waiting = this.#queue.peek(PIECE_BYTES);
    return waiting !== undefined && beginsWithErasure(waiting);
  }

  get waitingBytes(): number {
    return this.#queue.bytes;
  }

  /** Last number the screen includes, where `seq` was the last that was given. */
  parsedSeq(seq: number): number {
    const { nextSeq } = this.#queue;
    return nextSeq === undefined ? seq : nextSeq - 1;
  }

  /** The screen has to stay as it is. */
  get isPaused(): boolean {
    return this.#pauses > 0;
  }

  /**
   * @param bytes are copied
   * @param beginsLine they are drawn on a row of their own, although the line before has no end
   */
  push(seq: number, bytes: Buffer, beginsLine = false): void {
    this.#queue.push(seq, bytes, beginsLine);
    if (beginsLine) this.#words.cut();
    if (this.#words.hasSearches) this.#words.look(bytes, this.#arrivedBytes);
    this.#arrivedBytes += bytes.length;
    if (this.#queue.pressure() === 'full') this.#listener.full();
  }

  /** The last of it: piece after piece as it was parsed, for as long as there was no other between them. */
  get calm(): CalmOutput {
    return this.#calm;
  }

  /** There is something to parse, or to end. */
  schedule(): void {
    this.#scheduler.request(this);
  }

  /** Calls `follower` with what has been parsed, which it may keep, once it counts, until the function it returns is called. */
  follow(follower: (parsed: Uint8Array) => void): () => void {
    this.#followers.add(follower);
    return () => this.#followers.delete(follower);
  }

  /**
   * Until it ends, pieces are so small that no line comes and goes, or is erased, in one, save where none has the word.
   */
  beginSearch(sought?: Sought): WordSearch {
    return this.#words.begin(sought, this.#arrivedBytes);
  }

  /** Parses nothing for so long, however much has come; the program is read no further than what may wait. */
  hold(ms: number): void {
    clearTimeout(this.#hold);
    this.#hold = setTimeout(() => {
      this.#hold = undefined;
      if (!this.isEmpty) this.schedule();
    }, ms);
  }

  /** Until the function it returns is called, output waits; the program is read no further than what may wait. */
  pause(): () => void {
    this.#pauses += 1;
    let isOpen = true;
    return () => {
      if (isOpen) this.#pauses -= 1;
      isOpen = false;
      if (!this.isEmpty) this.schedule();
    };
  }

  /**
   * Parses what waits now, and at once; of output that takes very long to parse only the first part. Nothing where it is
   * called by a listener in the middle of a piece: that is parsed first.
   */
  parseArrived(withinMs = ARRIVED_MS): void {
    if (this.#isParsing) return;
    const end = this.#now() + withinMs;
    while (!this.isEmpty && this.#now() < end) this.#parse();
  }

  /** @returns whether there is more to parse. */
  parsePiece(): boolean {
    // It may have been parsed for a look, before its turn came.
    if (this.isEmpty || this.#isParsing || this.#hold !== undefined || this.#pauses > 0) return false;
    this.#parse();
    return !this.isEmpty;
  }

  close(): void {
    clearTimeout(this.#hold);
    this.#scheduler.remove(this);
  }

  #parse(): void {
    this.#isParsing = true;
    try {
      const parsed = this.#parseSlices();
      for (const follower of this.#followers) {
        for (const slice of parsed) this.#contain(() => follower(slice));
      }
    } finally {
      this.#isParsing = false;
    }
    if (this.#queue.pressure() === 'free') this.#listener.free();
    this.#contain(() => this.#listener.parsed());
  }

  /** @returns what was parsed, for followers */
  #parseSlices(): Uint8Array[] {
    const parsed: Uint8Array[] = [];
    const from = this.#parsedBytes;
    let now = this.#now();
    const end = now + PIECE_MS;
    this.#contain(() => {
      // A terminal is read in chunks of 4 KiB at most; listeners are asked once for several.
      for (let left = this.#allowance(); left > 0; ) {
        const chunk = this.#queue.peek(Math.min(left, LARGEST_TEXT));
        if (!chunk) break;
        const { slice, isText, isPostponed } = this.#parseSlice(chunk, parsed);
        left -= slice.length;
        const began = now;
        now = this.#now();
        if (!isPostponed && isText) this.#adaptText(now - began);
        else if (!isPostponed) this.#adapt(now - began);
        if (now >= end) break;
      }
    });
    this.#noteCalm(from);
    return parsed;
  }

  get #parsedBytes(): number {
    return this.#arrivedBytes - this.#queue.bytes;
  }

  #noteCalm(from: number): void {
    const { hasUndrawnLines, topLine } = this.#screen;
    if (!hasUndrawnLines) return;
    const to = this.#parsedBytes;
    if (this.#words.hasSearches && this.#words.absentFor(from) < to - from) return;
    this.#calm = { from: this.#calm.to === from ? this.#calm.from : from, to, topLine };
  }

  /**
   * The first of `chunk`, or all of it where the screen need not draw it yet.
   * @param parsed gets what is taken, however that ends, for followers
   */
  #parseSlice(chunk: Buffer, parsed: Uint8Array[]): { slice: Buffer; isText: boolean; isPostponed: boolean } {
    if (this.#queue.takeLineBegin()) this.#endLine(parsed);
    if (this.#drawsTextOnly && chunk.includes(0)) {
      this.#listener.before(this.parsedSeq(0));
      this.#queue.drop(chunk.length);
      return { slice: chunk, isText: false, isPostponed: true };
    }
    const text = chunk.subarray(0, this.#textBytes);
    const isText = !text.includes(ESC) && !text.includes(C1_LEAD);
    let slice = isText ? text : text.subarray(0, endOfSlice(text, this.#sliceBytes));
    let isPostponed = false;
    try {
      this.#listener.before(this.parsedSeq(0));
      isPostponed = this.#postpones(chunk);
      if (isPostponed) slice = chunk;
      else this.#screen.write(slice);
    } finally {
      // What is dropped is overwritten by what comes next.
      if (this.#followers.size > 0) parsed.push(Buffer.from(slice));
      // What cannot be parsed is not tried again.
      this.#queue.drop(slice.length);
    }
    this.#listener.announced();
    return { slice, isText, isPostponed };
  }

  /** What is drawn for it was printed by nobody, and is no part of what is counted. */
  #endLine(parsed: Uint8Array[]): void {
    if (!this.#screen.postpone(LINE_END)) this.#screen.write(LINE_END);
    if (this.#followers.size > 0) parsed.push(LINE_END);
  }

  /** What has to be written in part is written as a whole: to look at it again for each slice would take as long. */
  #postpones(chunk: Buffer): boolean {
    const { nextSeq } = this.#queue;
    if (nextSeq === this.#writtenSeq) return false;
    if (this.#screen.postpone(chunk)) return true;
    this.#writtenSeq = nextSeq;
    return false;
  }

  #adaptText(tookMs: number): void {
    const next = tookMs >= PIECE_MS ? this.#textBytes >> 2 : this.#textBytes * 2;
    this.#textBytes = Math.max(SMALLEST_SLICE, Math.min(LARGEST_TEXT, next));
  }

  #adapt(tookMs: number): void {
    const { cols, rows } = this.#screen.size;
    const most = Math.min(LARGEST_SLICE, Math.ceil(SLICE_BYTES_TIMES_CELLS / (cols * rows)));
    const next = tookMs >= LONG_SLICE_MS ? this.#sliceBytes >> 2 : this.#sliceBytes * 2;
    if (tookMs < LONG_SLICE_MS && tookMs > SHORT_SLICE_MS) return;
    this.#sliceBytes = Math.max(SMALLEST_SLICE, Math.min(most, next));
  }

  /** How much may be parsed before listeners look. */
  #allowance(): number {
    if (!this.#words.hasSearches) return PIECE_BYTES;
    if (this.#screen.scrollsAtLineEnds) {
      const absent = this.#words.absentFor(this.#parsedBytes);
      if (absent > 0) return Math.min(absent, PIECE_BYTES);
    }
    const waiting = this.#queue.peek(PIECE_BYTES) ?? Buffer.alloc(0);
    const bytes = waiting.subarray(0, prefixBeforeErasure(waiting));
    const { cols, rows } = this.#screen.size;
    return prefixOfLines(bytes, { lines: Math.max(1, this.#scrollback + rows - 2), cols });
  }

  #contain(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#listener.failed(error);
    }
  }
}

/** Before the sequence that begins last in so many bytes, if that is far enough: to go on inside of one costs more. */
function endOfSlice(bytes: Buffer, most: number): number {
  const last = bytes.lastIndexOf(ESC, most - 1);
  return last > most / 2 ? last : most;
}
