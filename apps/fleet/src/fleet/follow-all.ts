/**
 * Events of all hosts of a fleet as one stream. A host that is cut off is followed again from its last event, and one that joins
 * meanwhile from its join on; that a host was lost, and that it is back, are events as well. Each event has a cursor for the
 * whole fleet.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { type MethodName, type Params, type RequestOptions, timeoutSignal } from '@pilotty/client';
import type { KnownHost } from '../directory/bucket.ts';
import { narrowed, onNoHost, selectHosts } from './ask-all.ts';
import { decodeCursor, type FleetCursor, momentOn } from './cursor.ts';
import { endingSignal } from './ending-signal.ts';
import { type Hosts, isUnreachable } from './hosts.ts';
import { eachJoined, type SelectedHost } from './joined-hosts.ts';
import { qualified, toCome, type Which } from './selection.ts';

const AGAIN_MS = 1_000;

type FollowParams = Params<'events.follow'>;

/** @throws RequestError, ConnectionError */
export async function followAll(
  hosts: Hosts,
  params: FollowParams,
  { signal, onEvent }: RequestOptions<MethodName>,
): Promise<object> {
  return await new FleetFollow(hosts, params, (event) => onEvent?.(event as never), signal).end();
}

class FleetFollow {
  readonly #hosts: Hosts;
  readonly #which: Which;
  readonly #rest: Omit<FollowParams, 'sessions' | 'tags' | 'after' | 'timeout_ms'>;
  readonly #timeoutMs: number | undefined;
  readonly #cursors: FleetCursor;
  readonly #startedAt = performance.now();
  readonly #emit: (event: object) => unknown;
  readonly #ending = new AbortController();
  readonly #signal: AbortSignal;
  readonly #given: AbortSignal | undefined;
  #isFound = false;

  constructor(
    hosts: Hosts,
    { sessions, tags, after, timeout_ms: timeoutMs, ...rest }: FollowParams,
    emit: (event: object) => unknown,
    signal: AbortSignal | undefined,
  ) {
    this.#hosts = hosts;
    this.#which = { sessions, tags };
    this.#rest = rest;
    this.#timeoutMs = timeoutMs;
    this.#cursors = decodeCursor(after);
    this.#emit = emit;
    this.#given = signal;
    this.#signal = endingSignal(this.#ending, signal);
  }

  async end(): Promise<object> {
    const asked = await selectHosts(this.#hosts, this.#which);
    try {
      await Promise.all([
        // One that the cursor lacks had not joined, or was not there: it is followed from the moment of the cursor on.
        ...asked.map((one) => this.#follow(one, this.#cursors.latest)),
        ...(this.#isAboutToCome ? [this.#followJoined(asked)] : []),
      ]);
    } finally {
      this.#ending.abort();
    }
    if (asked.length > 0 && !this.#isFound && toCome(this.#which) === undefined) throw onNoHost(this.#which);
    return { type: 'fleet_events_end', event_cursor: String(this.#cursors) };
  }

  get #isAboutToCome(): boolean {
    return this.#rest.follow !== false && toCome(this.#which) !== undefined;
  }

  get #leftMs(): number | undefined {
    if (this.#timeoutMs === undefined) return undefined;
    return Math.max(0, Math.round(this.#timeoutMs - (performance.now() - this.#startedAt)));
  }

  /** Until the deadline. @throws what following one of them does */
  async #followJoined(asked: readonly SelectedHost[]): Promise<void> {
    const since = this.#cursors.latest ?? 0;
    const left = this.#leftMs;
    const until = AbortSignal.any([this.#signal, ...(left === undefined ? [] : [timeoutSignal(left)])]);
    const following: Promise<void>[] = [];
    await new Promise<void>((resolve, reject) => {
      const joined = (one: SelectedHost) => {
        // What has happened there before its join was none of the fleet's.
        const joinedAt = Date.parse(one.known.record.joined_at) * 1000;
        const follow = this.#follow(one, Math.max(since, joinedAt));
        follow.catch(reject);
        following.push(follow);
      };
      eachJoined(this.#hosts, this.#which, asked, joined, until).then(resolve, reject);
    });
    this.#given?.throwIfAborted();
    await Promise.all(following);
  }

  /** @param moment where to begin, by the clocks of hosts, which are said to agree; undefined: now */
  async #follow({ known, own }: SelectedHost, moment = Number.POSITIVE_INFINITY): Promise<void> {
    const { host } = known;
    let isLost = false;
    for (;;) {
      try {
        const client = this.#hosts.watching(host);
        const scope = this.#hosts.scope;
        const there = await narrowed({ host, client, scope }, own, this.#which, this.#signal);
        if (there === undefined) return;
        this.#isFound = true;
        const from = this.#cursors.get(host) ?? (await this.#begin(host, moment));
        // Where it is followed from, when it is lost before its first event.
        this.#cursors.set(host, from);
        if (isLost) {
          // Nothing so far has asked the host, where its cursor is known: it is back once it has answered.
          await client.request('daemon.info', {}, { signal: this.#signal });
          await this.#tell('host_back', host);
        }
        isLost = false;
        await this.#followFrom(host, there, from);
        return;
      } catch (error) {
        if (!isUnreachable(error)) throw error;
        this.#isFound = true;
        // Of one that the cursor lacks, what has happened since it was heard of is told when it is back.
        if (moment === Number.POSITIVE_INFINITY) this.#cursors.setLastHeard(known);
        if (!isLost) await this.#tellUnreachable(known, error);
        isLost = true;
        const left = this.#leftMs;
        if (this.#rest.follow === false || left === 0) return;
        await delay(Math.min(AGAIN_MS, left ?? AGAIN_MS), undefined, { signal: this.#signal });
      }
    }
  }

  /** Of a host that the cursor lacks. */
  async #begin(host: string, moment: number): Promise<number> {
    const { others } = this.#cursors;
    if (others === 0) return 0;
    const client = this.#hosts.watching(host);
    const { event_cursor: now } = await client.request('session.list', {}, { signal: this.#signal });
    return others === undefined ? Math.min(moment, now) : momentOn(now, others);
  }

  async #followFrom(host: string, there: Which, after: number): Promise<void> {
    const left = this.#leftMs;
    const params = { ...this.#rest, ...there, ...(left !== undefined && { timeout_ms: left }), after };
    const end = await this.#hosts.watching(host).request('events.follow', params, {
      signal: this.#signal,
      onEvent: async (event) => {
        const { event_cursor: cursor } = event;
        this.#cursors.set(host, cursor);
        await this.#tell(qualified(host, event), host, { host_cursor: cursor });
      },
    });
    this.#cursors.set(host, end.event_cursor);
  }

  async #tellUnreachable(known: KnownHost, error: Error): Promise<void> {
    const { reason, last_seen, last_sessions } = await this.#hosts.unreachable(known, error);
    await this.#tell('host_unreachable', known.host, { reason, last_seen, sessions: last_sessions.length });
  }

  /** @param event of a host, or the type of one of the fleet */
  async #tell(event: object | string, host: string, more: object = {}): Promise<void> {
    const about =
      typeof event === 'string'
        ? { type: event, host, ...more, occurred_at: new Date().toISOString() }
        : { ...event, host, ...more };
    await this.#emit({ ...about, event_cursor: String(this.#cursors) });
  }
}
