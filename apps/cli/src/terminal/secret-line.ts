/** A line that is typed at a terminal in raw mode and shown nowhere: what each key does to it. */

const CTRL_C = 0x03;
const CTRL_D = 0x04;
const BACKSPACE = 0x08;
const DELETE = 0x7f;
const CTRL_U = 0x15;
const ENTER = [0x0a, 0x0d];
const FIRST_PRINTABLE = 0x20;
/** Cursor keys, focus and the marks of a paste: they are no characters of a secret. */
const SEQUENCE = /\x1b\[[0-9:;<=>?]*[ -/]*[@-~]|\x1bO[ -~]/g;
const ESCAPE = '\x1b';

export type Typed = { text: string } | 'cancelled';

export class SecretLine {
  #bytes: number[] = [];

  /** @returns how it ended; undefined while it goes on. Ctrl+C, Ctrl+D and Escape cancel it, Ctrl+U empties it */
  take(typed: Uint8Array): Typed | undefined {
    const text = Buffer.from(typed).toString('latin1').replace(SEQUENCE, '');
    if (text === ESCAPE) return 'cancelled';
    for (const byte of Buffer.from(text, 'latin1')) {
      if (ENTER.includes(byte)) return { text: Buffer.from(this.#bytes).toString() };
      if (byte === CTRL_C || byte === CTRL_D) return 'cancelled';
      if (byte === CTRL_U) this.#bytes = [];
      else if (byte === BACKSPACE || byte === DELETE) this.#erase();
      else if (byte >= FIRST_PRINTABLE) this.#bytes.push(byte);
    }
    return undefined;
  }

  /** The last character, with all of its bytes. */
  #erase(): void {
    while (isContinuation(this.#bytes.pop())) {}
  }
}

function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0xc0) === 0x80;
}
