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
import os from 'node:os';
import { Child, exitOf } from './child.ts';
import type { ProgramTerminal } from './faulty-pty.ts';
import type { PtyOptions } from './fork.ts';
import { launching, withUmask } from './launch.ts';
import { closePipes, openPipes, type PipeEnds } from './pipes.ts';
import type { PtyListeners } from './pty.ts';
import { QueuedWrite, type SentInput } from './queued-write.ts';
import type { Stream } from './stream-marks.ts';

const STREAMS = ['stdout', 'stderr'] as const;
/** A pipe holds 64 KiB: one that is read all the time takes more as often as this. */
const WRITE_RETRY_MS = 1;
/** And one that is not read for a while this often. */
const SLOWEST_RETRY_MS = 20;
const READ_BYTES = 64 * 1024;
/** All that is read from pipes, one read after the other. */
const readBuffer = Buffer.allocUnsafeSlow(READ_BYTES);
/** Read at once at most: what prints on and on has no end. */
const MAX_READS_AT_ONCE = 4;

/** A program on its pipes, wherever it was started. */
export interface RunningPipes {
  child: Child;
  /** Those that are open. */
  ends: Partial<PipeEnds>;
}

export class PipeProgram implements ProgramTerminal {
  readonly pid: number;
  readonly terminalPath = undefined;
  readonly #listeners: PtyListeners;
  readonly #child: Child;
  /** Undefined once it is closed. */
  #stdin: number | undefined;
  readonly #readers: readonly StreamReader[];
  readonly #writes: QueuedWrite[] = [];
  #queuedBytes = 0;
  #retry: NodeJS.Timeout | undefined;
  #retryMs = WRITE_RETRY_MS;
  /** What was sent is still to be written, and then it is closed. */
  #isEnding = false;
  #isPaused = false;
  /** Its session is being handed over: nothing is read, and no end is reported. */
  #isFrozen = false;
  #ended = false;

  /** Goes on with a program that another daemon has started; frozen, until thaw(). */
  static adopt(program: RunningPipes, listeners: PtyListeners): PipeProgram {
    const adopted = new PipeProgram(program, listeners);
    adopted.freeze();
    return adopted;
  }

  /** @throws Error when no pipe or process can be made, or the program cannot be executed. */
  constructor(from: PtyOptions | RunningPipes, listeners: PtyListeners) {
    const program = 'child' in from ? from : startOnPipes(from);
    const { child, ends } = program;
    this.#listeners = listeners;
    this.#child = child;
    this.pid = child.pid;
    this.#stdin = ends.stdin;
    this.#readers = STREAMS.flatMap((stream) => {
      const fd = ends[stream];
      return fd === undefined ? [] : [new StreamReader(fd, stream, listeners)];
    });
    child.whenEnded((code, signal) => this.#reaped(code, signal));
    if (program !== from) this.resume();
  }

  /** Those that are open. */
  get ends(): Partial<PipeEnds> {
    const streams = this.#readers.filter(({ isOver }) => !isOver).map(({ stream, fd }) => [stream, fd]);
    return { ...(this.#stdin !== undefined && { stdin: this.#stdin }), ...Object.fromEntries(streams) };
  }

  /** What another process needs to go on with it. */
  get descriptors(): readonly number[] {
    return Object.values(this.ends);
  }

  get queuedBytes(): number {
    return this.#queuedBytes;
  }

  /** Nothing more can be sent: EOF was, or nothing reads it any more. */
  get isInputClosed(): boolean {
    return this.#isEnding || this.#stdin === undefined;
  }

  pause(): void {
    this.#isPaused = true;
    for (const reader of this.#readers) reader.pause();
  }

  resume(): void {
    this.#isPaused = false;
    if (!this.#ended && !this.#isFrozen) for (const reader of this.#readers) reader.resume();
  }

  /** As Pty.freeze(). */
  freeze(): void {
    this.#isFrozen = true;
    for (const reader of this.#readers) reader.pause();
    this.#child.hold();
  }

  thaw(): void {
    this.#isFrozen = false;
    if (!this.#isPaused) this.resume();
    this.#child.release();
  }

  /** As Pty.handedOver(): the program notices nothing, since the other process has its pipes open. */
  handedOver(report: (pid: number, code: number, signal: number) => void): void {
    const { pid } = this;
    this.#ended = true;
    for (const reader of this.#readers) reader.close();
    this.#closeInput();
    this.#child.whenEnded((code, signal) => report(pid, code, signal));
    this.#child.release();
  }

  /** There is nothing that has a size. */
  resize(): void {}

  /** As Pty.readArrived(). */
  readArrived(): boolean {
    if (this.#ended || this.#isFrozen) return false;
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
    const stdin = this.#stdin;
    if (stdin === undefined) return;
    for (let write = this.#writes[0]; write; write = this.#writes[0]) {
      try {
        const { bytes, takenBytes } = write;
        const written = takenBytes < bytes.length ? fs.writeSync(stdin, bytes, takenBytes) : 0;
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
    if (this.#stdin === undefined) return;
    clearTimeout(this.#retry);
    this.#queuedBytes = 0;
    fs.closeSync(this.#stdin);
    this.#stdin = undefined;
    for (const write of this.#writes.splice(0)) write.settle(false);
  }

  #reaped(code: number, signal: number): void {
    this.#ended = true;
    const wasRead = this.#readers.map((reader) => reader.end());
    this.#closeInput();
    const outputComplete = wasRead.every((isAll) => isAll);
    this.#listeners.exit({ ...exitOf({ code, signal }), outputComplete });
  }
}

/** One of the two streams that are read. */
class StreamReader {
  readonly fd: number;
  readonly stream: Stream;
  readonly #listeners: PtyListeners;
  readonly #socket: net.Socket;
  #isPaused = true;
  /** All who could write to it have closed it. */
  #isOver = false;

  /** Paused. */
  constructor(fd: number, stream: Stream, listeners: PtyListeners) {
    this.fd = fd;
    this.stream = stream;
    this.#listeners = listeners;
    const callback = (length: number) => {
      this.#pass(length);
      return true;
    };
    // As net.Socket has it; the types of Node have `onread` for sockets that connect only.
    const onread = { buffer: readBuffer, callback };
    const options = { fd, readable: true, writable: false, pauseOnCreate: true, onread };
    this.#socket = new net.Socket(options as net.SocketConstructorOpts);
    const over = () => {
      this.#isOver = true;
    };
    this.#socket.once('end', over).once('close', over).on('error', over);
  }

  get isOver(): boolean {
    return this.#isOver;
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
    this.close();
    return isAll;
  }

  close(): void {
    this.#isOver = true;
    this.#socket.destroy();
  }

  #read(most: number): boolean {
    for (let reads = 0; reads < most; reads++) {
      try {
        const length = fs.readSync(this.fd, readBuffer);
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
    this.#listeners.output(readBuffer.subarray(0, length), this.stream);
  }
}

/** @throws Error when no pipe or process can be made, or the program cannot be executed */
function startOnPipes(options: PtyOptions): RunningPipes {
  const { ours, theirs } = openPipes();
  try {
    const started = start(options, [theirs.stdin, theirs.stdout, theirs.stderr]);
    const child = new Child(started.pid as number);
    started.once('exit', (code, signal) =>
      child.ended(code ?? 0, signal === null ? 0 : os.constants.signals[signal]),
    );
    return { child, ends: ours };
  } catch (error) {
    closePipes(ours);
    throw error;
  } finally {
    closePipes(theirs);
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
