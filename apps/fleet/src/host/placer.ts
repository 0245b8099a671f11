/**
 * Chooses a host for a new session. One host of the fleet is asked, whichever NATS takes (a queue group); all read the same
 * directory. With a key, the first choice is written down before it is told, and stays.
 */
import type { KV } from '@nats-io/kv';
import { isConflict, type KnownHost } from '../directory/bucket.ts';
import { overdue } from '../directory/overdue.ts';
import { parseRecord } from '../directory/records.ts';
import type { PlacementAnswer, PlacementRequest } from '../fleet/placement.ts';
import { keyOf, keys, placementSubject } from '../names.ts';
import { isInbox, type Nats } from '../nats/connect.ts';

/** A session that was placed is in the directory by then. */
const PLACED_FOR_MS = 3_000;
/** A directory that was read is good for as long: many sessions are placed with one reading. */
const READ_FOR_MS = 1_000;

export interface PlacerOptions {
  bucket(): KV;
  hosts(): Promise<KnownHost[]>;
  random(): number;
  now(): number;
}

export class Placer {
  readonly #options: PlacerOptions;
  /** What we have placed, and the directory may not know yet. */
  #placed: { host: string; at: number }[] = [];
  #read: { hosts: Promise<KnownHost[]>; at: number } | undefined;

  constructor(options: PlacerOptions) {
    this.#options = options;
  }

  async place({ labels, once }: PlacementRequest): Promise<PlacementAnswer> {
    const before = once === undefined ? undefined : await this.#placedBefore(once);
    if (before !== undefined) return { host: before };
    const host = this.#leastLoaded(await this.#hosts(), labels);
    if (host === undefined) {
      const wanted = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
      return {
        problem:
          wanted.length === 0 ? 'no host takes sessions' : `no host has the labels ${wanted.join(', ')}`,
      };
    }
    if (once !== undefined) {
      try {
        await this.#options
          .bucket()
          .put(keys.placed(keyOf(once)), JSON.stringify({ host }), { previousSeq: 0 });
      } catch (error) {
        if (!isConflict(error)) throw error;
        const first = await this.#placedBefore(once);
        return first === undefined ? { problem: `the key ${once} is in use` } : { host: first };
      }
    }
    this.#placed.push({ host, at: this.#options.now() });
    return { host };
  }

  async #hosts(): Promise<KnownHost[]> {
    const at = this.#options.now();
    if (this.#read === undefined || at - this.#read.at >= READ_FOR_MS)
      this.#read = { hosts: this.#options.hosts(), at };
    const { hosts } = this.#read;
    return await hosts.catch((error) => {
      if (this.#read?.hosts === hosts) this.#read = undefined;
      throw error;
    });
  }

  async #placedBefore(once: string): Promise<string | undefined> {
    const entry = await this.#options.bucket().get(keys.placed(keyOf(once)));
    return entry === null ? undefined : parseRecord<{ host: string }>(entry.value)?.host;
  }

  #leastLoaded(hosts: readonly KnownHost[], labels: PlacementRequest['labels']): string | undefined {
    const { now, random } = this.#options;
    this.#placed = this.#placed.filter(({ at }) => now() - at < PLACED_FOR_MS);
    // They may be gone.
    const late = overdue(hosts);
    const candidates = hosts
      .filter(({ host }) => !late.has(host))
      .filter(({ record }) => Object.entries(labels).every(([key, value]) => record.labels[key] === value))
      .map(({ host, record }) => ({
        host,
        sessions: record.sessions + this.#placed.filter((one) => one.host === host).length,
        // A processor that is busy weighs as much as a session.
        load: record.load,
        lot: random(),
      }));
    candidates.sort((a, b) => a.sessions + a.load - (b.sessions + b.load) || a.lot - b.lot);
    return candidates[0]?.host;
  }
}

/** @returns ends it */
export function answerPlacement({ connection }: Nats, fleet: string, placer: Placer): () => void {
  const subscription = connection.subscribe(placementSubject(fleet), {
    queue: 'placers',
    callback: (error, message) => {
      if (error !== null || message.reply === undefined || !isInbox(message.reply)) return;
      void answerTo(message.data).then((answer) => message.respond(JSON.stringify(answer)));
    },
  });
  const answerTo = async (data: Uint8Array): Promise<PlacementAnswer> => {
    const request = parseRecord<PlacementRequest>(data);
    if (request === undefined) return { problem: 'the request is no JSON' };
    return await placer.place(request).catch((cause: Error) => ({ problem: cause.message }));
  };
  return () => subscription.unsubscribe();
}
