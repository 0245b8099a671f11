/**
 * A program on a pseudo-terminal.
 *
 * It promises what node-pty's own API does not: every byte the program wrote is delivered, and the
 * exit is reported at once, after the last of them. libuv reports end-of-file when a terminal hangs up
 * after a partial read, and bytes are lost; so the daemon keeps a descriptor of the terminal's
 * other side open, which means the hang-up never comes, and when the program has been reaped reads
 * what is left until the kernel says there is no more (Linux flushes the line's buffers before it
 * answers EAGAIN).
 *
 * Writes never block: the descriptor is non-blocking, and what the kernel does not take is queued.
 */
import fs from 'node:fs';
import type { SocketConstructorOpts } from 'node:net';
import tty from 'node:tty';
import { type Child, exitOf } from './child.ts';
import { terminalAdopted, terminalClosed } from './descriptor-gaps.ts';
import { abandon, fork, type PtyOptions, type RunningProgram, resizeTerminal } from './fork.ts';
import { QueuedWrite, type SentInput } from './queued-write.ts';
import type { Stream } from './stream-marks.ts';

export interface PtyExit {
  exitCode: number | null;
  /** 'SIGTERM' and so on, or null. */
  signal: string | null;
  /** False if the terminal failed before its last byte could be read. */
  outputComplete: boolean;
}

export interface PtyListeners {
  /**
   * The bytes are the caller's for the time of the call: what is read next is read to the same place.
   * @param stream of a program without a terminal
   */
  output(bytes: Buffer, stream?: Stream): void;
  /** After the last `output`. */
  exit(exit: PtyExit): void;
}

/** While a program does not read, the kernel does not report when it does again; retry this often. */
const WRITE_RETRY_MS = 5;
const READ_BYTES = 64 * 1024;
/**
 * All that is read from terminals, one read after the other. With a buffer for each read there would be twenty thousand
 * for 100 MB, and what is freed of them in between others stays with the process.
 */
const readBuffer = Buffer.allocUnsafeSlow(READ_BYTES);
/** More than a terminal holds for who reads it: Linux 13.8 kB. What has been printed before so much was read is among it. */
const MOST_UNREAD_BYTES = 32 * 1024;
/** Read at once at most: what prints on and on has no end. */
const MAX_READS_AT_ONCE = 32;

export class Pty {
  readonly pid: number;
  /** Path of the program's side, as `tty` prints it. */
  readonly terminalPath: string;
  readonly #fd: number;
  readonly #child: Child;
  #isPaused = false;
  /** Its session is being handed over: nothing is read, and no end is reported. */
  #isFrozen = false;
  #otherSide: number | undefined;
  readonly #reader: tty.ReadStream;
  readonly #listeners: PtyListeners;
  readonly #writes: QueuedWrite[] = [];
  #queuedBytes = 0;
  #retry: NodeJS.Timeout | undefined;
  #ended = false;

  /**
   * Goes on with a program that another daemon has started; frozen, until thaw().
   * @throws Error when the terminal cannot be opened; the program is left as it is
   */
  static adopt(program: RunningProgram, listeners: PtyListeners): Pty {
    terminalAdopted(program.fd);
    const pty = new Pty(program, listeners);
    pty.freeze();
    return pty;
  }

  /** @throws Error when no terminal or process can be made, or opened. */
  constructor(from: PtyOptions | RunningProgram, listeners: PtyListeners) {
    const program = 'child' in from ? from : fork(from);
    const { child, fd, terminalPath } = program;
    this.#listeners = listeners;
    this.#child = child;
    this.pid = child.pid;
    this.#fd = fd;
    this.terminalPath = terminalPath;
    try {
      this.#otherSide = openOtherSide(terminalPath);
      this.#reader = new tty.ReadStream(fd, readingWith(listeners));
    } catch (error) {
      if (this.#otherSide !== undefined) fs.closeSync(this.#otherSide);
      if (program !== from) abandon(program);
      throw error;
    }
    // EIO: no process has the terminal open any more. The exit is reported when the program is reaped.
    this.#reader.on('error', () => {});
    child.whenEnded((code, signal) => this.#reaped(code, signal));
    if (program !== from) this.#reader.resume();
  }

  /** Of the terminal's own side. */
  get fd(): number {
    return this.#fd;
  }

  /** What another process needs to go on with it. */
  get descriptors(): readonly number[] {
    return [this.#fd];
  }

  /** Bytes given to `write` that the program's terminal has not taken yet. */
  get queuedBytes(): number {
    return this.#queuedBytes;
  }

  pause(): void {
    this.#isPaused = true;
    this.#reader.pause();
  }

  resume(): void {
    this.#isPaused = false;
    if (!this.#ended && !this.#isFrozen) this.#reader.resume();
  }

  /** Until thaw() nothing is read, and an end is kept back. */
  freeze(): void {
    this.#isFrozen = true;
    this.#reader.pause();
    this.#child.hold();
  }

  thaw(): void {
    this.#isFrozen = false;
    if (!this.#isPaused && !this.#ended) this.#reader.resume();
    this.#child.release();
  }

  /** Another process has the terminal now: it is closed here, and who is the program's parent reports its end. */
  handedOver(report: (pid: number, code: number, signal: number) => void): void {
    const { pid } = this;
    this.#close();
    this.#child.whenEnded((code, signal) => report(pid, code, signal));
    this.#child.release();
  }

  /**
   * Sends bytes to the program, after all that was sent before.
   * @param until takes back what has not been taken; asked for only when the terminal does not take all at once
   * @param takenBytes so many of them were written by writeNow()
   */
  write(bytes: Uint8Array, until?: { readonly signal: AbortSignal }, takenBytes = 0): SentInput {
    if (this.#ended) return { written: Promise.resolve(false), takenBytes };
    const write = new QueuedWrite(bytes);
    write.takenBytes = takenBytes;
    if (takenBytes > 0 && takenBytes === bytes.length) {
      write.settle(true);
      return write;
    }
    this.#writes.push(write);
    this.#queuedBytes += bytes.length - takenBytes;
    if (this.#writes.length === 1) this.#flush();
    if (until && this.#writes.includes(write)) this.#removeOnAbort(write, until.signal);
    return write;
  }

  /** Writes what the terminal takes now, where nothing waits before it. @returns how many bytes */
  writeNow(bytes: Uint8Array): number {
    if (this.#ended || this.#writes.length > 0) return 0;
    try {
      return fs.writeSync(this.#fd, bytes);
    } catch {
      // Why is found when it is sent again.
      return 0;
    }
  }

  /**
   * Reads all that was printed before this call, without waiting for the event loop.
   * @returns false where that is not certain: the kernel does not promise it, or reading is paused
   */
  readArrived(): boolean {
    if (process.platform !== 'linux' || this.#ended) return false;
    let bytes = 0;
    for (let reads = 0; reads < MAX_READS_AT_ONCE && bytes < MOST_UNREAD_BYTES; reads++) {
      if (this.#reader.isPaused()) return false;
      const length = readNow(this.#fd);
      // Linux hands on all that was written before it answers that there is nothing more.
      if (typeof length === 'string') return length === 'EAGAIN';
      if (length === 0) return false;
      bytes += length;
      this.#listeners.output(readBuffer.subarray(0, length));
    }
    return bytes >= MOST_UNREAD_BYTES;
  }

  resize(cols: number, rows: number): void {
    if (!this.#ended) resizeTerminal(this.#fd, cols, rows);
  }

  #flush(): void {
    clearTimeout(this.#retry);
    for (let write = this.#writes[0]; write; write = this.#writes[0]) {
      try {
        const { bytes, takenBytes } = write;
        const written = takenBytes < bytes.length ? fs.writeSync(this.#fd, bytes, takenBytes) : 0;
        write.takenBytes += written;
        this.#queuedBytes -= written;
      } catch (error) {
        if (errorCode(error) === 'EAGAIN') {
          this.#retry = setTimeout(() => this.#flush(), WRITE_RETRY_MS);
        } else {
          this.#failWrites();
        }
        return;
      }
      if (write.takenBytes >= write.bytes.length) {
        this.#writes.shift();
        write.settle(true);
      }
    }
  }

  #removeOnAbort(write: QueuedWrite, signal: AbortSignal): void {
    const takeBack = () => this.#remove(write);
    signal.addEventListener('abort', takeBack);
    write.settled = () => signal.removeEventListener('abort', takeBack);
    if (signal.aborted) takeBack();
  }

  #remove(write: QueuedWrite): void {
    const index = this.#writes.indexOf(write);
    if (index === -1) return;
    this.#writes.splice(index, 1);
    this.#queuedBytes -= write.bytes.length - write.takenBytes;
    write.settle(false);
  }

  #failWrites(): void {
    clearTimeout(this.#retry);
    this.#queuedBytes = 0;
    for (const write of this.#writes.splice(0)) write.settle(false);
  }

  #reaped(code: number, signalNumber: number): void {
    const outputComplete = this.#drain();
    this.#close();
    this.#listeners.exit({ ...exitOf({ code, signal: signalNumber }), outputComplete });
  }

  /** Reads what is left. What Node has read has been passed on. */
  #drain(): boolean {
    this.#reader.pause();
    for (;;) {
      const length = readNow(this.#fd);
      // EAGAIN: nothing left while our own descriptor keeps the line up. EIO: nothing left, line down.
      if (typeof length === 'string') return length === 'EAGAIN' || length === 'EIO';
      if (length === 0) return true;
      this.#listeners.output(readBuffer.subarray(0, length));
    }
  }

  #close(): void {
    this.#ended = true;
    this.#failWrites();
    if (this.#otherSide !== undefined) fs.closeSync(this.#otherSide);
    this.#otherSide = undefined;
    terminalClosed(this.#fd);
    this.#reader.destroy();
  }
}

/**
 * Reads to `readBuffer`, without waiting.
 * @returns how many bytes, or why there are none: EAGAIN where nothing more has been printed
 */
function readNow(fd: number): number | string {
  const { stackTraceLimit } = Error;
  // Most of these reads find nothing, and the stack of the error that says so takes longer than the read.
  Error.stackTraceLimit = 0;
  try {
    return fs.readSync(fd, readBuffer);
  } catch (error) {
    return errorCode(error) ?? 'unknown';
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

/** As net.Socket has it; the types of Node have it for sockets that connect only. */
function readingWith(listeners: PtyListeners): SocketConstructorOpts {
  const callback = (length: number) => {
    listeners.output(readBuffer.subarray(0, length));
    return true;
  };
  return { onread: { buffer: readBuffer, callback } } as SocketConstructorOpts;
}

/** macOS hangs up a terminal when its session ends, even while it is open: there is nothing to keep. */
function openOtherSide(path: string): number | undefined {
  if (process.platform !== 'linux') return undefined;
  return fs.openSync(path, fs.constants.O_RDWR | fs.constants.O_NOCTTY);
}

function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}
