/**
 * Files that no other user may have written or may read: what is found is used only where it is a regular file of ours that
 * is ours alone, a link is never followed, and what is written replaces the file that was there in one step.
 */
import { constants } from 'node:fs';
import fs from 'node:fs/promises';
import { directoryProblem } from '@pilotty/protocol';
import { makeDirectories } from '../make-directories.ts';

/** A file, or a directory, that is not to be trusted. */
export class UnsafeFileError extends Error {
  override readonly name = 'UnsafeFileError';
}

/** Makes it, with those above it. @throws UnsafeFileError where another user could have a hand in it; what the system throws */
export async function makePrivateDirectory(path: string): Promise<void> {
  await makeDirectories(path);
  const facts = await fs.lstat(path);
  const problem = directoryProblem(facts, process.getuid?.() ?? -1);
  if (problem) throw new UnsafeFileError(`the directory '${path}' ${problem}`);
}

/**
 * @returns undefined where there is none
 * @throws UnsafeFileError for what is no private file of ours, or larger than `maxBytes`; what the system throws
 */
export async function readPrivate(path: string, maxBytes: number): Promise<Buffer | undefined> {
  let handle: fs.FileHandle;
  try {
    // A FIFO that has taken its place is not waited for.
    handle = await fs.open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    if (code === 'ELOOP') throw new UnsafeFileError(`'${path}' is a symbolic link`);
    throw error;
  }
  try {
    const facts = await handle.stat();
    const problem = fileProblem(facts, maxBytes);
    if (problem) throw new UnsafeFileError(`'${path}' ${problem}`);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(facts.size), 0, facts.size, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

function fileProblem(
  facts: { isFile(): boolean; uid: number; mode: number; size: number },
  maxBytes: number,
): string | undefined {
  const uid = process.getuid?.() ?? -1;
  if (!facts.isFile()) return 'is not a regular file';
  if (facts.uid !== uid) return `belongs to user ${facts.uid}, not to you (${uid})`;
  if (facts.mode & 0o077) return 'can be read or written by other users';
  if (facts.size > maxBytes) return `has ${facts.size} bytes, and ${maxBytes} is the limit`;
  return undefined;
}

/** @throws what the system throws: the file that was there is as it was then */
export async function writePrivate(path: string, data: string | Uint8Array): Promise<void> {
  const next = `${path}.${process.pid}.new`;
  await fs.rm(next, { force: true });
  const handle = await fs.open(next, 'wx', 0o600);
  try {
    try {
      await handle.writeFile(data);
    } finally {
      await handle.close();
    }
    await fs.rename(next, path);
  } catch (error) {
    await fs.rm(next, { force: true }).catch(() => {});
    throw error;
  }
}

/**
 * Adds to the end of a file.
 * @param behind how long it is: another one is left as it is
 * @returns whether it was that
 * @throws what the system throws: then a part of it may have been added
 */
export async function addPrivate(path: string, data: Uint8Array, behind: number): Promise<boolean> {
  let handle: fs.FileHandle;
  try {
    handle = await fs.open(
      path,
      constants.O_WRONLY | constants.O_APPEND | constants.O_NOFOLLOW | constants.O_NONBLOCK,
    );
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    // A link, a FIFO that nobody reads, or a file that may not be written.
    if (['ENOENT', 'ELOOP', 'ENXIO', 'EACCES'].includes(code)) return false;
    throw error;
  }
  try {
    const facts = await handle.stat();
    if (facts.size !== behind || fileProblem(facts, behind) !== undefined) return false;
    await handle.writeFile(data);
    return true;
  } finally {
    await handle.close();
  }
}
