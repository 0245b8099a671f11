/**
 * The user's own terminal, as a full-screen program has it: raw, on its alternate screen, without a cursor. It is left
 * as it was found on every way out but SIGKILL, before anything else happens: what ends the process finds it restored.
 * Of the command nothing else touches the process.
 */
import { type Key, KeyReader } from './keys.ts';

/** Alternate screen; no cursor; nothing wraps at the right edge; a paste comes in brackets. */
const ENTER = '\x1b[?1049h\x1b[?25l\x1b[?7l\x1b[?2004h';
const LEAVE = '\x1b[m\x1b[?2004l\x1b[?7h\x1b[?25h\x1b[?1049l';
/** A terminal that knows it shows a frame at once, and not row by row. */
const FRAME = { begin: '\x1b[?2026h', end: '\x1b[?2026l' };
/** Longer than the bytes of one key are apart, also over ssh. */
const ESCAPE_MS = 60;
/** The kernel stops a process a moment after it has asked for it. */
const STOPPED_MS = 20;

const ENDING = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const;

export interface TerminalListener {
  keys(keys: Key[]): void;
  /** Nothing of what was drawn is there any more: another size, or back from elsewhere. */
  lost(): void;
}

export class UserTerminal {
  readonly #input = process.stdin;
  readonly #output = process.stdout;
  readonly #listener: TerminalListener;
  readonly #reader = new KeyReader();
  #isEntered = false;
  #flushing: NodeJS.Timeout | undefined;

  constructor(listener: TerminalListener) {
    this.#listener = listener;
  }

  get size(): { cols: number; rows: number } {
    const { columns = 80, rows = 24 } = this.#output;
    return { cols: Math.max(1, columns), rows: Math.max(1, rows) };
  }

  /** From here on whatever ends the process restores it. */
  open(): void {
    for (const signal of ENDING) process.once(signal, this.#ended);
    process.on('SIGTSTP', this.#suspend);
    process.on('SIGCONT', this.#continued);
    process.on('exit', this.#leave);
    process.on('uncaughtExceptionMonitor', this.#leave);
    // A terminal that is gone: SIGHUP says so, and what is written to it is lost.
    this.#output.on('error', ignore);
    this.#input.on('error', ignore);
    this.#output.on('resize', this.#resized);
    this.#input.on('data', this.#read);
    this.#enter();
  }

  /** Idempotent. */
  close(): void {
    this.#leave();
    for (const signal of ENDING) process.off(signal, this.#ended);
    process.off('SIGTSTP', this.#suspend);
    process.off('SIGCONT', this.#continued);
    process.off('exit', this.#leave);
    process.off('uncaughtExceptionMonitor', this.#leave);
    this.#output.off('resize', this.#resized);
    this.#input.off('data', this.#read);
    this.#input.pause();
  }

  /** Draws a frame; nothing while another program has the terminal. */
  draw(frame: string): boolean {
    if (!this.#isEntered) return false;
    if (frame !== '') this.#output.write(FRAME.begin + frame + FRAME.end);
    return true;
  }

  /** Lets another program have the terminal, as it was found. */
  async lend(use: () => Promise<void>): Promise<void> {
    this.#leave();
    try {
      await use();
    } finally {
      this.#enter();
      this.#listener.lost();
    }
  }

  /** Stops the process, and all of its group, as Ctrl+Z does for a program that does not read it. */
  suspend(): void {
    this.#suspend();
  }

  #enter(): void {
    if (this.#isEntered) return;
    this.#isEntered = true;
    this.#input.setRawMode(true);
    this.#input.resume();
    this.#output.write(ENTER);
  }

  /** At once: what is written to a terminal has been written when `write` returns. */
  readonly #leave = () => {
    if (!this.#isEntered) return;
    this.#isEntered = false;
    clearTimeout(this.#flushing);
    this.#input.pause();
    this.#output.write(LEAVE);
    // Fails where the terminal is gone.
    try {
      this.#input.setRawMode(false);
    } catch {}
  };

  readonly #ended = (signal: NodeJS.Signals) => {
    this.#leave();
    // The others end the command in its own way.
    if (signal === 'SIGQUIT') process.kill(process.pid, signal);
  };

  readonly #suspend = () => {
    if (!this.#isEntered) return;
    this.#leave();
    process.off('SIGTSTP', this.#suspend);
    // Ignored by the kernel where nothing could let it go on.
    process.kill(0, 'SIGTSTP');
    setTimeout(() => {
      process.on('SIGTSTP', this.#suspend);
      this.#enter();
      this.#listener.lost();
    }, STOPPED_MS);
  };

  /** What had the terminal meanwhile may have set it otherwise. */
  readonly #continued = () => {
    if (!this.#isEntered) return;
    this.#leave();
    this.#enter();
    this.#listener.lost();
  };

  readonly #resized = () => {
    if (this.#isEntered) this.#listener.lost();
  };

  readonly #read = (bytes: Buffer) => {
    if (!this.#isEntered) return;
    clearTimeout(this.#flushing);
    this.#listener.keys(this.#reader.read(bytes));
    if (this.#reader.isPending)
      this.#flushing = setTimeout(() => this.#listener.keys(this.#reader.flush()), ESCAPE_MS);
  };
}

function ignore(): void {}
