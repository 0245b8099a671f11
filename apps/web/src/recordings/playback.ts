/**
 * Plays a recording into a terminal: by the clock of the browser, slower or faster, with a pause, from any moment.
 *
 * The screen of a moment is made by all events up to it, in their order; to go back is to begin anew. While a jump draws,
 * the clock stands still; a later jump ends an earlier one.
 */
import { sizeOf } from '@pilotty/asciicast';
import { computed, signal } from '@preact/signals';
import { countUntil, type Film, type Marker, timesOf } from './film.ts';

/** What a recording is played on. */
export interface Stage {
  restart(size: { cols: number; rows: number }): void;
  resize(size: { cols: number; rows: number }): void;
  /** Resolves when it is drawn. */
  write(bytes: Uint8Array): Promise<void>;
  readonly isBehind: boolean;
}

/** Of a jump, between which the browser does something else. */
const PIECE_CHARACTERS = 256 * 1024;
/** A tab that was in the background had no frames: that time has not passed for who watches. */
const LONGEST_FRAME_MS = 1_000;
/** A terminal has no fewer. */
const MIN_COLS = 2;

export class Playback {
  readonly film: Film;
  /** In the time of the recording as it is played: without what the pauses are too long. */
  readonly atMs = signal(0);
  readonly isPlaying = signal(true);
  readonly isSeeking = signal(false);
  readonly speed = signal(1);
  readonly idleLimitMs = signal<number | undefined>(undefined);
  readonly times = computed(() => timesOf(this.film, this.idleLimitMs.value));
  readonly durationMs = computed(() => this.times.value.at(-1) ?? 0);
  readonly #stage: Stage;
  readonly #encoder = new TextEncoder();
  /** How many events are drawn, or on their way. */
  #count = 0;
  #jumps = 0;
  #lastFrameMs: number | undefined;

  constructor(film: Film, stage: Stage) {
    this.film = film;
    this.#stage = stage;
    this.idleLimitMs.value = film.header.idleLimitMs;
    this.#rewind();
  }

  /** To be called for each frame of the browser, with its time. */
  frame(nowMs: number): void {
    const passedMs = Math.min(nowMs - (this.#lastFrameMs ?? nowMs), LONGEST_FRAME_MS);
    this.#lastFrameMs = nowMs;
    if (!this.isPlaying.peek() || this.isSeeking.peek() || this.#stage.isBehind) return;
    const endMs = this.durationMs.peek();
    const atMs = Math.min(this.atMs.peek() + passedMs * this.speed.peek(), endMs);
    const count = countUntil(this.times.peek(), atMs);
    while (this.#count < count) void this.#drawPiece(count);
    this.atMs.value = atMs;
    if (atMs >= endMs) this.isPlaying.value = false;
  }

  togglePlaying(): void {
    if (!this.isPlaying.peek() && this.atMs.peek() >= this.durationMs.peek()) void this.seek(0);
    this.isPlaying.value = !this.isPlaying.peek();
  }

  /** Resolves when the screen of that moment is drawn, or a later jump has begun. */
  seek(ms: number): Promise<void> {
    const atMs = Math.min(Math.max(ms, 0), this.durationMs.peek());
    return this.#jump(countUntil(this.times.peek(), atMs), atMs);
  }

  /** To the screen that was there when it was set. */
  seekToMarker({ index }: Marker): Promise<void> {
    return this.#jump(index, this.times.peek()[index] ?? 0);
  }

  /** In direction 1 the one after this moment, in -1 the one before it. */
  seekToNextMarker(direction: 1 | -1): Promise<void> | undefined {
    const { markers } = this.film;
    // While it plays, a marker that was jumped to is soon behind: one less than a second back is passed over.
    const pastMs = this.atMs.peek() - (this.isPlaying.peek() ? 1_000 : 0);
    const timeOf = ({ index }: Marker) => this.times.peek()[index] ?? 0;
    const found =
      direction === 1
        ? markers.find((marker) => marker.index >= this.#count && timeOf(marker) > this.atMs.peek())
        : markers.findLast((marker) => timeOf(marker) < pastMs);
    return found && this.seekToMarker(found);
  }

  /** Pauses of the recording are at most so long; the screen stays the one that it is. */
  limitPauses(ms: number | undefined): void {
    this.idleLimitMs.value = ms;
    this.atMs.value = this.times.peek()[this.#count - 1] ?? 0;
  }

  async #jump(count: number, atMs: number): Promise<void> {
    const jump = ++this.#jumps;
    this.isSeeking.value = true;
    this.atMs.value = atMs;
    if (count < this.#count) this.#rewind();
    while (this.#count < count) {
      await this.#drawPiece(count);
      if (jump !== this.#jumps) return;
    }
    // Also what was on its way before.
    await this.#stage.write(new Uint8Array());
    if (jump === this.#jumps) this.isSeeking.value = false;
  }

  #rewind(): void {
    this.#count = 0;
    this.#stage.restart(this.#terminalSize(this.film.header));
  }

  /** The next events, as far as one of them changes the size or there are enough characters. */
  #drawPiece(count: number): Promise<void> {
    let text = '';
    while (this.#count < count && text.length < PIECE_CHARACTERS) {
      const { code, data } = this.film.events[this.#count] as Film['events'][number];
      if (code === 'r' && text !== '') break;
      this.#count += 1;
      if (code === 'o') text += data;
      else if (code === 'r') {
        this.#stage.resize(this.#terminalSize(sizeOf(data)));
      }
    }
    return this.#stage.write(this.#encoder.encode(text));
  }

  #terminalSize({ cols, rows }: { cols: number; rows: number }): { cols: number; rows: number } {
    return { cols: Math.max(MIN_COLS, cols), rows };
  }
}
