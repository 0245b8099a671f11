/**
 * Messages as lines, one each: what goes over the Unix socket, and unchanged over any
 * transport that keeps lines apart.
 *
 * `LineSplitter` is the receiving half. It keeps the bytes of an unfinished line as they came and
 * decodes only whole lines, so a UTF-8 character split between two reads stays whole.
 */
import type { Message } from './envelope.ts';

/** A line longer than this is refused: 32 MiB carries a 10 MB script in any encoding, with room. */
export const MAX_MESSAGE_BYTES = 32 * 1024 * 1024;

export function encodeMessage(message: Message): string {
  return `${JSON.stringify(message)}\n`;
}

/** How many bytes a line has that is longer than the other side would take; undefined when it is not. */
export function tooManyBytes(line: string): number | undefined {
  // Three bytes a UTF-16 unit is the most UTF-8 needs, so most lines need not be measured.
  if (line.length * 3 <= MAX_MESSAGE_BYTES) return undefined;
  const bytes = new TextEncoder().encode(line).length;
  return bytes > MAX_MESSAGE_BYTES ? bytes : undefined;
}

const NEWLINE = 0x0a;

export class LineSplitter {
  #parts: Uint8Array[] = [];
  #bytes = 0;
  readonly #decoder = new TextDecoder('utf-8', { fatal: true });
  readonly #maxBytes: number;

  constructor(maxBytes = MAX_MESSAGE_BYTES) {
    this.#maxBytes = maxBytes;
  }

  /**
   * Takes what was read and gives the lines it completes, without their newline; empty lines are skipped.
   * @throws Error as soon as a line cannot fit; TypeError on bytes that are not UTF-8.
   */
  push(chunk: Uint8Array): string[] {
    const end = chunk.lastIndexOf(NEWLINE) + 1;
    if (end > 0 && this.#bytes + end <= this.#maxBytes) return this.#takeAll(chunk, end);
    const lines: string[] = [];
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      this.#keep(chunk.subarray(start, end));
      const line = this.#take();
      if (line.trim() !== '') lines.push(line);
      start = end + 1;
    }
    this.#keep(chunk.subarray(start));
    return lines;
  }

  /** No line up to `end` can be too long. To decode each line costs more than to split what was decoded. */
  #takeAll(chunk: Uint8Array, end: number): string[] {
    this.#keep(end === chunk.length ? chunk : chunk.subarray(0, end));
    const lines = this.#take().split('\n');
    this.#keep(chunk.subarray(end));
    return lines.filter((line) => line.trim() !== '');
  }

  #keep(part: Uint8Array): void {
    if (part.length === 0) return;
    this.#bytes += part.length;
    if (this.#bytes > this.#maxBytes) {
      throw new Error(`a message is longer than ${this.#maxBytes} bytes`);
    }
    this.#parts.push(part);
  }

  #take(): string {
    const only = this.#parts.length === 1 ? this.#parts[0] : undefined;
    const line = this.#decoder.decode(only ?? this.#joined());
    this.#parts.length = 0;
    this.#bytes = 0;
    return line;
  }

  #joined(): Uint8Array {
    const whole = new Uint8Array(this.#bytes);
    let offset = 0;
    for (const part of this.#parts) {
      whole.set(part, offset);
      offset += part.length;
    }
    return whole;
  }
}
