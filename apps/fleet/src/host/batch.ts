/** Output of one session on its way into the stream: what comes together becomes one message. */
import type { Run, Size } from '../output/message.ts';

/** A message of NATS is a megabyte at most, unless its server says otherwise. */
const MAX_BATCH_BYTES = 256 * 1024;

export interface OutputPiece {
  offset: number;
  next_offset: number;
  bytes: Buffer;
  size?: Size | undefined;
  stream?: Run['stream'] | undefined;
}

export class Batch {
  readonly from: number;
  to: number;
  readonly size: Size | undefined;
  readonly #pieces: Buffer[] = [];
  readonly #runs: Run[] = [];
  length = 0;

  constructor({ offset, size }: Pick<OutputPiece, 'offset' | 'size'>) {
    this.from = offset;
    this.to = offset;
    this.size = size;
  }

  /** Whether a piece goes on where this ends, was drawn on the same terminal, and there is room for it. */
  takes({ offset, bytes, size }: OutputPiece): boolean {
    const isSameSize = size?.cols === this.size?.cols && size?.rows === this.size?.rows;
    return offset === this.to && isSameSize && this.length + bytes.length <= MAX_BATCH_BYTES;
  }

  add({ bytes, next_offset, stream }: OutputPiece): void {
    this.#pieces.push(bytes);
    this.length += bytes.length;
    this.to = next_offset;
    if (stream === undefined) return;
    const last = this.#runs.at(-1);
    if (last?.stream === stream) last.length += bytes.length;
    else this.#runs.push({ stream, length: bytes.length });
  }

  get bytes(): Buffer {
    return Buffer.concat(this.#pieces);
  }

  get runs(): Run[] | undefined {
    return this.#runs.length > 0 ? this.#runs : undefined;
  }
}
