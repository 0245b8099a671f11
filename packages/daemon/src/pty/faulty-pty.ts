/**
 * A program's terminal with faults between the two. Order is as without them: output comes in its order, the exit
 * after the last of it; input goes in its order.
 *
 * Each piece of output has a turn of the event loop of its own, so that what is half drawn is seen by those who look.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { PtyOptions } from './fork.ts';
import { Pty, type PtyExit, type PtyListeners } from './pty.ts';
import type { SentInput } from './queued-write.ts';
import { Cutter, type TerminalFaults } from './terminal-faults.ts';

/** A program's terminal, with faults or without; or its pipes, where it has none. */
export interface ProgramTerminal
  extends Pick<Pty, 'pid' | 'queuedBytes' | 'pause' | 'resume' | 'write' | 'readArrived' | 'resize'> {
  /** Undefined where it has no terminal. */
  readonly terminalPath: string | undefined;
}

/** A program has read the first piece before the second comes. */
const INPUT_GAP_MS = 2;
/** A slow terminal is served this often. */
const TICK_MS = 10;
/** So much may be on its way; a program that prints more waits. */
const MAX_WAITING_BYTES = 4096;

export class FaultyPty implements ProgramTerminal {
  readonly #pty: Pty;
  readonly #listeners: PtyListeners;
  readonly #outputCuts: Cutter;
  readonly #inputCuts: Cutter;
  readonly #cutsInput: boolean;
  readonly #bytesPerSecond: number;
  #waiting = Buffer.alloc(0);
  #isScheduled = false;
  #isPaused = false;
  #exit: PtyExit | undefined;
  #input: Promise<unknown> = Promise.resolve();
  #queuedBytes = 0;

  /** @throws Error when no terminal or process can be made. */
  constructor(options: PtyOptions, listeners: PtyListeners, faults: TerminalFaults) {
    this.#listeners = listeners;
    this.#outputCuts = new Cutter(faults.output, faults.seed);
    this.#inputCuts = new Cutter(faults.input, faults.seed);
    this.#cutsInput = faults.input !== undefined;
    this.#bytesPerSecond = faults.bytes_per_second ?? Number.POSITIVE_INFINITY;
    this.#pty = new Pty(options, {
      output: (bytes) => {
        this.#waiting = Buffer.concat([this.#waiting, bytes]);
        this.#holdBack();
        this.#schedule();
      },
      exit: (exit) => {
        this.#exit = exit;
        this.#schedule();
      },
    });
  }

  get pid(): number {
    return this.#pty.pid;
  }

  get terminalPath(): string {
    return this.#pty.terminalPath;
  }

  get queuedBytes(): number {
    return this.#pty.queuedBytes + this.#queuedBytes;
  }

  pause(): void {
    this.#isPaused = true;
    this.#holdBack();
  }

  resume(): void {
    this.#isPaused = false;
    this.#holdBack();
    this.#schedule();
  }

  resize(cols: number, rows: number): void {
    this.#pty.resize(cols, rows);
  }

  /** @returns false while some of the output is on its way */
  readArrived(): boolean {
    return this.#waiting.length === 0 && this.#pty.readArrived() && this.#waiting.length === 0;
  }

  write(bytes: Uint8Array, until?: { readonly signal: AbortSignal }): SentInput {
    if (!this.#cutsInput) return this.#pty.write(bytes, until);
    this.#queuedBytes += bytes.length;
    const sent = { takenBytes: 0, written: Promise.resolve(false) };
    sent.written = this.#input.then(async () => {
      for (let at = 0; at < bytes.length; ) {
        const piece = bytes.subarray(at, at + this.#inputCuts.next(bytes.length - at));
        const isWritten = !until?.signal.aborted && (await this.#pty.write(piece, until).written);
        if (!isWritten) {
          this.#queuedBytes -= bytes.length - at;
          return false;
        }
        at += piece.length;
        sent.takenBytes = at;
        this.#queuedBytes -= piece.length;
        await delay(INPUT_GAP_MS);
      }
      return true;
    });
    this.#input = sent.written;
    return sent;
  }

  /** The program is read while there is room, and the terminal takes it. */
  #holdBack(): void {
    if (this.#isPaused || this.#waiting.length >= MAX_WAITING_BYTES) this.#pty.pause();
    else this.#pty.resume();
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    const deliver = () => {
      this.#isScheduled = false;
      this.#deliver();
    };
    const isSlow = Number.isFinite(this.#bytesPerSecond) && this.#exit === undefined;
    if (isSlow) setTimeout(deliver, TICK_MS);
    else setImmediate(deliver);
  }

  #deliver(): void {
    // What was printed last is drawn also where the terminal was to be read no further.
    if (this.#isPaused && this.#exit === undefined) return;
    const most = this.#exit === undefined ? Math.ceil((this.#bytesPerSecond * TICK_MS) / 1000) : Infinity;
    const length = Math.min(this.#waiting.length, most, this.#outputCuts.next(this.#waiting.length));
    const piece = this.#waiting.subarray(0, length);
    this.#waiting = this.#waiting.subarray(length);
    if (length > 0) this.#listeners.output(piece);
    if (this.#exit === undefined) this.#holdBack();
    if (this.#waiting.length > 0) this.#schedule();
    else if (this.#exit !== undefined) this.#listeners.exit(this.#exit);
  }
}
