/** What a shell reports while it runs a command: a FIFO of its own, which never mixes with output. */
import fs from 'node:fs';
import net from 'node:net';
import { REPORT_END } from './dialects/dialect.ts';

export type Report = { type: 'begun' } | { type: 'done'; status: string; cwd: string };

/** A report is a status and a path; what is longer is none. */
const LONGEST = 64 * 1024;

export class Reports {
  readonly #socket: net.Socket;
  readonly #nonce: string;
  readonly #tell: (report: Report) => void;
  #text = '';

  constructor(path: string, nonce: string, tell: (report: Report) => void) {
    this.#nonce = nonce;
    this.#tell = tell;
    // Open for writing as well, so that it does not end when the first who reports closes it.
    const fd = fs.openSync(path, fs.constants.O_RDWR | fs.constants.O_NONBLOCK);
    this.#socket = new net.Socket({ fd, readable: true, writable: false });
    this.#socket.setEncoding('utf8');
    this.#socket.on('data', (text: string) => this.#received(text));
    this.#socket.on('error', () => {});
  }

  close(): void {
    this.#socket.destroy();
  }

  #received(text: string): void {
    const parts = (this.#text + text).split(REPORT_END);
    this.#text = parts.pop()?.slice(-LONGEST) ?? '';
    for (const part of parts) {
      const [word, nonce, status = '', ...rest] = part.split(' ');
      if (nonce !== this.#nonce) continue;
      this.#tell(word === 'begun' ? { type: 'begun' } : { type: 'done', status, cwd: rest.join(' ') });
    }
  }
}
