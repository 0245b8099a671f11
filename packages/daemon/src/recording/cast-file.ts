/**
 * The file of a recording, written behind: what is appended is in the file within a quarter of a second, or once there
 * are 64 KiB of it, and nobody waits for the disk. So of a daemon that is killed no more is lost than that.
 *
 * What waits for a slow disk has a bound: at it, `isFull` says so, and `onRoom` is called once half of it is written.
 * The first write that fails ends the file.
 */
import { constants, promises as fs } from 'node:fs';
import type { WriteTurns } from './write-turns.ts';

const { O_APPEND, O_CREAT, O_EXCL, O_NOFOLLOW, O_NONBLOCK, O_WRONLY } = constants;
const WRITE_AFTER_MS = 250;
const WRITE_AT_BYTES = 64 * 1024;
/** More than a program prints while a busy machine does not run the thread that writes. */
export const MAX_UNWRITTEN_BYTES = 8 * 1024 * 1024;

/** The part of a file that is needed. */
export interface CastHandle {
  write(bytes: Uint8Array): Promise<{ bytesWritten: number }>;
  close(): Promise<void>;
  stat(options: { bigint: true }): Promise<{ dev: bigint; ino: bigint }>;
}

export interface CastFileListener {
  failed(error: unknown): void;
  room(): void;
}

export interface CastFiles {
  /** A new file; one that is there is an error. */
  create(path: string): Promise<CastHandle>;
  /** To append to it. @param identity as CastFile.written() has it @throws Error where another file is there */
  reopen(path: string, identity: string): Promise<CastHandle>;
  rename(from: string, to: string): Promise<void>;
}

export const castFiles: CastFiles = {
  create: (path) => fs.open(path, O_APPEND | O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW | O_NONBLOCK, 0o600),
  async reopen(path, identity) {
    const moved = () => new Error(`the file of a recording, '${path}', was moved or removed`);
    const handle = await fs.open(path, O_APPEND | O_WRONLY | O_NOFOLLOW | O_NONBLOCK).catch((error) => {
      throw error.code === 'ENOENT' ? moved() : error;
    });
    if ((await identityOf(handle)) === identity) return handle;
    await handle.close();
    throw moved();
  },
  rename: (from, to) => fs.rename(from, to),
};

export class CastFile {
  /** Bytes of the file that is open, those that wait included. */
  bytes = 0;
  readonly #path: string;
  readonly #files: CastFiles;
  readonly #turns: WriteTurns;
  readonly #listener: CastFileListener;
  #handle: CastHandle;
  #unwritten: (Uint8Array | Rotation)[] = [];
  #unwrittenBytes = 0;
  #wasFull = false;
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> | undefined;
  #isClosed = false;

  constructor(
    path: string,
    handle: CastHandle,
    { files, turns, listener }: { files: CastFiles; turns: WriteTurns; listener: CastFileListener },
  ) {
    this.#path = path;
    this.#handle = handle;
    this.#files = files;
    this.#turns = turns;
    this.#listener = listener;
  }

  get isFull(): boolean {
    return this.#unwrittenBytes >= MAX_UNWRITTEN_BYTES;
  }

  /** @param bytes are kept, not copied */
  append(bytes: Uint8Array): void {
    if (this.#isClosed) return;
    this.bytes += bytes.length;
    this.#unwritten.push(bytes);
    this.#unwrittenBytes += bytes.length;
    this.#wasFull ||= this.isFull;
    if (this.#writing !== undefined) return;
    if (this.#unwrittenBytes >= WRITE_AT_BYTES) this.#begin();
    else this.#timer ??= setTimeout(() => this.#begin(), WRITE_AFTER_MS);
  }

  /** What is appended from here on goes to a new file; of those before it so many are kept, FILE.1 the last of them. */
  rotate(kept: number): void {
    this.#unwritten.push({ kept });
    this.bytes = 0;
  }

  /** Resolves when all is written, with which file it is in; '' where it cannot be written. */
  async written(): Promise<string> {
    while (this.#unwritten.length > 0 || this.#writing !== undefined) {
      this.#begin();
      await this.#writing;
    }
    return this.#isClosed ? '' : await identityOf(this.#handle);
  }

  /** All is written, and another process goes on with the file. */
  leave(): void {
    this.#isClosed = true;
    void this.#handle.close().catch(() => {
      // It is another's.
    });
  }

  /** Resolves when all is written, or cannot be. Idempotent. */
  async close(): Promise<void> {
    if (this.#isClosed) return this.#writing;
    this.#isClosed = true;
    this.#begin();
    await this.#writing;
    await this.#handle.close().catch(() => {
      // What could be written is written.
    });
  }

  #begin(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#writing ??= this.#writeAll().finally(() => {
      this.#writing = undefined;
    });
  }

  async #writeAll(): Promise<void> {
    try {
      while (this.#unwritten.length > 0) await this.#turns.take(() => this.#writeSome());
    } catch (error) {
      this.#unwritten = [];
      this.#isClosed = true;
      clearTimeout(this.#timer);
      await this.#handle.close().catch(() => {
        // It is useless already.
      });
      this.#listener.failed(error);
    }
  }

  async #writeSome(): Promise<void> {
    const [first] = this.#unwritten;
    if (first !== undefined && 'kept' in first) {
      this.#unwritten.shift();
      return await this.#replace(first);
    }
    const end = this.#unwritten.findIndex((entry) => 'kept' in entry);
    const parts = this.#unwritten.splice(0, end === -1 ? this.#unwritten.length : end) as Uint8Array[];
    const bytes = parts.length === 1 ? (parts[0] as Uint8Array) : Buffer.concat(parts);
    for (let at = 0; at < bytes.length; ) {
      const { bytesWritten } = await this.#handle.write(bytes.subarray(at));
      at += bytesWritten;
    }
    this.#unwrittenBytes -= bytes.length;
    if (!this.#wasFull || this.#unwrittenBytes > MAX_UNWRITTEN_BYTES / 2) return;
    this.#wasFull = false;
    this.#listener.room();
  }

  async #replace({ kept }: Rotation): Promise<void> {
    await this.#handle.close();
    for (let number = kept - 1; number > 0; number--) {
      await this.#files.rename(`${this.#path}.${number}`, `${this.#path}.${number + 1}`).catch(ignoreMissing);
    }
    await this.#files.rename(this.#path, `${this.#path}.1`).catch(ignoreMissing);
    this.#handle = await this.#files.create(this.#path);
  }
}

async function identityOf(handle: CastHandle): Promise<string> {
  const { dev, ino } = await handle.stat({ bigint: true });
  return `${dev}:${ino}`;
}

interface Rotation {
  kept: number;
}

function ignoreMissing(error: unknown): void {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
}
