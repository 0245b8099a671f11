/**
 * What the native client and the daemon say to each other. The other side is apps/native-client/src/run-command.c.
 *
 *     client  hello: 0, length, payload (hello.ts)
 *     daemon  ACCEPTED: exit code, pid of the daemon, three texts for stderr: what is said should the daemon end,
 *             not answer, or be stopped; or OWN_PROCESS: run the command yourself; nothing was run here
 *     client  GO: only now it runs, so a client that has given up has done nothing
 *     daemon  STDOUT, STDERR: bytes to write, one frame at a time of each
 *     client  WRITTEN: stream, errno (0: written)
 *     daemon  WANT_STDIN: one chunk, please
 *     client  STDIN: a chunk; empty at its end
 *     client  SIGNAL: number
 *     either  PING: answered at once by the same
 *     daemon  EXIT: code
 *
 * A frame is a byte for its kind, the length of its payload in four bytes, little-endian, and the payload.
 */
export const frames = {
  accepted: 0x61,
  ownProcess: 0x70,
  go: 0x67,
  stdout: 0x6f,
  stderr: 0x65,
  written: 0x77,
  wantStdin: 0x72,
  stdin: 0x69,
  signal: 0x73,
  ping: 0x71,
  exit: 0x78,
} as const;

export interface Frame {
  kind: number;
  payload: Buffer;
}

const HEADER_BYTES = 5;
/** An environment and a command line: Linux allows 2 MiB of both by default. */
const MAX_PAYLOAD_BYTES = 8 * 1024 * 1024;

export function encodeFrame(kind: number, payload: Uint8Array = new Uint8Array()): Buffer {
  const frame = Buffer.allocUnsafe(HEADER_BYTES + payload.length);
  frame.writeUInt8(kind, 0);
  frame.writeUInt32LE(payload.length, 1);
  frame.set(payload, HEADER_BYTES);
  return frame;
}

/** Cuts what arrives into frames. */
export class FrameReader {
  #chunks: Buffer[] = [];
  #bytes = 0;

  /** The frames that are whole now. @throws RangeError for one that is longer than any client sends */
  push(bytes: Buffer): Frame[] {
    this.#chunks.push(bytes);
    this.#bytes += bytes.length;
    const found: Frame[] = [];
    while (this.#bytes >= HEADER_BYTES) {
      const joined = this.#joined(HEADER_BYTES);
      const length = joined.readUInt32LE(1);
      if (length > MAX_PAYLOAD_BYTES) throw new RangeError(`a frame of ${length} bytes`);
      const end = HEADER_BYTES + length;
      if (this.#bytes < end) break;
      const whole = this.#joined(end);
      found.push({ kind: whole.readUInt8(0), payload: whole.subarray(HEADER_BYTES, end) });
      this.#chunks = whole.length > end ? [whole.subarray(end)] : [];
      this.#bytes -= end;
    }
    return found;
  }

  /** The first chunk, with as many bytes at least; joined only when they are there, so that no byte is copied twice. */
  #joined(bytes: number): Buffer {
    let [first = Buffer.alloc(0)] = this.#chunks;
    if (first.length < bytes) {
      first = Buffer.concat(this.#chunks);
      this.#chunks = [first];
    }
    return first;
  }
}
