/**
 * The files of what is kept of sessions: one record of them all, and for each one with the end of its output. Loaded when
 * there is something to read or to write, which no command waits for.
 */
import fs from 'node:fs/promises';
import path from 'node:path';
import { makePrivateDirectory, readPrivate, writePrivate } from './private-files.ts';
import { type LostSession, parseRecords, recordsText, type SessionRecord } from './session-record.ts';
import { MAX_TAIL_BYTES } from './tail.ts';

const MAX_FILE_BYTES = 8 * 1024 * 1024;

/** All methods throw UnsafeFileError for what others could have a hand in, and what the system throws. */
export class KeptFiles {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** @returns undefined where there is none @throws Error where it is no record, or was cut */
  async record(): Promise<ReturnType<typeof parseRecords> | undefined> {
    await makePrivateDirectory(this.#directory);
    const text = await readPrivate(this.#recordPath, MAX_FILE_BYTES);
    return text && parseRecords(text.toString());
  }

  /** Without anything in it there is none. */
  async writeRecord(sessions: readonly SessionRecord[], lost: readonly LostSession[]): Promise<void> {
    if (sessions.length === 0 && lost.length === 0) return fs.rm(this.#recordPath, { force: true });
    await makePrivateDirectory(this.#directory);
    await writePrivate(this.#recordPath, recordsText(sessions, lost));
  }

  output(id: string): Promise<Buffer | undefined> {
    return readPrivate(this.#outputPath(id), MAX_TAIL_BYTES);
  }

  async writeOutput(id: string, bytes: Uint8Array): Promise<void> {
    await makePrivateDirectory(this.#directory);
    await writePrivate(this.#outputPath(id), bytes);
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
    return path.join(this.#directory, 'sessions.json');
  }

  #outputPath(id: string): string {
    return path.join(this.#directory, `${id}.output`);
  }
}
