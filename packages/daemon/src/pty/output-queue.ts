/**
 * Output that has come and is not drawn yet, in the order of its numbers; and whether so much of it waits
 * that the program must not be read any further.
 *
 * It is copied to blocks that are used again: what is dropped may be overwritten by what comes next, of any session.
 */

/** Where reading stops, and where it goes on. */
const PAUSE_BYTES = 256 * 1024;
const RESUME_BYTES = 64 * 1024;

const BLOCK_BYTES = 64 * 1024;
/** Of the blocks that no session uses: mostly one session floods. */
const MOST_SPARE = 4;
const spareBlocks: Buffer[] = [];

interface Chunk {
  seq: number;
  bytes: Buffer;
  /** It is on a line of its own, although the one before has no end. */
  beginsLine: boolean;
}

interface Block {
  buffer: Buffer;
  usedBytes: number;
  waitingBytes: number;
}

export class OutputQueue {
  readonly #chunks: Chunk[] = [];
  readonly #blocks: Block[] = [];
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

  push(seq: number, bytes: Uint8Array, beginsLine = false): void {
    for (let at = 0; at < bytes.length; ) {
      const copied = this.#copy(bytes.subarray(at));
      this.#chunks.push({ seq, bytes: copied, beginsLine: beginsLine && at === 0 });
      at += copied.length;
    }
    this.#bytes += bytes.length;
  }

  /** As much as the last block has room for. */
  #copy(bytes: Uint8Array): Buffer {
    let block = this.#blocks.at(-1);
    if (block === undefined || block.usedBytes === BLOCK_BYTES) {
      const buffer = spareBlocks.pop() ?? Buffer.allocUnsafeSlow(BLOCK_BYTES);
      block = { buffer, usedBytes: 0, waitingBytes: 0 };
      this.#blocks.push(block);
    }
    const start = block.usedBytes;
    const length = Math.min(bytes.length, BLOCK_BYTES - start);
    block.buffer.set(length === bytes.length ? bytes : bytes.subarray(0, length), start);
    block.usedBytes += length;
    block.waitingBytes += length;
    return block.buffer.subarray(start, start + length);
  }

  /** At most so many bytes of the oldest chunk, without taking them; valid until they are dropped. */
  peek(most: number): Buffer | undefined {
    return this.#chunks[0]?.bytes.subarray(0, most);
  }

  /** Once of a chunk that begins a line, see Chunk. */
  takeLineBegin(): boolean {
    const chunk = this.#chunks[0];
    if (!chunk?.beginsLine) return false;
    chunk.beginsLine = false;
    return true;
  }

  drop(count: number): void {
    const chunk = this.#chunks[0];
    if (!chunk) return;
    chunk.bytes = chunk.bytes.subarray(count);
    this.#bytes -= count;
    if (chunk.bytes.length === 0) this.#chunks.shift();
    const block = this.#blocks[0] as Block;
    block.waitingBytes -= count;
    if (block.waitingBytes > 0) return;
    this.#blocks.shift();
    if (spareBlocks.length < MOST_SPARE) spareBlocks.push(block.buffer);
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
