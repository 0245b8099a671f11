/** Keeps output of the sessions of this host in the stream of its fleet: decides of which, and goes on when a daemon is back. */
import { setTimeout as delay } from 'node:timers/promises';
import { type Client, RequestError, type Result } from '@pilotty/client';
import { reasonOf } from '../nats/problems.ts';
import type { OutputBounds, OutputStream } from '../output/output-stream.ts';
import type { OutputReader } from '../output/stored-output.ts';
import { KeptSession } from './kept-session.ts';

type Session = Result<'session.list'>['sessions'][number];

export interface KeptOutputWish extends OutputBounds {
  /** Only of sessions that have one of these; empty: of all. */
  tags: readonly string[];
}

export interface OutputKeeperOptions {
  host: string;
  tags: readonly string[];
  stream: OutputStream;
  reader: OutputReader;
  /** Running ones, and ended ones that are retained. @throws ConnectionError where there is no daemon */
  sessions(): Promise<readonly Session[]>;
  /** What is read of it is read as soon as NATS takes it: for nothing else. */
  client: Client;
  warn(message: string): void;
}

/** A daemon is gone, or its connection was: then there may be one again. */
const LOOK_AGAIN_MS = 1_000;

export class OutputKeeper {
  readonly #options: OutputKeeperOptions;
  readonly #ending = new AbortController();
  /** By id, those that are followed. */
  readonly #followed = new Map<string, { session: Session }>();
  /** By id, those of which all is kept, with the run that it was. */
  readonly #ended = new Map<string, string>();
  #isLooking = false;
  #isAsked = false;

  constructor(options: OutputKeeperOptions) {
    this.#options = options;
  }

  /** Sessions are others now, or may be. */
  changed(): void {
    this.#isAsked = true;
    if (!this.#isLooking) void this.#look();
  }

  /** NATS does not let us write: what is not kept is said once. */
  refused(subject: string): void {
    if (this.#ending.signal.aborted) return;
    this.#options.warn(`output is kept no longer: these credentials are not permitted to use ${subject}`);
    this.close();
  }

  close(): void {
    this.#ending.abort();
    this.#options.client.close();
  }

  async #look(): Promise<void> {
    this.#isLooking = true;
    while (this.#isAsked && !this.#ending.signal.aborted) {
      this.#isAsked = false;
      // Without a daemon there is nothing; who has seen it end says when there is one again.
      const sessions = await this.#options.sessions().catch(() => []);
      this.#keep(sessions);
    }
    this.#isLooking = false;
  }

  #keep(sessions: readonly Session[]): void {
    const { tags } = this.#options;
    const there = new Set(sessions.map(({ id }) => id));
    for (const id of this.#ended.keys()) if (!there.has(id)) this.#ended.delete(id);
    for (const session of sessions) {
      const followed = this.#followed.get(session.id);
      if (followed !== undefined) followed.session = session;
      const isWanted = tags.length === 0 || session.tags.some((tag) => tags.includes(tag));
      const isNew = followed === undefined && this.#ended.get(session.id) !== runOf(session);
      if (isWanted && isNew) void this.#follow(session);
    }
  }

  async #follow(session: Session): Promise<void> {
    const { host, stream, reader, client, warn } = this.#options;
    const { id } = session;
    const { signal } = this.#ending;
    const followed = { session };
    this.#followed.set(id, followed);
    try {
      await new KeptSession({
        id,
        name: () => followed.session.name,
        client,
        last: () => reader.last(host, id),
        publish: (output) => stream.publish(id, output),
        signal,
      }).keep();
      // One that was started again meanwhile is another run.
      this.#ended.set(id, runOf(followed.session));
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof RequestError) {
        this.#ended.set(id, runOf(followed.session));
        if (error.code !== 'SESSION_NOT_FOUND')
          warn(`output of ${followed.session.name} is not kept: ${error.message}`);
      } else {
        await delay(LOOK_AGAIN_MS, undefined, { signal }).catch(() => {});
      }
    } finally {
      this.#followed.delete(id);
      this.changed();
    }
  }
}

export interface OpenedKeeper {
  keeper: OutputKeeper;
  /** Of the stream. */
  bounds: OutputBounds;
}

/** @returns undefined where NATS does not let us: said, and the host joins without */
export async function openKeeper(
  { host, warn }: { host: string; warn(message: string): void },
  { tags, ...wanted }: KeptOutputWish,
  daemon: { sessions(): Promise<readonly Session[]>; reader(): Client },
  stream: OutputStream,
  reader: OutputReader,
): Promise<OpenedKeeper | undefined> {
  try {
    const bounds = await stream.open(wanted);
    if (bounds.max_bytes !== wanted.max_bytes || bounds.max_age_ms !== wanted.max_age_ms)
      warn(
        `the output stream of the fleet was made with other bounds, which stay: ${bounds.max_bytes} bytes, ${bounds.max_age_ms} ms`,
      );
    const sessions = () => daemon.sessions();
    return {
      keeper: new OutputKeeper({ host, tags, stream, reader, sessions, client: daemon.reader(), warn }),
      bounds,
    };
  } catch (error) {
    warn(`no output is kept: the output stream of the fleet cannot be used: ${reasonOf(error)}`);
    return undefined;
  }
}

/** Ended, what is known of it does not change; running, it is another after a restart. */
function runOf({ state, restarts = 0, exit }: Session): string {
  return JSON.stringify([restarts, state === 'exited' ? exit : undefined]);
}
