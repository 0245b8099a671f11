/**
 * Which programs run, on disk, so that a daemon that starts after one that was killed can say what
 * it left behind. One line is appended for a start and one for an end; a fresh daemon begins a file of its own,
 * and removes only that one. What a full disk did not take is written with the next start or end.
 */
import fs from 'node:fs';
import { type RunningProgram, readRunning } from '@pilotty/protocol';
import { findProcess, isAlive } from './process-table.ts';
import { isSameFile } from './same-file.ts';

/** A program whose daemon is gone and that still runs. */
export interface Orphan {
  session: string;
  session_id: string;
  pid: number;
  program: string;
}

/** Of a session, what is written down. */
interface Started {
  pid: number;
  id: string;
  name: string;
  argv: readonly [string, ...string[]];
}

/** Lines kept of sessions that have ended; some 100 KiB. */
const MAX_LINES = 1000;

export class RunningFile {
  readonly #path: string;
  /** What runs now, by pid. */
  readonly #entries = new Map<number, RunningProgram>();
  /** Undefined as long as the file is another daemon's. */
  #fd: number | undefined;
  #lines = 0;
  /** A line is missing in the file, or a part of one. */
  #isIncomplete = false;
  /** What the previous daemon left running. */
  readonly orphans: readonly Orphan[];
  /** The sessions it had when it was killed. */
  readonly lostNames: readonly string[];

  /** @param handedOver by a daemon that still has the file, until takeOver(); what that knew of the ones before it */
  constructor(path: string, handedOver?: Pick<RunningFile, 'orphans' | 'lostNames'>) {
    this.#path = path;
    if (handedOver !== undefined) {
      this.orphans = handedOver.orphans;
      this.lostNames = handedOver.lostNames;
      return;
    }
    const entries = readEntries(path);
    this.lostNames = entries.map(({ name }) => name);
    this.orphans = entries
      .filter(isAlive)
      .map(({ pid, name, id, program }) => ({ session: name, session_id: id, pid, program }));
    this.#fd = makeAnew(path);
  }

  started({ pid, name, id, argv: [program] }: Started): void {
    const startedAt = findProcess(pid)?.startedAt;
    if (startedAt === undefined) return;
    const entry = { pid, startedAt, name, id, program };
    this.#entries.set(pid, entry);
    this.#append(entry);
  }

  ended(pid: number): void {
    this.#entries.delete(pid);
    this.#append({ pid });
    if (this.#lines > MAX_LINES + 2 * this.#entries.size) this.#rewrite();
  }

  /** Only what runs, so that the file does not grow with all that ever ran. */
  #rewrite(): void {
    this.#lines = 0;
    if (this.#fd === undefined) return;
    if (!isSameFile(this.#path, fs.fstatSync(this.#fd))) return;
    const next = `${this.#path}.new`;
    let fd: number | undefined;
    try {
      fd = makeAnew(next);
      writeWhole(fd, this.#text);
      // In one step: a daemon that is killed meanwhile leaves one of the two.
      fs.renameSync(next, this.#path);
      fs.closeSync(this.#fd);
      this.#fd = fd;
      this.#isIncomplete = false;
    } catch {
      // A full disk: what is in the file stays.
      if (fd !== undefined) fs.closeSync(fd);
      fs.rmSync(next, { force: true });
      this.#isIncomplete = true;
    }
  }

  /** The file is this daemon's from now on. @throws when there cannot be one */
  takeOver(): void {
    this.#fd = makeAnew(this.#path);
    for (const entry of this.#entries.values()) this.#append(entry);
  }

  get #text(): string {
    return [...this.#entries.values()].map(lineOf).join('');
  }

  #append(entry: RunningProgram | { pid: number }): void {
    if (this.#fd === undefined) return;
    this.#lines += 1;
    if (this.#isIncomplete) {
      this.#rewrite();
      return;
    }
    try {
      writeWhole(this.#fd, lineOf(entry));
    } catch {
      // A full disk: only the account of a crash would suffer.
      this.#isIncomplete = true;
    }
  }

  /** Where the file was removed or replaced, writes it anew. @throws when that is not possible */
  restore(): void {
    if (this.#fd === undefined) return;
    if (isSameFile(this.#path, fs.fstatSync(this.#fd))) return;
    const fd = makeAnew(this.#path);
    fs.closeSync(this.#fd);
    this.#fd = fd;
    this.#isIncomplete = false;
    for (const entry of this.#entries.values()) this.#append(entry);
  }

  close(): void {
    if (this.#fd === undefined) return;
    if (isSameFile(this.#path, fs.fstatSync(this.#fd))) fs.rmSync(this.#path, { force: true });
    fs.closeSync(this.#fd);
  }
}

function lineOf(entry: RunningProgram | { pid: number }): string {
  return `${JSON.stringify(entry)}\n`;
}

/** A disk that is nearly full takes a part. @throws when not all of it can be written */
function writeWhole(fd: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; ) at += fs.writeSync(fd, bytes, at);
}

/** Another file than the one there was: a daemon that has lost this directory may still write that. */
function makeAnew(path: string): number {
  fs.rmSync(path, { force: true });
  return fs.openSync(path, 'ax', 0o600);
}

function readEntries(path: string): RunningProgram[] {
  try {
    return readRunning(fs.readFileSync(path, 'utf8'));
  } catch {
    // There was no previous daemon, or it ended in order.
    return [];
  }
}
