/**
 * Follows one session and puts what it prints into the stream. Of what is not confirmed yet there are two messages at most: one
 * that is on its way, and one that is being filled. The daemon is read no further then, and nothing there waits for us.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { Client, StreamEvent } from '@pilotty/client';
import type { Exit, KeptOutput } from '../output/message.ts';
import type { StoredOutput } from '../output/stored-output.ts';
import { Batch, type OutputPiece } from './batch.ts';

export interface KeptSessionOptions {
  id: string;
  /** It may be renamed. */
  name(): string;
  client: Client;
  /** What the stream has of it already. @throws what NATS says */
  last(): Promise<StoredOutput | undefined>;
  /** @throws what NATS says */
  publish(output: KeptOutput): Promise<void>;
  signal: AbortSignal;
}

/** What comes after silence is published so soon. */
const SOON_MS = 100;
/** What comes all the time is published no more often than this. */
const APART_MS = 1_000;
/** Of a host: what is read of one session is waited for by the others. */
const MOST_BYTES_PER_SECOND = 4 * 1024 * 1024;
/** NATS did not confirm, or is gone. */
const AGAIN_MS = 500;

export class KeptSession {
  readonly #options: KeptSessionOptions;
  #batch: Batch | undefined;
  #timer: NodeJS.Timeout | undefined;
  #publishedAt = Number.NEGATIVE_INFINITY;
  #publishing: Promise<void> = Promise.resolve();

  constructor(options: KeptSessionOptions) {
    this.#options = options;
  }

  /** Resolves when its program has ended, and all that can be read of it is in the stream. @throws RequestError, ConnectionError */
  async keep(): Promise<void> {
    const { id, client, signal } = this.#options;
    const last = await this.#insist(() => this.#options.last());
    const since = last?.to ?? 0;
    try {
      const params = { session: id, format: 'ansi', as_kept: true, follow: true, since } as const;
      const asked = client.request('session.output', params, {
        signal,
        onEvent: (part) => this.#take(part),
      });
      const { exit, next_offset } = await asked.catch(async (error: unknown) => {
        // What has come before its daemon was gone is kept too.
        await this.#flush();
        throw error;
      });
      await this.#flush();
      if (exit && !isSame(last, next_offset, exit)) await this.#sayEnd(next_offset, exit);
    } finally {
      clearTimeout(this.#timer);
    }
  }

  /** @returns a promise where the daemon should be read no further until then */
  #take(part: StreamEvent<'session.output'>): void | Promise<void> {
    const bytes = Buffer.from(part.output_base64 ?? '', 'base64');
    const { next_offset, offset = next_offset - bytes.length, size, stream } = part;
    const piece = { offset, next_offset, bytes, size, stream };
    const batch = this.#batch;
    if (batch === undefined) {
      this.#begin(piece);
    } else if (batch.takes(piece)) {
      batch.add(piece);
    } else {
      return this.#makeRoom(batch.length).then(() => this.#begin(piece));
    }
  }

  /** A flood would keep the host, NATS and the daemon busy that others use: it is read no faster than that. */
  async #makeRoom(bytes: number): Promise<void> {
    const startedAt = performance.now();
    await this.#flush();
    const restMs = (bytes / MOST_BYTES_PER_SECOND) * 1_000 - (performance.now() - startedAt);
    if (restMs > 0) await delay(restMs, undefined, { signal: this.#options.signal });
  }

  #begin(piece: OutputPiece): void {
    this.#batch = new Batch(piece);
    this.#batch.add(piece);
    const ms = Math.max(SOON_MS, this.#publishedAt + APART_MS - performance.now());
    // Behind the one that is on its way: meanwhile this one is filled.
    this.#timer = setTimeout(() => void this.#publishing.then(() => this.#flush()).catch(() => {}), ms);
  }

  /** Resolves when what had come is in the stream. */
  #flush(): Promise<void> {
    clearTimeout(this.#timer);
    const batch = this.#batch;
    this.#batch = undefined;
    if (batch === undefined) return this.#publishing;
    this.#publishedAt = performance.now();
    const { from, to, size, bytes, runs } = batch;
    const name = this.#options.name();
    this.#publishing = this.#publishing.then(() =>
      this.#insist(() => this.#options.publish({ name, from, to, size, bytes, runs })),
    );
    return this.#publishing;
  }

  async #sayEnd(offset: number, exit: Exit): Promise<void> {
    const end = { name: this.#options.name(), from: offset, to: offset, bytes: new Uint8Array(0), exit };
    await this.#insist(() => this.#options.publish(end));
  }

  /** Until NATS answers. @throws the signal's reason */
  async #insist<T>(ask: () => Promise<T>): Promise<T> {
    const { signal } = this.#options;
    for (;;) {
      signal.throwIfAborted();
      try {
        return await ask();
      } catch {
        await delay(AGAIN_MS, undefined, { signal });
      }
    }
  }
}

/** The stream says already that it has ended so. */
function isSame(last: StoredOutput | undefined, offset: number, exit: Exit): boolean {
  return last?.to === offset && JSON.stringify(last.exit) === JSON.stringify(exit);
}
