/**
 * Reads a log file that grows and, at its bound, becomes FILE.1 and begins anew (rotating-file.ts): every line once, in order.
 * The caller passes its file system.
 */

/** The part of `node:fs` that is needed. */
export interface LogFileSystem {
  openSync(path: string, flags: 'r'): number;
  readFileSync(path: string): Uint8Array;
  fstatSync(fd: number): { size: number; ino: number };
  statSync(path: string, options: { throwIfNoEntry: false }): { ino: number } | undefined;
  readSync(fd: number, bytes: Uint8Array, offset: number, length: number, position: number): number;
  closeSync(fd: number): void;
}

export class LogReader {
  readonly #path: string;
  readonly #files: LogFileSystem;
  #fd: number;
  #offset = 0;
  /** Lines of the file before this one, until they are read. */
  #former: string[];

  /**
   * @param after a `position`: what stands before it is not read; where its file is no longer kept, all is
   * @throws what the file system throws, where there is no file
   */
  constructor(path: string, files: LogFileSystem, after?: string) {
    this.#path = path;
    this.#files = files;
    this.#fd = files.openSync(path, 'r');
    const [ino, offset] = (after ?? '').split(':').map(Number);
    const former = files.statSync(`${path}.1`, { throwIfNoEntry: false });
    const { ino: current, size } = files.fstatSync(this.#fd);
    this.#former = [];
    if (ino === current) this.#offset = Math.min(size, offset ?? 0);
    else if (former !== undefined)
      this.#former = linesOf(files.readFileSync(`${path}.1`).subarray(ino === former.ino ? offset : 0));
  }

  /** How far it was read, for another reader: the file and the byte in it. */
  get position(): string {
    return `${this.#files.fstatSync(this.#fd).ino}:${this.#offset}`;
  }

  /** The whole lines since the last time. @param most only the last so many */
  read(most?: number): string[] {
    const lines = [...this.#former, ...this.#rest()];
    this.#former = [];
    const current = this.#files.statSync(this.#path, { throwIfNoEntry: false });
    if (current !== undefined && current.ino !== this.#files.fstatSync(this.#fd).ino) {
      this.#files.closeSync(this.#fd);
      this.#fd = this.#files.openSync(this.#path, 'r');
      this.#offset = 0;
      lines.push(...this.#rest());
    }
    return most === undefined ? lines : lines.slice(Math.max(0, lines.length - most));
  }

  #rest(): string[] {
    const bytes = new Uint8Array(Math.max(0, this.#files.fstatSync(this.#fd).size - this.#offset));
    const length = this.#files.readSync(this.#fd, bytes, 0, bytes.length, this.#offset);
    // A line that is being written is left for the next time.
    const whole = bytes.subarray(0, bytes.subarray(0, length).lastIndexOf(NEWLINE) + 1);
    this.#offset += whole.length;
    return linesOf(whole);
  }

  close(): void {
    this.#files.closeSync(this.#fd);
  }
}

const NEWLINE = 10;

function linesOf(bytes: Uint8Array): string[] {
  const lines = new TextDecoder().decode(bytes).split('\n');
  return lines.slice(0, -1);
}
