/**
 * What a command prints into one FIFO. While a client reads it, the program is blocked when the client
 * is slower; while none does, the last of it is kept.
 */
import fs from 'node:fs';
import net from 'node:net';
import { MAX_UNREAD_EXEC_BYTES } from '../limits.ts';

const PAUSE_BYTES = 256 * 1024;
const READ_BYTES = 64 * 1024;

export class OutputChannel {
  /** Dropped because no client read them. */
  droppedBytes = 0;
  readonly #fd: number;
  readonly #socket: net.Socket;
  readonly #changed: () => void;
  /** Resolves once no program has it open any more. */
  readonly ended: Promise<void>;
  #chunks: Buffer[] = [];
  #bytes = 0;
  #isAttended = true;
  #isDraining = false;

  /** Opened before the writer does, which waits for a reader. @param changed is called after more has come */
  constructor(path: string, changed: () => void) {
    this.#changed = changed;
    this.#fd = fs.openSync(path, fs.constants.O_RDONLY | fs.constants.O_NONBLOCK);
    this.#socket = new net.Socket({ fd: this.#fd, readable: true, writable: false });
    this.#socket.on('data', (bytes) => this.#received(bytes));
    // A FIFO does not fail; were it to, its end is an end.
    this.#socket.on('error', () => {});
    this.#socket.once('close', changed);
    this.ended = new Promise((resolve) => this.#socket.once('close', () => resolve()));
  }

  /** No writer has it open any more. */
  get isEnded(): boolean {
    return this.#socket.destroyed;
  }

  attend(isAttended: boolean): void {
    this.#isAttended = isAttended;
    this.#balance();
  }

  take(): Buffer | undefined {
    if (this.#chunks.length === 0) return undefined;
    const bytes = this.#chunks.length === 1 ? this.#chunks[0] : Buffer.concat(this.#chunks);
    this.#chunks = [];
    this.#bytes = 0;
    this.#balance();
    return bytes;
  }

  /** Reads what has been written up to now. @returns whether that was all there will ever be */
  drain(): boolean {
    if (this.isEnded) return true;
    this.#isDraining = true;
    this.#socket.pause();
    // What Node has read already: read() also emits 'data'.
    while (this.#socket.read() !== null);
    this.#isDraining = false;
    for (;;) {
      const buffer = Buffer.allocUnsafe(READ_BYTES);
      try {
        const length = fs.readSync(this.#fd, buffer);
        if (length > 0) this.#keep(buffer.subarray(0, length));
        else this.#socket.destroy();
        if (length === 0) return true;
      } catch {
        // EAGAIN: a writer has it open, and has written nothing.
        this.#balance();
        return false;
      }
    }
  }

  /** For one that was never used. */
  close(): void {
    this.#socket.destroy();
  }

  /** Lets remaining writers write, and drops it: a background job would die of a broken pipe. */
  discard(then: () => void): void {
    this.#socket.removeAllListeners('data');
    this.#socket.removeListener('close', this.#changed);
    if (this.isEnded) {
      then();
      return;
    }
    this.#socket.once('close', then);
    this.#socket.unref();
    this.#socket.resume();
  }

  #received(bytes: Buffer): void {
    this.#keep(bytes);
    if (this.#isDraining) return;
    this.#balance();
    this.#changed();
  }

  #keep(bytes: Buffer): void {
    this.#chunks.push(bytes);
    this.#bytes += bytes.length;
  }

  #balance(): void {
    if (this.#isAttended) {
      if (this.#bytes >= PAUSE_BYTES) this.#socket.pause();
      else this.#socket.resume();
      return;
    }
    while (this.#bytes > MAX_UNREAD_EXEC_BYTES) {
      const oldest = this.#chunks.shift()?.length ?? 0;
      this.#bytes -= oldest;
      this.droppedBytes += oldest;
    }
    this.#socket.resume();
  }
}
