/** What the program has printed and is not on the screen yet: in its terminal, where it must be read, or read and not drawn. */
import type { OutputPipeline } from '../pty/output-pipeline.ts';

/** What a terminal holds at most for who reads it: more waits only where a program floods. */
const CAUGHT_UP_BYTES = 16 * 1024;
/** It takes some tenths of a millisecond, unless it has long sequences in it. */
const CAUGHT_UP_MS = 5;

export class ArrivedOutput {
  readonly #output: OutputPipeline;
  readonly #readTerminal: () => boolean;
  #readAt = Number.NEGATIVE_INFINITY;

  /** @param readTerminal as ProgramTerminal.readArrived(), of the program that runs now */
  constructor(output: OutputPipeline, readTerminal: () => boolean) {
    this.#output = output;
    this.#readTerminal = readTerminal;
  }

  /**
   * Reads what the program has printed by now, and draws none of it.
   * @param recentMs where that was done less than so long ago, it is not done again
   * @returns false where some of it may be missing
   */
  read(recentMs = 0): boolean {
    const now = performance.now();
    if (now - this.#readAt < recentMs) return false;
    this.#readAt = now;
    return this.#readTerminal();
  }

  /**
   * Reads what the program has printed by now, and draws it unless that takes longer than it does for ordinary output: so
   * that what is sent next meets the program's modes, and is looked for where the cursor is.
   * @param recentMs see read()
   */
  catchUp(recentMs = 0): void {
    this.read(recentMs);
    if (this.#output.waitingBytes > CAUGHT_UP_BYTES || this.#output.isPaused) return;
    this.#output.parseArrived(CAUGHT_UP_MS);
  }

  /**
   * Reads and draws what the program has printed by now, so that what is known of the program now is known of this
   * screen too.
   * @returns false where some of it may be missing
   */
  readAndDraw(): boolean {
    const isAll = this.read();
    this.draw();
    return isAll && this.#output.isEmpty;
  }

  /** What is drawn next erases what is on the screen, or some of it. */
  get erasesNext(): boolean {
    return this.#output.erasesNext;
  }

  /** Draws a piece of what has come, now, if it may be drawn: mostly that is all. */
  drawPiece(): void {
    if (!this.#output.isEmpty) this.#output.parsePiece();
  }

  /** Draws what has come, now, unless drawing is paused; of output that takes very long to draw only the first part. */
  draw(): void {
    if (!this.#output.isPaused) this.#output.parseArrived();
  }
}
