/** The key/value bucket of a fleet. It outlives its hosts: what is known of one that does not answer is read here. */
import { JetStreamApiError, type JetStreamManager, jetstream, type StoredMsg } from '@nats-io/jetstream';
import { type KV, Kvm } from '@nats-io/kv';
import { TimeoutError } from '@nats-io/nats-core';
import { ConnectionError, RequestError } from '@pilotty/client';
import { eachBounded } from '../bounded.ts';
import { bucketOf, keys } from '../names.ts';
import type { Nats } from '../nats/connect.ts';
import { ANSWER_WITHIN_MS, isStreamNotFound, openManager } from '../nats/jet-stream.ts';
import { reasonOf, unreachable } from '../nats/problems.ts';
import { type HostRecord, parseRecord, type SessionsRecord } from './records.ts';

/** A host that is gone without leaving is known for so long. */
const KNOWN_FOR_MS = 7 * 24 * 60 * 60 * 1000;
const WRONG_LAST_SEQUENCE = 10071;

/** Of the records of a fleet: as many as are asked for at a time. */
const READ_AT_ONCE = 256;

/** A server that makes the files of the first bucket on a busy disk is waited for as long. */
const MADE_WITHIN_MS = 30_000;

/** A host makes it where there is none yet. @throws ConnectionError */
export async function makeBucket({ connection }: Nats, fleet: string): Promise<KV> {
  const kvm = new Kvm(jetstream(connection, { timeout: ANSWER_WITHIN_MS }));
  const startedAt = performance.now();
  for (;;) {
    try {
      return await kvm.create(bucketOf(fleet), { history: 1, ttl: KNOWN_FOR_MS });
    } catch (error) {
      // Made once more, it is the same.
      const isLate = performance.now() - startedAt > MADE_WITHIN_MS;
      if (!(error instanceof TimeoutError) || isLate) throw problemOf(fleet, 'used', error);
    }
  }
}

/** Reads or writes the directory. @throws ConnectionError where it does not answer, and what is ours as it is */
export async function reachingDirectory<T>(fleet: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    throw isOurs(error) || isConflict(error) ? error : problemOf(fleet, 'used', error);
  }
}

function isOurs(error: unknown): boolean {
  return error instanceof RequestError || error instanceof ConnectionError;
}

function problemOf(fleet: string, what: 'read' | 'used', error: unknown): ConnectionError {
  const rights = what === 'read' ? 'read the bucket' : 'read and write it';
  return unreachable(
    `the directory of the fleet ${fleet} cannot be ${what}: ${reasonOf(error)}`,
    error instanceof Error && error.name === 'JetStreamNotEnabled'
      ? 'A fleet keeps its directory in JetStream: start nats-server with --jetstream.'
      : `Look whether JetStream is on there, and whether your credentials may ${rights}: docs/fleet.md.`,
  );
}

/** Another has written meanwhile. */
export function isConflict(error: unknown): boolean {
  return error instanceof JetStreamApiError && error.code === WRONG_LAST_SEQUENCE;
}

export interface KnownHost {
  host: string;
  record: HostRecord;
  /** By the clock of NATS. */
  lastSeen: Date;
}

/**
 * What is known of a fleet, for its hosts and those who may act. Who may only look asks a host: NATS answers a request for the
 * bucket to whatever subject the request says, also to one that deletes it. It is read without a consumer for the same reason.
 */
export class Directory {
  readonly #nats: Nats;
  readonly #fleet: string;
  #manager: Promise<JetStreamManager> | undefined;

  constructor(nats: Nats, fleet: string) {
    this.#nats = nats;
    this.#fleet = fleet;
  }

  /**
   * All hosts that have joined and not left, by name, whether they answer or not.
   * @throws ConnectionError where the directory does not answer: that is no empty fleet
   */
  async hosts(): Promise<KnownHost[]> {
    return await this.#reading(async (manager) => {
      const subject = this.#subject(keys.host('*'));
      const { state } = await manager.streams.info(this.#stream, { subjects_filter: subject });
      const start = subject.length - 1;
      const names = Object.keys(state.subjects ?? {}).map((known) => known.slice(start));
      const found = await eachBounded(names, READ_AT_ONCE, (host) => this.#host(manager, host));
      return found.filter((host) => host !== undefined).sort((a, b) => (a.host < b.host ? -1 : 1));
    });
  }

  /** undefined for one that has never joined, or has left. @throws as hosts() */
  async host(name: string): Promise<KnownHost | undefined> {
    return await this.#reading((manager) => this.#host(manager, name));
  }

  /** What a host has said last of its sessions. @throws as hosts() */
  async sessionsOf(host: string): Promise<SessionsRecord> {
    return await this.#reading(async (manager) => {
      const found = await this.#last(manager, keys.sessions(host));
      return (found && parseRecord<SessionsRecord>(found.data)) ?? { sessions: [], total: 0 };
    });
  }

  /** What is another number once a host has joined. @throws as hosts() */
  async joins(): Promise<number> {
    return await this.#reading(async (manager) => (await this.#last(manager, keys.joined))?.seq ?? 0);
  }

  get #stream(): string {
    return `KV_${bucketOf(this.#fleet)}`;
  }

  #subject(key: string): string {
    return `$KV.${bucketOf(this.#fleet)}.${key}`;
  }

  async #host(manager: JetStreamManager, host: string): Promise<KnownHost | undefined> {
    const found = await this.#last(manager, keys.host(host));
    const record = found && parseRecord<HostRecord>(found.data);
    return found && record && { host, record, lastSeen: found.time };
  }

  async #last(manager: JetStreamManager, key: string): Promise<StoredMsg | undefined> {
    return (await manager.direct.getMessage(this.#stream, { last_by_subj: this.#subject(key) })) ?? undefined;
  }

  async #reading<T>(read: (manager: JetStreamManager) => Promise<T>): Promise<T> {
    try {
      this.#manager ??= openManager(this.#nats);
      return await read(await this.#manager);
    } catch (error) {
      const fleet = this.#fleet;
      if (isStreamNotFound(error))
        throw unreachable(
          `no host has joined a fleet ${fleet} on this server`,
          `'pilotty fleet join nats://SERVER --fleet ${fleet}' on a host makes it.`,
        );
      throw problemOf(fleet, 'read', error);
    }
  }
}
