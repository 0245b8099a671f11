/**
 * A browser's EventSource cannot send headers, and reconnects with the address it was given: the ticket of an event
 * stream is valid for that one address as long as the stream is open, and for a ticket's time after it was cut.
 */
import { BoundedMap } from '@pilotty/protocol';
import { MAX_PASSES, TICKET_MS } from '../limits.ts';
import type { Grant } from './grant.ts';
import { hash } from './passes.ts';

interface Stream {
  url: string;
  grant: Grant;
  open: number;
  /** By performance.now(). */
  validUntil: number;
}

export class StreamTickets {
  readonly #streams = new BoundedMap<string, Stream>(MAX_PASSES);

  find(ticket: string, url: string): Grant | undefined {
    const stream = this.#streams.get(hash(ticket));
    const isValid = stream?.url === url && (stream.open > 0 || stream.validUntil > performance.now());
    return isValid && !stream.grant.isEnded ? stream.grant : undefined;
  }

  /** @returns to be called when the stream has ended */
  opened(ticket: string, url: string, grant: Grant): () => void {
    const key = hash(ticket);
    const stream = this.#streams.get(key) ?? { url, grant, open: 0, validUntil: 0 };
    stream.open += 1;
    this.#streams.set(key, stream);
    return () => {
      stream.open -= 1;
      stream.validUntil = performance.now() + TICKET_MS;
    };
  }

  revoke(): void {
    for (const { grant } of this.#streams.values()) grant.end();
  }
}
