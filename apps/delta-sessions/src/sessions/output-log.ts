/**
 * output.log: every byte the session has printed that any command has seen, at the offset it has in the
 * session's output.
 *
 * The log is one file until it is full, or until the daemon had to drop what was not fetched. Then
 * the file is put aside under the offset at which it begins, output.log.N, and a new one follows; an
 * empty output.log.N says that the next one begins at N. So the names and sizes show where everything
 * is, whenever a command is killed.
 */
import {
  appendFileSync,
  closeSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { FILE_MODE, isCode } from './files.ts';

const NAME = 'output.log';
const FULL_BYTES = 32 * 1024 * 1024;
/** Besides the one that is being written. */
const MAX_PUT_ASIDE_BYTES = FULL_BYTES;

interface Part {
  path: string;
  start: number;
  bytes: number;
}

export class OutputLog {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** Offset of the byte that comes next. */
  get end(): number {
    return endOf(this.#parts().at(-1));
  }

  /** Adds output, of which the beginning may be there already. Under the session's lock. */
  append(offset: number, bytes: Uint8Array): void {
    const parts = this.#parts();
    const last = parts.at(-1);
    const end = endOf(last);
    const isGap = offset > end;
    // Not one that is put aside already, where a command was killed before it began the next.
    if (last?.path === join(this.#directory, NAME) && (isGap || last.bytes >= FULL_BYTES)) {
      renameSync(last.path, `${last.path}.${last.start}`);
      this.#dropOldest();
    }
    if (isGap) writeFileSync(join(this.#directory, `${NAME}.${offset}`), '', { mode: FILE_MODE });
    const fresh = bytes.subarray(isGap ? 0 : end - offset);
    appendFileSync(join(this.#directory, NAME), fresh, { mode: FILE_MODE });
  }

  /** What there is from an offset on, up to the next gap; `missed` counts bytes before it that were not kept. */
  read(from: number): { bytes: Buffer; missed: number; isCut: boolean } {
    const parts = this.#parts().filter((part) => endOf(part) > from);
    const first = Math.max(from, parts[0]?.start ?? from);
    const pieces: Buffer[] = [];
    let at = first;
    for (const part of parts) {
      if (part.start > at) break;
      pieces.push(readPart(part, at - part.start));
      at = endOf(part);
    }
    return { bytes: Buffer.concat(pieces), missed: first - from, isCut: endOf(parts.at(-1)) > at };
  }

  /** The last bytes, at most so many. */
  tail(maxBytes: number): Buffer {
    const last = this.#parts().at(-1);
    return last ? readPart(last, Math.max(0, last.bytes - maxBytes)) : Buffer.alloc(0);
  }

  /** In the order of their offsets; the one being written is the last, where there is one. */
  #parts(): Part[] {
    const parts: Part[] = [];
    for (const start of this.#putAside()) {
      const path = join(this.#directory, `${NAME}.${start}`);
      parts.push({ path, start, bytes: sizeOf(path) ?? 0 });
    }
    const path = join(this.#directory, NAME);
    const bytes = sizeOf(path);
    if (bytes !== undefined) parts.push({ path, start: endOf(parts.at(-1)), bytes });
    return parts;
  }

  #putAside(): number[] {
    return readdirSync(this.#directory)
      .flatMap((name) => /^output\.log\.(\d+)$/.exec(name)?.[1] ?? [])
      .map(Number)
      .sort((a, b) => a - b);
  }

  #dropOldest(): void {
    const parts = this.#parts();
    let bytes = parts.reduce((sum, part) => sum + part.bytes, 0);
    // The last one also has the offset at which the next begins.
    for (const part of parts.slice(0, -1)) {
      if (bytes <= MAX_PUT_ASIDE_BYTES) return;
      rmSync(part.path, { force: true });
      bytes -= part.bytes;
    }
  }
}

function endOf(part: Part | undefined): number {
  return part ? part.start + part.bytes : 0;
}

function sizeOf(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.size;
}

function readPart({ path, bytes }: Part, from: number): Buffer {
  const buffer = Buffer.alloc(bytes - from);
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (error) {
    // `end` or `cleanup` has removed the session meanwhile.
    if (isCode(error, 'ENOENT')) return Buffer.alloc(0);
    throw error;
  }
  try {
    let filled = 0;
    while (filled < buffer.length) {
      const count = readSync(file, buffer, filled, buffer.length - filled, from + filled);
      if (count === 0) break;
      filled += count;
    }
    return buffer.subarray(0, filled);
  } finally {
    closeSync(file);
  }
}
