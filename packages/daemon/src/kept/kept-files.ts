/**
 * The files of what is kept of sessions: one record of them all, and for each one with the end of its output. Loaded when
 * there is something to read or to write, which no command waits for.
 *
 * A record is named after the process that writes it: two daemons with one socket directory, of which one has lost it to
 * the other, do not write each other's. What a process that is gone has left is taken by renaming it, so of several
 * daemons one has it.
 */
import fs from 'node:fs/promises';
import path from 'node:path';
import type { ProcessIdentity } from '@pilotty/protocol';
import { addPrivate, makePrivateDirectory, readPrivate, writePrivate } from './private-files.ts';
import { type LostSession, parseRecords, recordsText, type SessionRecord } from './session-record.ts';
import { MAX_FILE_BYTES, tailIn } from './tail.ts';

const MAX_RECORDS_BYTES = 8 * 1024 * 1024;
/** Of a process, or of an earlier version, which named it after none. */
const RECORD = /^(?:(\d+)-([^.]*)(?:\.taken\d+)?\.)?sessions\.json$/;

export interface TakenRecords {
  records: ReturnType<typeof parseRecords>[];
  /** Why others could not be used. They are set aside. */
  problems: unknown[];
  /** Whether another daemon, which lives, keeps its sessions here. */
  hasOthers: boolean;
  /** What was taken is in the own record now. */
  done(): Promise<void>;
}

/** All methods throw UnsafeFileError for what others could have a hand in, and what the system throws. */
export class KeptFiles {
  readonly #directory: string;
  readonly #self: string;
  #taken = 0;

  /** @param self the process that writes here, and is the only one to write its record */
  constructor(directory: string, self: ProcessIdentity) {
    this.#directory = directory;
    this.#self = nameOf(self);
  }

  /** The records of processes that are gone; nobody else gets them. */
  async takeRecords(isAlive: (process: ProcessIdentity) => boolean): Promise<TakenRecords> {
    await makePrivateDirectory(this.#directory);
    const taken: string[] = [];
    const result: TakenRecords = {
      records: [],
      problems: [],
      hasOthers: false,
      done: async () => {
        for (const file of taken) await fs.rm(file, { force: true });
      },
    };
    for (const name of await fs.readdir(this.#directory)) {
      const [found, pid, startedAt = ''] = RECORD.exec(name) ?? [];
      if (found === undefined || name.startsWith(`${this.#self}.`)) continue;
      const isOthers =
        pid !== undefined && isAlive({ pid: Number(pid), startedAt: decodeURIComponent(startedAt) });
      result.hasOthers ||= isOthers;
      const file = isOthers ? undefined : await this.#take(name);
      if (file === undefined) continue;
      try {
        const text = await readPrivate(file, MAX_RECORDS_BYTES);
        if (text) result.records.push(parseRecords(text.toString()));
        taken.push(file);
      } catch (error) {
        result.problems.push(error);
        await fs.rename(file, path.join(this.#directory, 'sessions.json.unusable'));
      }
    }
    return result;
  }

  /** @returns undefined where another daemon was faster */
  async #take(name: string): Promise<string | undefined> {
    this.#taken += 1;
    const file = path.join(this.#directory, `${this.#self}.taken${this.#taken}.sessions.json`);
    try {
      await fs.rename(path.join(this.#directory, name), file);
      return file;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }

  /** Without anything in it there is none. */
  async writeRecord(sessions: readonly SessionRecord[], lost: readonly LostSession[]): Promise<void> {
    if (sessions.length === 0 && lost.length === 0) return fs.rm(this.#recordPath, { force: true });
    await makePrivateDirectory(this.#directory);
    await writePrivate(this.#recordPath, recordsText(sessions, lost));
  }

  /** What is in it is in the own one. */
  removeRecordOf(process: ProcessIdentity): Promise<void> {
    return fs.rm(this.#pathOf(nameOf(process)), { force: true });
  }

  async output(id: string): Promise<Buffer | undefined> {
    const bytes = await readPrivate(this.#outputPath(id), MAX_FILE_BYTES);
    return bytes && tailIn(bytes);
  }

  async writeOutput(id: string, bytes: Uint8Array): Promise<void> {
    await makePrivateDirectory(this.#directory);
    await writePrivate(this.#outputPath(id), bytes);
  }

  /** @returns false where there is no file with so many bytes, and nothing was written */
  addOutput(id: string, bytes: Uint8Array, behind: number): Promise<boolean> {
    return addPrivate(this.#outputPath(id), bytes, behind);
  }

  removeOutput(id: string): Promise<void> {
    return fs.rm(this.#outputPath(id), { force: true });
  }

  /** Removes the output of all others. */
  async removeOtherOutput(known: ReadonlySet<string>): Promise<void> {
    for (const name of await fs.readdir(this.#directory)) {
      const id = /^([0-9a-f]+)\.output/.exec(name)?.[1];
      if (id !== undefined && !known.has(id)) await fs.rm(path.join(this.#directory, name), { force: true });
    }
  }

  get #recordPath(): string {
    return this.#pathOf(this.#self);
  }

  #pathOf(self: string): string {
    return path.join(this.#directory, `${self}.sessions.json`);
  }

  #outputPath(id: string): string {
    return path.join(this.#directory, `${id}.output`);
  }
}

/** Start times have spaces on macOS, and no dot anywhere. */
function nameOf({ pid, startedAt }: ProcessIdentity): string {
  return `${pid}-${encodeURIComponent(startedAt)}`;
}
