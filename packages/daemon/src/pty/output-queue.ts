/**
 * Output that has come and is not drawn yet, in the order of its numbers; and whether so much of it waits
 * that the program must not be read any further.
 */

/** Where reading stops, and where it goes on. */
const PAUSE_BYTES = 256 * 1024;
const RESUME_BYTES = 64 * 1024;

interface Chunk {
  seq: number;
  bytes: Buffer;
}

export class OutputQueue {
  readonly #chunks: Chunk[] = [];
  #bytes = 0;
  #isFull = false;

  /** Waiting bytes. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Number of the oldest output that is not wholly drawn; undefined when there is none. */
  get nextSeq(): number | undefined {
    return this.#chunks[0]?.seq;
  }

  push(seq: number, bytes: Buffer): void {
    this.#chunks.push({ seq, bytes });
    this.#bytes += bytes.length;
  }

  /** At most so many bytes of the oldest chunk, without taking them. */
  peek(most: number): Buffer | undefined {
    return this.#chunks[0]?.bytes.subarray(0, most);
  }

  drop(count: number): void {
    const chunk = this.#chunks[0];
    if (!chunk) return;
    chunk.bytes = chunk.bytes.subarray(count);
    this.#bytes -= count;
    if (chunk.bytes.length === 0) this.#chunks.shift();
  }

  /** 'full' once when reading must stop, 'free' once when it can go on. */
  pressure(): 'full' | 'free' | undefined {
    if (!this.#isFull && this.#bytes >= PAUSE_BYTES) {
      this.#isFull = true;
      return 'full';
    }
    if (this.#isFull && this.#bytes <= RESUME_BYTES) {
      this.#isFull = false;
      return 'free';
    }
    return undefined;
  }
}
