/** Output that is put together from its parts, up to a bound. */

/** Of one answer; a program can print more than a process has memory. */
export const MAX_COLLECTED_BYTES = 64 * 1024 * 1024;

export class Collected {
  readonly #parts: Uint8Array[] = [];
  #bytes = 0;
  /** What came after the bound. */
  missedBytes = 0;

  add(part: Uint8Array): void {
    if (this.missedBytes > 0 || this.#bytes + part.length > MAX_COLLECTED_BYTES) {
      this.missedBytes += part.length;
      return;
    }
    this.#parts.push(part);
    this.#bytes += part.length;
  }

  bytes(): Uint8Array {
    const all = new Uint8Array(this.#bytes);
    let at = 0;
    for (const part of this.#parts) {
      all.set(part, at);
      at += part.length;
    }
    return all;
  }
}

/** The text, and whether it is exactly the bytes. */
export function textOf(bytes: Uint8Array): { text: string; isExact: boolean } {
  try {
    return { text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes), isExact: true };
  } catch {
    return { text: new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes), isExact: false };
  }
}
