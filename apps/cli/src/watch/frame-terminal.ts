/** The user's terminal as `watch` has it: on the alternate screen, without a cursor, drawn in frames, read in keys. */

import { KeyReader, type TypedKey } from '@pilotty/terminal/key-reader';
import type { UserTerminal } from '../terminal/user-terminal.ts';

/** Alternate screen; no cursor; nothing wraps at the right edge; a paste comes in brackets. */
const ENTER = '\x1b[?1049h\x1b[?25l\x1b[?7l\x1b[?2004h';
const LEAVE = '\x1b[m\x1b[?2004l\x1b[?7h\x1b[?25h\x1b[?1049l';
/** A terminal that knows it shows a frame at once, and not row by row. */
const FRAME = { begin: '\x1b[?2026h', end: '\x1b[?2026l' };
/** Longer than the bytes of one key are apart, also over ssh. */
const ESCAPE_MS = 60;

export interface FrameListener {
  keys(keys: TypedKey[]): void;
  /** Nothing of what was drawn is there any more. */
  lost(): void;
}

export class FrameTerminal {
  readonly #terminal: UserTerminal;
  readonly #listener: FrameListener;
  readonly #reader = new KeyReader();
  #flushing: NodeJS.Timeout | undefined;

  constructor(terminal: UserTerminal, listener: FrameListener) {
    this.#terminal = terminal;
    this.#listener = listener;
  }

  get size(): { cols: number; rows: number } {
    return this.#terminal.size;
  }

  async open(): Promise<void> {
    await this.#terminal.enter({
      entering: ENTER,
      leaving: () => {
        clearTimeout(this.#flushing);
        return LEAVE;
      },
      rescue: FRAME.end + LEAVE,
      typed: (bytes) => this.#typed(bytes),
      lost: () => this.#listener.lost(),
      // SIGHUP says it, too, and ends the command.
      closed: () => {},
    });
  }

  /** Idempotent. */
  close(): void {
    this.#terminal.leave();
  }

  /** @returns false while the terminal is not ours: nothing was drawn */
  draw(frame: string): boolean {
    if (!this.#terminal.isOurs) return false;
    if (frame !== '') void this.#terminal.write(FRAME.begin + frame + FRAME.end);
    return true;
  }

  /** Another program has the terminal until it is done with it. */
  async lend(to: () => Promise<void>): Promise<void> {
    await this.#terminal.lend(to);
  }

  suspend(): void {
    this.#terminal.suspend();
  }

  #typed(bytes: Buffer): void {
    clearTimeout(this.#flushing);
    this.#listener.keys(this.#reader.read(bytes));
    if (this.#reader.isPending)
      this.#flushing = setTimeout(() => this.#listener.keys(this.#reader.flush()), ESCAPE_MS);
  }
}
