/**
 * The files that a program's arguments name, as they are when it starts: a test of an editor needs the text that was
 * edited. A path may be anything, so it is never opened in a way that can wait for it.
 */
import { constants, promises as fs } from 'node:fs';
import path from 'node:path';

/** A test with more than this in it is not read by anyone. */
const MAX_BYTES = 64 * 1024;
const MAX_FILES = 16;

export interface NamedFile {
  /** As the argument has it. */
  readonly word: string;
  readonly path: string;
  /** undefined where there was none; null for what is no short text. */
  readonly content: string | null | undefined;
}

/** @param argv without options: a word that begins with '-' names no file */
export async function namedFiles(argv: readonly string[], cwd: string): Promise<NamedFile[]> {
  const words = argv.slice(1).filter((word) => word !== '' && !word.startsWith('-') && !word.includes('\n'));
  const files = words.slice(0, MAX_FILES).map(async (word) => {
    const place = path.resolve(cwd, word);
    return { word, path: place, content: await contentOf(place) };
  });
  return Promise.all(files);
}

/** undefined where there is no such file; null for what is no file, not ours to read, too long or no text. */
export async function contentOf(file: string): Promise<string | null | undefined> {
  try {
    if (!(await fs.stat(file)).isFile()) return null;
    const handle = await fs.open(file, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const buffer = Buffer.alloc(MAX_BYTES + 1);
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, 0);
      if (bytesRead > MAX_BYTES) return null;
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(buffer.subarray(0, bytesRead));
    } finally {
      await handle.close();
    }
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ENOENT' ? undefined : null;
  }
}
