/** What a shell reports while it runs a command: a FIFO of its own, which never mixes with output. */
import fs from 'node:fs';
import net from 'node:net';
import { REPORT_END } from './dialects/dialect.ts';

/** `jobs` lists what runs in the background of a bash, as that prints it. */
export type Report = { type: 'begun'; jobs?: string } | { type: 'done'; status: string; cwd: string };

/** A report is a status and a path; what is longer is none. */
const MAX_REPORT_CHARACTERS = 64 * 1024;
const READ_BYTES = 4096;

export class Reports {
  readonly #fd: number;
  readonly #socket: net.Socket;
  readonly #nonce: string;
  #text = '';
  #reports: Report[] = [];

  /** @param came is called after something has come; take() says what */
  constructor(path: string, nonce: string, came: () => void) {
    this.#nonce = nonce;
    // Open for writing as well, so that it does not end when the first who reports closes it.
    this.#fd = fs.openSync(path, fs.constants.O_RDWR | fs.constants.O_NONBLOCK);
    this.#socket = new net.Socket({ fd: this.#fd, readable: true, writable: false });
    this.#socket.on('data', (bytes: Buffer) => {
      this.#received(bytes);
      came();
    });
    this.#socket.on('error', () => {});
  }

  /** All that has been reported up to now and not been taken, whether or not the event loop has come to it. */
  take(): Report[] {
    this.#drain();
    return this.#reports.splice(0);
  }

  close(): void {
    this.#socket.destroy();
  }

  #drain(): void {
    const buffer = Buffer.allocUnsafe(READ_BYTES);
    while (!this.#socket.destroyed) {
      try {
        this.#received(buffer.subarray(0, fs.readSync(this.#fd, buffer)));
      } catch {
        // EAGAIN: that was all.
        return;
      }
    }
  }

  #received(bytes: Buffer): void {
    // Latin-1, so that no character is cut; a part is decoded as a whole.
    const parts = (this.#text + bytes.toString('latin1')).split(REPORT_END);
    this.#text = parts.pop()?.slice(-MAX_REPORT_CHARACTERS) ?? '';
    for (const part of parts) {
      const [word, nonce, status = '', ...rest] = Buffer.from(part, 'latin1').toString().split(' ');
      if (nonce !== this.#nonce) continue;
      this.#reports.push(
        word === 'begun'
          ? { type: 'begun', jobs: [status, ...rest].join(' ') }
          : { type: 'done', status, cwd: rest.join(' ') },
      );
    }
  }
}
