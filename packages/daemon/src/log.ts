/**
 * The daemon's log: one JSON object a line, in a file of its own that never grows past a bound.
 * Nothing a user typed, no argument and no environment is ever logged.
 */
import fs from 'node:fs';
import { type Logger, pino } from 'pino';

const MAX_BYTES = 5 * 1024 * 1024;

/** Appends to a file; at its bound the file becomes FILE.1, and a new one begins. */
class RotatingFile {
  readonly #path: string;
  #fd: number;
  #bytes: number;

  constructor(path: string) {
    this.#path = path;
    this.#fd = openLog(path);
    this.#bytes = fs.fstatSync(this.#fd).size;
  }

  /** Synchronous, so that the last line before a crash is in the file. */
  write(line: string): void {
    try {
      if (this.#bytes > MAX_BYTES) this.#rotate();
      this.#bytes += fs.writeSync(this.#fd, line);
    } catch {
      // A full disk must not end the sessions; the line is lost.
    }
  }

  #rotate(): void {
    fs.renameSync(this.#path, `${this.#path}.1`);
    fs.closeSync(this.#fd);
    this.#fd = openLog(this.#path);
    this.#bytes = 0;
  }

  close(): void {
    fs.closeSync(this.#fd);
  }
}

function openLog(path: string): number {
  const { O_APPEND, O_CREAT, O_NOFOLLOW, O_WRONLY } = fs.constants;
  return fs.openSync(path, O_APPEND | O_CREAT | O_WRONLY | O_NOFOLLOW, 0o600);
}

export type Log = Logger;

/** @param redact is given each line, and says what is written */
export function openDaemonLog(
  path: string,
  level: string,
  redact: ((line: string) => string) | undefined,
): { log: Log; close: () => void } {
  const file = new RotatingFile(path);
  const options = { level, base: { pid: process.pid }, timestamp: pino.stdTimeFunctions.isoTime };
  const destination = redact ? { write: (line: string) => file.write(redact(line)) } : file;
  return { log: pino(options, destination), close: () => file.close() };
}
