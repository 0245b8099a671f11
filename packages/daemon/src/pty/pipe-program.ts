/**
 * A program without a terminal: pipes are its stdin, stdout and stderr.
 *
 * It promises what Pty does: every byte that the program wrote by its end is delivered, and the end is reported after
 * the last of them. What others still write to its stdout then is not waited for, as a terminal would hang up on them.
 * Of each stream the order is kept; between the two it is that of the reads.
 *
 * Writes never block, and back-pressure goes both ways: input that the pipe does not take is queued, and a program that
 * writes while it is not to be read waits.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import type { ProgramTerminal } from './faulty-pty.ts';
import type { PtyOptions } from './fork.ts';
import { launching, withUmask } from './launch.ts';
import { closePipes, openPipes } from './pipes.ts';
import type { PtyListeners } from './pty.ts';
import { QueuedWrite, type SentInput } from './queued-write.ts';
import type { Stream } from './stream-marks.ts';

/** A pipe holds 64 KiB: one that is read all the time takes more as often as this. */
const WRITE_RETRY_MS = 1;
/** And one that is not read for a while this often. */
const SLOWEST_RETRY_MS = 20;
const READ_BYTES = 64 * 1024;
/** All that is read from pipes, one read after the other. */
const readBuffer = Buffer.allocUnsafeSlow(READ_BYTES);
/** Read at once at most: what prints on and on has no end. */
const MAX_READS_AT_ONCE = 4;

export class PipeProgram implements ProgramTerminal {
  readonly pid: number;
  readonly terminalPath = undefined;
  readonly #listeners: PtyListeners;
  readonly #stdin: number;
  readonly #readers: readonly StreamReader[];
  readonly #writes: QueuedWrite[] = [];
  #queuedBytes = 0;
  #retry: NodeJS.Timeout | undefined;
  #retryMs = WRITE_RETRY_MS;
  /** What was sent is still to be written, and then it is closed. */
  #isEnding = false;
  #isInputClosed = false;
  #ended = false;

  /** @throws Error when no pipe or process can be made, or the program cannot be executed. */
  constructor(options: PtyOptions, listeners: PtyListeners) {
    this.#listeners = listeners;
    const { ours, theirs } = openPipes();
    let child: ChildProcess;
    try {
      child = start(options, [theirs.stdin, theirs.stdout, theirs.stderr]);
    } catch (error) {
      closePipes(ours);
      throw error;
    } finally {
      closePipes(theirs);
    }
    this.pid = child.pid as number;
    this.#stdin = ours.stdin;
    this.#readers = [
      new StreamReader(ours.stdout, 'stdout', listeners),
      new StreamReader(ours.stderr, 'stderr', listeners),
    ];
    child.once('exit', (code, signal) => this.#reaped(code, signal));
  }

  get queuedBytes(): number {
    return this.#queuedBytes;
  }

  /** Nothing more can be sent: EOF was, or nothing reads it any more. */
  get isInputClosed(): boolean {
    return this.#isEnding || this.#isInputClosed;
  }

  pause(): void {
    for (const reader of this.#readers) reader.pause();
  }

  resume(): void {
    if (!this.#ended) for (const reader of this.#readers) reader.resume();
  }

  /** There is nothing that has a size. */
  resize(): void {}

  /** As Pty.readArrived(). */
  readArrived(): boolean {
    if (this.#ended) return false;
    return this.#readers.map((reader) => reader.readNow(MAX_READS_AT_ONCE)).every((isAll) => isAll);
  }

  /** As Pty.write(). */
  write(bytes: Uint8Array, until?: { readonly signal: AbortSignal }): SentInput {
    if (this.isInputClosed) return { written: Promise.resolve(false), takenBytes: 0 };
    const write = new QueuedWrite(bytes);
    this.#writes.push(write);
    this.#queuedBytes += bytes.length;
    if (this.#writes.length === 1) this.#flush();
    if (until && this.#writes.includes(write)) this.#removeOnAbort(write, until.signal);
    return write;
  }

  /** Closes stdin once all that was sent is written. Idempotent. */
  endInput(): void {
    this.#isEnding = true;
    if (this.#writes.length === 0) this.#closeInput();
  }

  #flush(): void {
    clearTimeout(this.#retry);
    for (let write = this.#writes[0]; write; write = this.#writes[0]) {
      try {
        const { bytes, takenBytes } = write;
        const written = takenBytes < bytes.length ? fs.writeSync(this.#stdin, bytes, takenBytes) : 0;
        write.takenBytes += written;
        this.#queuedBytes -= written;
        if (written > 0) this.#retryMs = WRITE_RETRY_MS;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') {
          this.#closeInput();
          return;
        }
        this.#retry = setTimeout(() => this.#flush(), this.#retryMs);
        this.#retryMs = Math.min(this.#retryMs * 2, SLOWEST_RETRY_MS);
        return;
      }
      if (write.takenBytes >= write.bytes.length) {
        this.#writes.shift();
        write.settle(true);
      }
    }
    if (this.#isEnding) this.#closeInput();
  }

  #removeOnAbort(write: QueuedWrite, signal: AbortSignal): void {
    const takeBack = () => {
      const index = this.#writes.indexOf(write);
      if (index === -1) return;
      this.#writes.splice(index, 1);
      this.#queuedBytes -= write.bytes.length - write.takenBytes;
      write.settle(false);
      if (this.#isEnding && this.#writes.length === 0) this.#closeInput();
    };
    signal.addEventListener('abort', takeBack);
    write.settled = () => signal.removeEventListener('abort', takeBack);
    if (signal.aborted) takeBack();
  }

  #closeInput(): void {
    if (this.#isInputClosed) return;
    this.#isInputClosed = true;
    clearTimeout(this.#retry);
    this.#queuedBytes = 0;
    fs.closeSync(this.#stdin);
    for (const write of this.#writes.splice(0)) write.settle(false);
  }

  #reaped(exitCode: number | null, signal: string | null): void {
    this.#ended = true;
    const wasRead = this.#readers.map((reader) => reader.end());
    this.#closeInput();
    this.#listeners.exit({ exitCode, signal, outputComplete: wasRead.every((isAll) => isAll) });
  }
}

/** One of the two streams that are read. */
class StreamReader {
  readonly #fd: number;
  readonly #stream: Stream;
  readonly #listeners: PtyListeners;
  readonly #socket: net.Socket;
  #isPaused = false;
  /** All who could write to it have closed it. */
  #isOver = false;

  constructor(fd: number, stream: Stream, listeners: PtyListeners) {
    this.#fd = fd;
    this.#stream = stream;
    this.#listeners = listeners;
    const callback = (length: number) => {
      this.#pass(length);
      return true;
    };
    // As net.Socket has it; the types of Node have `onread` for sockets that connect only.
    const options = { fd, readable: true, writable: false, onread: { buffer: readBuffer, callback } };
    this.#socket = new net.Socket(options as net.SocketConstructorOpts);
    const over = () => {
      this.#isOver = true;
    };
    this.#socket.once('end', over).once('close', over).on('error', over);
    this.#socket.resume();
  }

  pause(): void {
    this.#isPaused = true;
    this.#socket.pause();
  }

  resume(): void {
    this.#isPaused = false;
    if (!this.#isOver) this.#socket.resume();
  }

  /** @returns false where that may not be all */
  readNow(most: number): boolean {
    if (this.#isOver) return true;
    if (this.#isPaused) return false;
    return this.#read(most);
  }

  /** Its program has ended: reads what is left, also where it was not to be read. @returns whether that is all */
  end(): boolean {
    const isAll = this.#isOver || this.#read(Number.POSITIVE_INFINITY);
    this.#isOver = true;
    this.#socket.destroy();
    return isAll;
  }

  #read(most: number): boolean {
    for (let reads = 0; reads < most; reads++) {
      try {
        const length = fs.readSync(this.#fd, readBuffer);
        // The end is reported to the socket as well, and closes it.
        if (length === 0) return true;
        this.#pass(length);
      } catch (error) {
        return (error as NodeJS.ErrnoException).code === 'EAGAIN';
      }
    }
    return false;
  }

  #pass(length: number): void {
    this.#listeners.output(readBuffer.subarray(0, length), this.#stream);
  }
}

/** @throws Error when no process can be made, or the program cannot be executed */
function start(options: PtyOptions, stdio: readonly [number, number, number]): ChildProcess {
  const [file, ...args] = launching(options.argv, options);
  const { cwd, env } = options;
  // A session of its own, as the program on a terminal has one: its number is that of all that it starts.
  const child = withUmask(options.umask, () =>
    spawn(file, args, { cwd, env: { ...env }, stdio: [...stdio], detached: true }),
  );
  if (child.pid !== undefined) return child;
  // Why, Node says later, and to nobody here.
  child.on('error', () => {});
  throw new Error('the system starts no process, or cannot execute this program');
}
