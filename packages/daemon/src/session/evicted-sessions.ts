/**
 * The ends of sessions whose screens and output are no longer kept: small enough to remember many, so
 * that a client waiting for the ends of a fleet misses none because it was busy elsewhere.
 */
import type { Exit } from '@pilotty/protocol';
import type { Session } from './session.ts';

/** Some two hundred bytes each. */
const KEPT = 10_000;

export interface End {
  id: string;
  name: string;
  tags: Set<string>;
  /** The moment of its end, or from which that could be known. */
  ended: number;
  revision: number;
  exit: Exit | undefined;
}

export class EvictedSessions {
  #ends: End[] = [];

  add({ id, name, tags, times, revision, exit }: Session): void {
    const ended = times.knownAt(times.ended ?? 0);
    this.#ends.push({ id, name, tags: new Set(tags), ended, revision, exit });
    if (this.#ends.length >= 2 * KEPT) this.#ends = this.#ends.slice(-KEPT);
  }

  get state(): (Omit<End, 'tags'> & { tags: string[] })[] {
    return this.#ends.map(({ tags, ...end }) => ({ ...end, tags: [...tags] }));
  }

  adopt(ends: EvictedSessions['state']): void {
    this.#ends = ends.map(({ tags, ...end }) => ({ ...end, tags: new Set(tags) }));
  }

  /** Those that ended after a moment. */
  since(moment: number): End[] {
    return this.#ends.filter(({ ended }) => ended > moment);
  }
}
