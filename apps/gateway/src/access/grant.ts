/**
 * What a token lets its client do, and a login or a ticket that was made with it. Whatever is still open when a grant
 * ends, because it expired or was revoked or logged out, is closed then.
 */

import { Expiry } from './expiry.ts';

export interface Permissions {
  /** Nothing that another client could see may be changed. */
  readOnly: boolean;
  /** Ids of the only sessions that exist for it. Such a grant is always read-only. */
  sessions?: readonly string[];
  /** Only sessions with one of these tags, and those above, exist for it. */
  tags?: readonly string[];
}

/** setTimeout takes no longer time. */
const MAX_TIMER_MS = 2_147_483_647;

export class Grant {
  readonly permissions: Permissions;
  readonly #expiry: Expiry | undefined;
  readonly #closers = new Set<() => void>();
  #timer: NodeJS.Timeout | undefined;
  #isEnded = false;

  constructor(permissions: Permissions, expiresAt?: number) {
    this.permissions = permissions;
    this.#expiry = expiresAt === undefined ? undefined : new Expiry(expiresAt);
    this.#expire();
  }

  /** When it expires; undefined: never. */
  get expiresAt(): number | undefined {
    return this.#expiry?.at;
  }

  get isEnded(): boolean {
    return this.#isEnded || this.#expiry?.isOver === true;
  }

  /** Calls `close` when it ends, now if it has. @returns stops that */
  whenEnded(close: () => void): () => void {
    if (this.isEnded) close();
    this.#closers.add(close);
    return () => this.#closers.delete(close);
  }

  end(): void {
    this.#isEnded = true;
    clearTimeout(this.#timer);
    for (const close of this.#closers) close();
    this.#closers.clear();
  }

  #expire(): void {
    if (this.#expiry === undefined) return;
    const { leftMs } = this.#expiry;
    if (leftMs <= 0) {
      this.end();
      return;
    }
    this.#timer = setTimeout(() => this.#expire(), Math.min(leftMs, MAX_TIMER_MS));
    this.#timer.unref();
  }
}

export function isScoped({ sessions, tags }: Permissions): boolean {
  return sessions !== undefined || tags !== undefined;
}
