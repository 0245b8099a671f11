/**
 * A log file that never grows past a bound: at it, the file becomes FILE.1 and a new one begins. The daemon
 * and the gateway write such files, one JSON object a line, and `pilotty logs` reads them. The caller passes its file
 * system. On a full disk lines are lost; how many is said by the first line that can be written again.
 */

/** The part of `node:fs` that is needed. */
export interface RotatingFileSystem {
  openSync(path: string, flags: number, mode: number): number;
  fstatSync(fd: number): { size: number; ino: number; dev: number };
  lstatSync(path: string, options: { throwIfNoEntry: false }): { ino: number; dev: number } | undefined;
  renameSync(from: string, to: string): void;
  writeSync(fd: number, text: string): number;
  closeSync(fd: number): void;
  constants: { O_APPEND: number; O_CREAT: number; O_NOFOLLOW: number; O_NONBLOCK: number; O_WRONLY: number };
}

const MAX_BYTES = 5 * 1024 * 1024;

export class RotatingFile {
  readonly #path: string;
  readonly #files: RotatingFileSystem;
  readonly #maxBytes: number;
  #fd: number;
  #bytes: number;
  /** The disk took a part of the last line only: the next one begins a line of its own. */
  #endsInsideLine = false;
  #lostLines = 0;

  /** @throws what the file system throws, when the file cannot be opened */
  constructor(path: string, files: RotatingFileSystem, maxBytes: number = MAX_BYTES) {
    this.#path = path;
    this.#files = files;
    this.#maxBytes = maxBytes;
    this.#fd = this.#open();
    this.#bytes = files.fstatSync(this.#fd).size;
  }

  /** Synchronous, so that the last line before a crash is in the file. @returns whether it is */
  write(line: string): boolean {
    try {
      if (this.#bytes > this.#maxBytes) this.#rotate();
    } catch {
      // The file that is open goes on growing; the next line tries again.
    }
    const note = this.#lostLines > 0 ? lostLinesNote(this.#lostLines) : '';
    // A full disk must not end the sessions; the line is lost.
    const isWritten = this.#append(note + line);
    this.#lostLines = isWritten ? 0 : this.#lostLines + 1;
    return isWritten;
  }

  /** @returns whether all of it is in the file */
  #append(lines: string): boolean {
    const text = this.#endsInsideLine ? `\n${lines}` : lines;
    try {
      const written = this.#files.writeSync(this.#fd, text);
      const isWhole = written === new TextEncoder().encode(text).length;
      this.#bytes += written;
      if (written > 0) this.#endsInsideLine = !isWhole;
      return isWhole;
    } catch {
      return false;
    }
  }

  /** Where the file was removed or replaced, goes on in a new one. @throws when that cannot be opened */
  reopenIfReplaced(): void {
    if (!this.#isInPlace()) this.#replace();
  }

  #rotate(): void {
    // What another process has put there is left alone.
    if (this.#isInPlace()) this.#files.renameSync(this.#path, `${this.#path}.1`);
    this.#replace();
  }

  #isInPlace(): boolean {
    const own = this.#files.fstatSync(this.#fd);
    const found = this.#files.lstatSync(this.#path, { throwIfNoEntry: false });
    return found !== undefined && found.ino === own.ino && found.dev === own.dev;
  }

  /** The new one is open before the old one is closed: its number may go to any other file at once. */
  #replace(): void {
    const fd = this.#open();
    this.#files.closeSync(this.#fd);
    this.#fd = fd;
    this.#bytes = this.#files.fstatSync(fd).size;
    this.#endsInsideLine = false;
  }

  #open(): number {
    const { O_APPEND, O_CREAT, O_NOFOLLOW, O_NONBLOCK, O_WRONLY } = this.#files.constants;
    // O_NONBLOCK: a FIFO in its place is refused, and not waited for.
    const flags = O_APPEND | O_CREAT | O_WRONLY | O_NOFOLLOW | O_NONBLOCK;
    return this.#files.openSync(this.#path, flags, 0o600);
  }

  close(): void {
    this.#files.closeSync(this.#fd);
  }
}

/** As the daemon's log has its warnings. */
function lostLinesNote(count: number): string {
  const msg = `${count} ${count === 1 ? 'line' : 'lines'} before this one could not be written`;
  return `${JSON.stringify({ level: 40, time: new Date().toISOString(), msg })}\n`;
}
