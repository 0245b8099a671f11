/**
 * Random strings that stand for a grant: tickets, valid once, logins, kept in a cookie, and tokens to share. Only their
 * hashes are kept, so a leak of the memory or of the file they are kept in gives no access.
 */
import { createHash, randomBytes } from 'node:crypto';
import { BoundedMap } from '@pilotty/protocol';
import { MAX_PASSES } from '../limits.ts';
import { Expiry } from './expiry.ts';
import { Grant, type Permissions } from './grant.ts';

interface Pass {
  hash: string;
  grant: Grant;
  expiry: Expiry;
}

/** A pass as it is written down. */
export interface KeptPass {
  hash: string;
  permissions: Permissions;
  expires_at: number;
}

export class Passes {
  readonly #changed: () => void;
  /** The oldest first. */
  readonly #passes = new BoundedMap<string, Pass>(MAX_PASSES);

  /** @param changed called after each change */
  constructor(changed: () => void = () => {}) {
    this.#changed = changed;
  }

  issue(grant: Grant, expiresAt: number): string {
    const secret = randomBytes(32).toString('base64url');
    this.#passes.set(hash(secret), { hash: hash(secret), grant, expiry: new Expiry(expiresAt) });
    this.#changed();
    return secret;
  }

  find(secret: string): Grant | undefined {
    const pass = this.#passes.get(hash(secret));
    return pass !== undefined && !pass.expiry.isOver && !pass.grant.isEnded ? pass.grant : undefined;
  }

  /** As find(), and it is not valid any more. */
  take(secret: string): Grant | undefined {
    const grant = this.find(secret);
    if (this.#passes.delete(hash(secret))) this.#changed();
    return grant;
  }

  /** Ends all of them, and what was opened with them. @returns their number */
  revoke(): number {
    const all = [...this.#passes.values()];
    for (const { hash, grant } of all) {
      this.#passes.delete(hash);
      grant.end();
    }
    this.#changed();
    return all.filter(({ expiry }) => !expiry.isOver).length;
  }

  kept(): KeptPass[] {
    return [...this.#passes.values()]
      .filter(({ expiry, grant }) => !expiry.isOver && !grant.isEnded)
      .map(({ hash, grant, expiry }) => ({ hash, permissions: grant.permissions, expires_at: expiry.at }));
  }

  restore(passes: readonly KeptPass[]): void {
    for (const { hash, permissions, expires_at: expiresAt } of passes) {
      const expiry = new Expiry(expiresAt);
      if (!expiry.isOver) this.#passes.set(hash, { hash, grant: new Grant(permissions, expiresAt), expiry });
    }
  }
}

export function hash(secret: string): string {
  return createHash('sha256').update(secret).digest('base64');
}
