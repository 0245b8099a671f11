/** A token bucket for each address: requests take permits, which refill. */
import { BoundedMap } from '@pilotty/protocol';
import { MAX_ADDRESSES } from '../limits.ts';

export interface Rate {
  burst: number;
  perSecond: number;
}

export class RateLimit {
  readonly #rate: Rate;
  /** Those asked for last are last. */
  readonly #buckets = new BoundedMap<string, { permits: number; at: number }>(MAX_ADDRESSES);

  constructor(rate: Rate) {
    this.#rate = rate;
  }

  /** Takes a permit. @returns the seconds until there is one, when there is none */
  take(address: string): number {
    const { burst, perSecond } = this.#rate;
    const now = performance.now();
    const before = this.#buckets.get(address) ?? { permits: burst, at: now };
    const permits = Math.min(burst, before.permits + ((now - before.at) / 1000) * perSecond);
    this.#buckets.set(address, { permits: permits >= 1 ? permits - 1 : permits, at: now });
    return permits >= 1 ? 0 : Math.ceil((1 - permits) / perSecond);
  }
}
