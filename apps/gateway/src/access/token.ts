/** The gateway's bearer token: created once, kept in a file that only its owner can read. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { closeSync, fstatSync, readFileSync, writeFileSync } from 'node:fs';
import { RequestError } from '@pilotty/client';
import { openRegularFile } from '../open-file.ts';

/** Shorter ones can be guessed. */
const MIN_LENGTH = 16;

/** Reads the token, or makes one where there is none yet. @throws RequestError when the file is not private */
export function readOrMakeToken(path: string): string {
  try {
    // Exclusive: of two that are first, one makes it and the other reads it.
    writeFileSync(path, `${randomBytes(32).toString('base64url')}\n`, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw unusable(path, (error as Error).message);
  }
  return readToken(path);
}

function readToken(path: string): string {
  const file = openForReading(path);
  try {
    const { mode, uid } = fstatSync(file);
    if (uid !== process.getuid?.()) throw unusable(path, `it belongs to user ${uid}`);
    if (mode & 0o077) throw unusable(path, 'others can read it', `Run 'chmod 600 ${path}'.`);
    const token = readFileSync(file, 'utf8').trim();
    if (token.length >= MIN_LENGTH && /^[\x21-\x7e]+$/.test(token)) return token;
    throw unusable(path, `it contains no valid token (at least ${MIN_LENGTH} characters, no spaces)`);
  } finally {
    closeSync(file);
  }
}

function openForReading(path: string): number {
  try {
    return openRegularFile(path);
  } catch (error) {
    throw unusable(path, (error as Error).message);
  }
}

function unusable(path: string, reason: string, suggestion?: string): RequestError {
  return new RequestError('INVALID_INPUT', `The token file '${path}' cannot be used: ${reason}`, {
    suggestion: suggestion ?? 'Remove it to create a new one, or choose another with --token-file.',
  });
}

/** Compares in constant time. */
export function isSame(given: string, token: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(token));
}
