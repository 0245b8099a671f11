/**
 * What it takes to draw the screen as it was: from which moment on it is known, and how the terminal was resized since.
 *
 * The screen is known where a session begins, because it is blank. Once the output after that is no longer retained, it
 * is known from a copy: one is made whenever half of what is retained is new and none of it waits to be drawn, so a flood
 * is not held up by it. What comes after a copy is retained for as long as the copy is kept.
 */
import { replayBytes, type Screen } from '@pilotty/terminal';
import type { OutputMoment } from '../pty/output-times.ts';
import type { Retention } from '../pty/retention.ts';

/** Sooner there is no other: a copy takes some milliseconds. */
const COPY_INTERVAL_MS = 1000;
const LEAST_COPY_BYTES = 64 * 1024;
/** Rows above the screen that a copy has: a resize may bring them back. */
const COPIED_SCROLLBACK = 500;
/** Beyond so many the screen is copied, and what was before is not known any more. */
const MAX_RESIZES = 1024;

/** The screen is known here. */
export interface KnownScreen {
  offset: number;
  timeMs: number;
  cols: number;
  rows: number;
  /** Turn a new terminal of this size into the screen. */
  bytes: Uint8Array;
  /** How many resizes it has seen. */
  resizes: number;
}

export interface Resize {
  /** Which one of the session it is, from 1 on. */
  number: number;
  offset: number;
  timeMs: number;
  cols: number;
  rows: number;
}

export interface ScreenHistoryState {
  known: readonly KnownScreen[];
  resizes: readonly Resize[];
  resizeCount: number;
}

export class ScreenHistory {
  readonly #screen: Screen;
  readonly #retention: Retention;
  readonly #now: () => number;
  readonly #drawnBytes: () => number | undefined;
  /** A copy is due, and the last one was made only just. */
  #timer: NodeJS.Timeout | undefined;
  #known: KnownScreen[];
  #resizes: Resize[] = [];
  #resizeCount = 0;

  constructor(
    screen: Screen,
    retention: Retention,
    {
      now,
      drawnBytes,
    }: {
      /** As that of what the retention is given. */
      now: () => number;
      /** How much output the screen shows; undefined while there is more that waits to be drawn. */
      drawnBytes: () => number | undefined;
    },
  ) {
    this.#screen = screen;
    this.#retention = retention;
    this.#now = now;
    this.#drawnBytes = drawnBytes;
    this.#known = [{ offset: 0, timeMs: now(), ...screen.size, bytes: new Uint8Array(0), resizes: 0 }];
  }

  get state(): ScreenHistoryState {
    return { known: this.#known, resizes: this.#resizes, resizeCount: this.#resizeCount };
  }

  adopt({ known, resizes, resizeCount }: ScreenHistoryState): void {
    this.#known = [...known];
    this.#resizes = [...resizes];
    this.#resizeCount = resizeCount;
  }

  /** The copies of the screen. */
  get memoryBytes(): number {
    return this.#known.reduce((sum, { bytes }) => sum + bytes.length, 0);
  }

  /** The first moment whose screen can be drawn again; undefined where there is none. */
  get earliest(): KnownScreen | undefined {
    return this.#known.find((known) => this.#isUsable(known));
  }

  /** The screen has been resized, and shows so many bytes. */
  resized(parsedBytes: number): void {
    this.#resizeCount += 1;
    this.#resizes.push({
      number: this.#resizeCount,
      offset: parsedBytes,
      timeMs: this.#now(),
      ...this.#screen.size,
    });
    if (this.#resizes.length <= MAX_RESIZES) return;
    this.#known = [];
    this.#copy(parsedBytes);
  }

  /** Something has been drawn. */
  drawn(): void {
    const drawnBytes = this.#drawnBytes();
    if (drawnBytes === undefined || this.#timer !== undefined || !this.#isCopyDue(drawnBytes)) return;
    const leftMs = COPY_INTERVAL_MS - (this.#now() - this.#lastCopyMs);
    if (leftMs <= 0) this.#copy(drawnBytes);
    else this.#timer = setTimeout(() => this.#copyLate(), leftMs).unref();
  }

  /** Another goes on with what it knows. */
  leave(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** Nothing will be drawn until the program is restarted. Idempotent. */
  close(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const drawnBytes = this.#drawnBytes();
    if (drawnBytes !== undefined && this.#isCopyDue(drawnBytes)) this.#copy(drawnBytes);
  }

  #copyLate(): void {
    this.#timer = undefined;
    this.drawn();
  }

  #isCopyDue(drawnBytes: number): boolean {
    const spacing = Math.max(this.#retention.limit / 2, LEAST_COPY_BYTES);
    return drawnBytes - (this.#known.at(-1)?.offset ?? 0) >= spacing;
  }

  get #lastCopyMs(): number {
    return this.#known.at(-1)?.timeMs ?? 0;
  }

  /**
   * From where on to draw, and what happened to the size by then; undefined where that is not known any more.
   * @param untilMs resizes that came later have not happened
   */
  wayTo(
    { offset }: Pick<OutputMoment, 'offset'> & Partial<OutputMoment>,
    untilMs: number,
  ): { from: KnownScreen; resizes: readonly Resize[] } | undefined {
    const from = this.#known.findLast(
      (known) => known.offset <= offset && known.timeMs <= untilMs && this.#isUsable(known),
    );
    if (from === undefined) return undefined;
    const resizes = this.#resizes.filter(
      (resize) => resize.number > from.resizes && resize.offset <= offset && resize.timeMs <= untilMs,
    );
    return { from, resizes };
  }

  #isUsable({ offset }: KnownScreen): boolean {
    return offset >= this.#retention.start;
  }

  #copy(parsedBytes: number): void {
    this.#known = this.#known.filter((known) => this.#isUsable(known));
    this.#known.push({
      offset: parsedBytes,
      timeMs: this.#now(),
      ...this.#screen.size,
      bytes: replayBytes(this.#screen, { scrollback: COPIED_SCROLLBACK }),
      resizes: this.#resizeCount,
    });
    const seen = this.#known[0]?.resizes ?? 0;
    this.#resizes = this.#resizes.filter(({ number }) => number > seen);
  }
}
