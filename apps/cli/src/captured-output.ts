/** What a command prints, kept for the caller that ran it inside this process. */
import { isUtf8 } from 'node:buffer';
import { RequestError } from '@pilotty/client';
import type { Output } from './io.ts';

/** It is held until the command has ended, and then once more as JSON. */
const MAX_CAPTURED_BYTES = 64 * 1024 * 1024;

export class CapturedOutput implements Output {
  readonly isTty = false;
  /** The one object that was printed, if it was one. */
  object: unknown;
  #chunks: Uint8Array[] = [];
  #bytes = 0;

  writeObject(object: unknown): void {
    this.object = object;
  }

  async write(data: string | Uint8Array): Promise<void> {
    const chunk = Buffer.from(data);
    this.#bytes += chunk.length;
    if (this.#bytes > MAX_CAPTURED_BYTES) {
      throw new RequestError('LIMIT_REACHED', `the command prints more than ${MAX_CAPTURED_BYTES} bytes`, {
        suggestion: 'Run it on its own: there it prints without a bound.',
      });
    }
    this.#chunks.push(chunk);
  }

  /** Undefined when nothing was printed, bytes when it is not UTF-8. */
  get content(): string | Buffer | undefined {
    if (this.#chunks.length === 0) return undefined;
    const bytes = Buffer.concat(this.#chunks);
    return isUtf8(bytes) ? bytes.toString() : bytes;
  }
}
