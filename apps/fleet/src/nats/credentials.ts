/** A file with what NATS lets one in by. As every secret it is a file, and neither a word of a command line nor a variable. */
import { readFileSync, statSync } from 'node:fs';
import {
  type Authenticator,
  credsAuthenticator,
  nkeyAuthenticator,
  usernamePasswordAuthenticator,
} from '@nats-io/nats-core';
import { refused } from './problems.ts';

const OTHERS = 0o077;

/** @throws RequestError for a file that others can read, or that has no credential in it */
export function readCredentials(path: string): Authenticator {
  let text: string;
  try {
    if ((statSync(path).mode & OTHERS) !== 0)
      throw refused(
        `the credentials ${path} can be read by others`,
        `Keep them to yourself: chmod 600 ${path}`,
      );
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (typeof code !== 'string' || !/^E[A-Z]+$/.test(code)) throw error;
    throw refused(
      `the credentials ${path} cannot be read: ${code}`,
      'Name the file with PILOTTY_NATS_CREDS.',
    );
  }
  const line = text.trim();
  if (line.includes('BEGIN NATS USER JWT')) return credsAuthenticator(new TextEncoder().encode(text));
  if (/^SU[A-Z2-7]{56}$/.test(line)) return nkeyAuthenticator(new TextEncoder().encode(line));
  const [, user, password] = /^([^:\s]+):(\S+)$/.exec(line) ?? [];
  if (user !== undefined) return usernamePasswordAuthenticator(user, password);
  throw refused(
    `${path} has no credentials in it`,
    "It is a .creds file of NATS, a user's seed (SU…), or a line USER:PASSWORD.",
  );
}
