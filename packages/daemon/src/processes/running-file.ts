/**
 * Which programs run, on disk, so that a daemon that starts after one that was killed can say what
 * it left behind. One line is appended for a start and one for an end; a fresh daemon begins anew.
 */
import fs from 'node:fs';
import { findProcess, isAlive, type ProcessFacts } from './process-table.ts';

/** A program whose daemon is gone and that still runs. */
export interface Orphan {
  pid: number;
  name: string;
  program: string;
}

type Entry = Orphan & Pick<ProcessFacts, 'startedAt'>;

export class RunningFile {
  readonly #path: string;
  /** What the previous daemon left running. */
  readonly orphans: readonly Orphan[];
  /** The sessions it had when it was killed. */
  readonly lostNames: readonly string[];

  constructor(path: string) {
    this.#path = path;
    const entries = readEntries(path);
    this.lostNames = entries.map(({ name }) => name);
    this.orphans = entries.filter(isAlive).map(({ pid, name, program }) => ({ pid, name, program }));
    fs.writeFileSync(path, '', { mode: 0o600 });
  }

  started(pid: number, name: string, program: string): void {
    const startedAt = findProcess(pid)?.startedAt;
    if (startedAt !== undefined) this.#append({ pid, startedAt, name, program });
  }

  ended(pid: number): void {
    this.#append({ pid });
  }

  #append(entry: Entry | { pid: number }): void {
    try {
      fs.appendFileSync(this.#path, `${JSON.stringify(entry)}\n`);
    } catch {
      // A full disk: only the account of a crash would suffer.
    }
  }

  close(): void {
    fs.rmSync(this.#path, { force: true });
  }
}

function readEntries(path: string): Entry[] {
  let text: string;
  try {
    text = fs.readFileSync(path, 'utf8');
  } catch {
    // There was no previous daemon, or it ended in order.
    return [];
  }
  const running = new Map<number, Entry>();
  for (const line of text.split('\n')) {
    const entry = parseEntry(line);
    if (entry && 'startedAt' in entry) running.set(entry.pid, entry);
    else if (entry) running.delete(entry.pid);
  }
  return [...running.values()];
}

function parseEntry(line: string): Entry | { pid: number } | undefined {
  try {
    const entry = JSON.parse(line);
    return typeof entry?.pid === 'number' ? entry : undefined;
  } catch {
    // The last line of a daemon that was killed may be cut, and the text ends with an empty one.
    return undefined;
  }
}
