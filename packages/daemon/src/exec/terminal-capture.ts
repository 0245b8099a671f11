/** What a command prints on the terminal itself: the session's output between two marks. */
import type { Session } from '../session/session.ts';
import { mark } from './dialects/dialect.ts';

const READ_BYTES = 256 * 1024;

export class TerminalCapture {
  droppedBytes = 0;
  readonly #session: Session;
  readonly #begin: Buffer;
  readonly #end: Buffer;
  #offset: number;
  #state: 'before' | 'between' | 'after' = 'before';

  /** Begins with what is printed from now on. @param afterMark follows the mark of the beginning, and is not of the command */
  constructor(session: Session, nonce: string, afterMark = '') {
    this.#session = session;
    this.#begin = Buffer.from(mark(nonce, 'begin') + afterMark);
    this.#end = Buffer.from(mark(nonce, 'end'));
    this.#offset = session.retention.totalBytes;
  }

  get isEnded(): boolean {
    return this.#state === 'after';
  }

  /** Up to where the session's output has been taken. */
  get offset(): number {
    return this.#offset;
  }

  /** What follows the mark of the end, as far as it has come: a status and a path are shorter than is read. */
  afterEnd(): string {
    return this.#read().subarray(this.#end.length).toString();
  }

  /** Nothing more comes. @returns what could have been the beginning of a mark, and was none */
  close(): Buffer | undefined {
    const last = this.#state === 'between' ? this.#read() : undefined;
    this.#state = 'after';
    return last;
  }

  /** What has come since it was last asked. */
  take(): Buffer | undefined {
    if (this.#state === 'before') this.#findBegin();
    const parts: Buffer[] = [];
    while (this.#state === 'between') {
      const bytes = this.#read();
      const end = bytes.indexOf(this.#end);
      if (end !== -1) this.#state = 'after';
      const length = end === -1 ? this.#lengthBeforeEnd(bytes) : end;
      this.#offset += length;
      parts.push(bytes.subarray(0, length));
      if (bytes.length < READ_BYTES) break;
    }
    const taken = Buffer.concat(parts);
    return taken.length === 0 ? undefined : taken;
  }

  /** How many of the bytes are no beginning of the mark. */
  #lengthBeforeEnd(bytes: Buffer): number {
    for (let start = Math.max(0, bytes.length - this.#end.length + 1); start < bytes.length; start++) {
      if (this.#end.subarray(0, bytes.length - start).equals(bytes.subarray(start))) return start;
    }
    return bytes.length;
  }

  #findBegin(): void {
    for (;;) {
      const bytes = this.#read();
      const begin = bytes.indexOf(this.#begin);
      if (begin !== -1) {
        this.#offset += begin + this.#begin.length;
        this.#state = 'between';
        return;
      }
      this.#offset += Math.max(0, bytes.length - this.#begin.length + 1);
      if (bytes.length < READ_BYTES) return;
    }
  }

  #read(): Buffer {
    const { retention } = this.#session;
    const missed = retention.start - this.#offset;
    if (missed > 0) {
      this.droppedBytes += missed;
      this.#offset += missed;
    }
    return retention.read(this.#offset, READ_BYTES);
  }
}
