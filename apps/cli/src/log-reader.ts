/** Reads a log file that grows and, at its bound, becomes FILE.1 and begins anew: every line once, in order. */
import { closeSync, existsSync, fstatSync, openSync, readFileSync, readSync, statSync } from 'node:fs';

export class LogReader {
  readonly #path: string;
  #fd: number;
  #offset = 0;
  /** Lines of the file before this one, until they are read. */
  #former: string[];

  constructor(path: string) {
    this.#path = path;
    this.#fd = openSync(path, 'r');
    this.#former = existsSync(`${path}.1`) ? linesOf(readFileSync(`${path}.1`)) : [];
  }

  /** The whole lines since the last time. */
  read(): string[] {
    const lines = [...this.#former, ...this.#rest()];
    this.#former = [];
    const current = statSync(this.#path, { throwIfNoEntry: false });
    if (current !== undefined && current.ino !== fstatSync(this.#fd).ino) {
      closeSync(this.#fd);
      this.#fd = openSync(this.#path, 'r');
      this.#offset = 0;
      lines.push(...this.#rest());
    }
    return lines;
  }

  #rest(): string[] {
    const bytes = Buffer.alloc(Math.max(0, fstatSync(this.#fd).size - this.#offset));
    const length = readSync(this.#fd, bytes, 0, bytes.length, this.#offset);
    // A line that is being written is left for the next time.
    const whole = bytes.subarray(0, bytes.subarray(0, length).lastIndexOf('\n') + 1);
    this.#offset += whole.length;
    return linesOf(whole);
  }

  close(): void {
    closeSync(this.#fd);
  }
}

function linesOf(bytes: Buffer): string[] {
  const lines = bytes.toString().split('\n');
  return lines.slice(0, -1);
}
