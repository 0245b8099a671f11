/**
 * The host in the directory of its fleet: its name, which no other has at the same time, and again and again that it is there.
 * What changes of its sessions is written soon after, so that what is known of a host that is lost is as old as that.
 * Each write is on top of the one before (a revision), so that a host whose name was taken meanwhile, as after a long cut,
 * finds out and leaves.
 */

import type { KV } from '@nats-io/kv';
import { NoRespondersError } from '@nats-io/nats-core';
import { RequestError } from '@pilotty/client';
import { isConflict, makeBucket, reachingDirectory } from '../directory/bucket.ts';
import { type HostRecord, parseRecord, type SessionRecord, sessionsRecordOf } from '../directory/records.ts';
import { keys, LINK, methodSubject } from '../names.ts';
import type { Nats } from '../nats/connect.ts';
import { reasonOf } from '../nats/problems.ts';

/** What changes of a host. */
export interface HostState {
  sessions: readonly SessionRecord[];
  load: number;
  /** Where its daemon stood then; absent without one. */
  event_cursor?: number;
}

export interface PresenceOptions {
  nats: Nats;
  fleet: string;
  /** Without what changes. */
  identity: Omit<HostRecord, 'sessions' | 'load' | 'event_cursor'>;
  state(): Promise<HostState>;
  /** The name is another's now, or the host cannot be in the fleet any more. */
  lost(error: Error): void;
  warn(message: string): void;
  /** From 0 to 1: hosts that were started together do not write together. */
  random(): number;
}

/** Of the time between two beats. */
const JITTER = 0.25;
/** A host that has the name answers at once, if it runs. */
const ANSWER_WITHIN_MS = 2_000;
/** From its first record until it takes requests. */
const JOINING_MS = 1_000;
/** What changes together is written together. */
const TOGETHER_MS = 200;
/** Sessions that change all the time are written no more often than this. */
const APART_MS = 500;

export class Presence {
  readonly #options: PresenceOptions;
  #bucket: KV | undefined;
  #revision = 0;
  /** The records as they were written last. */
  #told = '';
  /** Of its sessions: where one has begun or ended, the cursor says so too. */
  #toldIds = '';
  #wroteAt = 0;
  #timer: NodeJS.Timeout | undefined;
  #soon: NodeJS.Timeout | undefined;
  #isClosed = false;
  #beating: Promise<void> = Promise.resolve();

  constructor(options: PresenceOptions) {
    this.#options = options;
  }

  /** @throws RequestError UNAVAILABLE where a host of this name is there; ConnectionError where the directory does not answer */
  async join(): Promise<void> {
    const { nats, fleet } = this.#options;
    this.#bucket = await makeBucket(nats, fleet);
    await reachingDirectory(fleet, () => this.#begin(this.bucket));
    this.#plan();
  }

  async #begin(bucket: KV): Promise<void> {
    const { host } = this.#options.identity;
    const entry = await bucket.get(keys.host(host));
    const holder = entry?.operation === 'PUT' ? parseRecord<HostRecord>(entry.value) : undefined;
    if (entry && holder !== undefined) await this.#requireGone(entry.revision, holder);
    this.#revision = entry?.revision ?? 0;
    try {
      await this.#write(true);
    } catch (error) {
      throw isConflict(error) ? this.#isTaken() : error;
    }
  }

  /** Once it has joined. */
  get bucket(): KV {
    return this.#bucket as KV;
  }

  /** Now, because the directory may not know us. */
  beat(): Promise<void> {
    return this.#tell(true);
  }

  /** Its sessions are others now, or may be: the directory is told soon. */
  changed(): void {
    if (this.#isClosed || this.#soon !== undefined) return;
    const ms = Math.max(TOGETHER_MS, this.#wroteAt + APART_MS - performance.now());
    this.#soon = setTimeout(() => {
      this.#soon = undefined;
      void this.#tell(false);
    }, ms);
  }

  #tell(isBeat: boolean): Promise<void> {
    this.#beating = this.#beating.then(() => this.#beat(isBeat));
    return this.#beating;
  }

  /** Takes the host out of the directory. */
  async leave(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    clearTimeout(this.#soon);
    await this.#beating;
    const { host } = this.#options.identity;
    const bucket = this.#bucket;
    if (bucket === undefined || this.#revision === 0) return;
    // With its revision: it may be another's by now.
    await bucket.delete(keys.host(host), { previousSeq: this.#revision });
    await bucket.delete(keys.sessions(host));
  }

  /**
   * Its process may have been killed: then nobody is subscribed, now and a moment later, when one that has just joined is.
   * One that was cut off is waited for as long as it may take until it writes again.
   */
  async #requireGone(revision: number, { beat_ms }: HostRecord): Promise<void> {
    const isSilent =
      (await this.#isUnsubscribed()) && (await later(JOINING_MS, () => this.#isUnsubscribed()));
    if (!isSilent) await later(beat_ms * (2 + JITTER), async () => {});
    const now = await this.#bucket?.get(keys.host(this.#options.identity.host));
    if (now?.revision !== revision) throw this.#isTaken();
  }

  /** @throws RequestError where it answers */
  async #isUnsubscribed(): Promise<boolean> {
    const { nats, fleet, identity } = this.#options;
    const subject = methodSubject(fleet, identity.host, 'read', LINK);
    try {
      await nats.connection.request(subject, '', { timeout: ANSWER_WITHIN_MS });
    } catch (error) {
      return error instanceof NoRespondersError || (error as Error).cause instanceof NoRespondersError;
    }
    throw this.#isTaken();
  }

  #isTaken(): RequestError {
    const { fleet, identity } = this.#options;
    return new RequestError('UNAVAILABLE', `there is a host ${identity.host} in the fleet ${fleet} already`, {
      suggestion: 'Give this one another name with --host NAME, or end that one.',
    });
  }

  #plan(): void {
    if (this.#isClosed) return;
    const { identity, random } = this.#options;
    const ms = identity.beat_ms * (1 + JITTER * (2 * random() - 1));
    this.#timer = setTimeout(() => void this.beat().then(() => this.#plan()), ms);
  }

  async #beat(isBeat: boolean): Promise<void> {
    if (this.#isClosed) return;
    try {
      await this.#write(isBeat);
    } catch (error) {
      if (isConflict(error)) await this.#settleConflict();
      else this.#options.warn(`the directory of the fleet cannot be written: ${reasonOf(error)}`);
    }
  }

  /** Our last write may have arrived without an answer; or the bucket was made anew; or another has the name. */
  async #settleConflict(): Promise<void> {
    const { identity, lost } = this.#options;
    try {
      const entry = await this.#bucket?.get(keys.host(identity.host));
      const holder = entry?.operation === 'PUT' ? parseRecord<HostRecord>(entry.value) : undefined;
      if (holder !== undefined && holder.instance !== identity.instance) {
        this.#isClosed = true;
        this.#revision = 0;
        lost(this.#isTaken());
        return;
      }
      this.#revision = entry?.revision ?? 0;
      this.#told = '';
      await this.#write(true);
    } catch (error) {
      this.#options.warn(`the directory of the fleet cannot be written: ${reasonOf(error)}`);
    }
  }

  /** @param isBeat written also where nothing has changed */
  async #write(isBeat: boolean): Promise<void> {
    const { identity, state } = this.#options;
    const { sessions, ...changing } = await state();
    this.#wroteAt = performance.now();
    const ids = sessions.map(({ id }) => id).join();
    if (isBeat || ids !== this.#toldIds) {
      await this.#writeHost({ ...identity, sessions: sessions.length, ...changing });
      this.#toldIds = ids;
    }
    const told = JSON.stringify(sessionsRecordOf(sessions));
    if (told === this.#told) return;
    await this.#bucket?.put(keys.sessions(identity.host), told);
    this.#told = told;
  }

  async #writeHost(record: HostRecord): Promise<void> {
    const { nats, fleet } = this.#options;
    const options = { previousSeq: this.#revision };
    try {
      this.#revision =
        (await this.#bucket?.put(keys.host(record.host), JSON.stringify(record), options)) ?? 0;
    } catch (error) {
      // Nobody has the stream any more: a server that kept it in memory has started again.
      if (!/no stream|no responders|stream not found/i.test(reasonOf(error)) || this.#revision === 0)
        throw error;
      this.#bucket = await makeBucket(nats, fleet);
      throw error;
    }
  }
}

async function later<T>(ms: number, then: () => Promise<T>): Promise<T> {
  await new Promise((resolve) => setTimeout(resolve, ms));
  return await then();
}
