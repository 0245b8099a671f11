/**
 * Random strings that replace the token for a limited time: tickets, valid once, and logins, kept in a cookie.
 * They are in memory only, as hashes, so a leak of that memory gives no access.
 */
import { createHash, randomBytes } from 'node:crypto';
import { BoundedMap } from '@pilotty/protocol';
import { MAX_PASSES } from '../limits.ts';

export class Passes {
  readonly lastMs: number;
  /** When each ends, by its hash; the oldest first. */
  readonly #ends = new BoundedMap<string, number>(MAX_PASSES);

  constructor(lastMs: number) {
    this.lastMs = lastMs;
  }

  issue(): string {
    const pass = randomBytes(32).toString('base64url');
    this.#ends.set(hash(pass), Date.now() + this.lastMs);
    return pass;
  }

  isValid(pass: string): boolean {
    return (this.#ends.get(hash(pass)) ?? 0) > Date.now();
  }

  /** Whether it was valid; it is not any more. */
  take(pass: string): boolean {
    const wasValid = this.isValid(pass);
    this.#ends.delete(hash(pass));
    return wasValid;
  }
}

function hash(pass: string): string {
  return createHash('sha256').update(pass).digest('base64');
}
