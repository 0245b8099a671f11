/**
 * Waiting for sessions of many hosts. A host that is cut off is asked again until the deadline, from where it was read last:
 * what became ready there meanwhile is answered then, once. The cursor of the answer moves on only for hosts whose news are
 * in it.
 *
 * Each call asks all hosts, so what many of them have news of at the same time is answered with one. A host that joins meanwhile
 * is asked too: its sessions are sessions to come.
 */
import { setMaxListeners } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import {
  type Client,
  type ConnectionError,
  type Params,
  RequestError,
  type Result,
  timeoutSignal,
} from '@pilotty/client';
import type { KnownHost } from '../directory/bucket.ts';
import { unreachable } from '../nats/problems.ts';
import { narrowed, onNoHost, selectHosts } from './ask-all.ts';
import { decodeCursor, type FleetCursor, momentOn } from './cursor.ts';
import { endingSignal } from './ending-signal.ts';
import { type Hosts, isUnreachable, type Unreachable } from './hosts.ts';
import { eachJoined, type SelectedHost } from './joined-hosts.ts';
import { qualified, toCome, type Which } from './selection.ts';

type WaitParams = Params<'sessions.wait'>;
type WaitResult = Result<'sessions.wait'>;
interface FleetWaitResult {
  unreachable: Unreachable[];
  [asOfOneDaemon: string]: unknown;
}

const DEFAULT_TIMEOUT_MS = 30_000;
/** A host that did not answer is asked again. */
const AGAIN_MS = 500;
/** For where a host stands that was not ready, once another is. */
const STAND_WITHIN_MS = 2_000;
/** Hosts answer at their deadline by themselves; one that has fallen silent, and is not yet known to be, does not. */
const LATE_MS = 2_000;
/** What has happened before a wait is answered in its first moments: */
const BACKLOG_MS = 2_000;
/** The others are given half the time again that the first took, and no more than this. */
const OTHERS_WITHIN_MS = 250;

/** @throws RequestError, ConnectionError */
export async function waitForAny(
  hosts: Hosts,
  params: WaitParams,
  signal: AbortSignal | undefined,
): Promise<FleetWaitResult> {
  if (params.resume !== undefined)
    throw new RequestError('INVALID_INPUT', 'a wait for a fleet is not kept; its event_cursor does that', {
      suggestion: 'Ask again with after.',
    });
  // An answer without `resume` says that nothing was kept.
  const { keep_ms: _, ...asked } = params;
  const wait = new FleetWait(hosts, asked, signal);
  try {
    return await wait.answer();
  } finally {
    wait.end();
  }
}

class FleetWait {
  readonly #hosts: Hosts;
  readonly #which: Which;
  readonly #conditions: Omit<WaitParams, 'sessions' | 'tags' | 'after' | 'timeout_ms'>;
  readonly #cursors: FleetCursor;
  readonly #startedAt = performance.now();
  readonly #timeoutMs: number;
  readonly #ending = new AbortController();
  readonly #signal: AbortSignal;
  /** By host. */
  readonly #answers = new Map<string, WaitResult>();
  readonly #silent = new Map<string, { known: KnownHost; error: ConnectionError }>();
  /** Nothing there is meant. */
  readonly #without = new Set<string>();
  readonly #asked: SelectedHost[] = [];
  /** By host. */
  readonly #waits = new Map<string, Promise<boolean>>();
  /** That have not answered. */
  readonly #open = new Set<string>();
  /** Of them those that had no session to wait for, when they were asked: of all the others it is waited for. */
  readonly #empty = new Map<string, Which>();
  #settle = { resolve() {}, reject(_error: unknown) {} };
  readonly #settled = new Promise<void>((resolve, reject) => {
    this.#settle = { resolve, reject };
  });

  constructor(hosts: Hosts, params: WaitParams, signal: AbortSignal | undefined) {
    const { sessions, tags, after, timeout_ms: timeoutMs = DEFAULT_TIMEOUT_MS, ...conditions } = params;
    this.#hosts = hosts;
    this.#which = { sessions, tags };
    this.#conditions = conditions;
    this.#cursors = decodeCursor(after);
    this.#timeoutMs = timeoutMs;
    this.#signal = endingSignal(this.#ending, signal);
  }

  async answer(): Promise<FleetWaitResult> {
    const asked = await selectHosts(this.#hosts, this.#which);
    for (const one of asked) this.#begin(one);
    this.#look();
    eachJoined(this.#hosts, this.#which, asked, (one) => this.#begin(one), this.#signal).catch(
      this.#settle.reject,
    );
    const isLate = await Promise.race([this.#settled.then(() => false), this.#deadline()]);
    if (isLate) this.#nameSilent();
    else if (!this.#conditions.all) await this.#othersWithNews();
    this.#ending.abort();
    if (this.#asked.length > 0 && this.#answers.size === 0 && this.#silent.size === 0)
      throw onNoHost(this.#which);
    if (!this.#conditions.all) await this.#askWhereTheOthersStand();
    return await this.#merged();
  }

  #begin(one: SelectedHost): void {
    const { host } = one.known;
    this.#asked.push(one);
    this.#open.add(host);
    const wait = this.#waitOn(one).finally(() => this.#open.delete(host));
    this.#waits.set(host, wait);
    wait.then((isReady) => {
      if (isReady && !this.#conditions.all) this.#settle.resolve();
      else this.#look();
    }, this.#settle.reject);
  }

  /** Whether it is over: nothing is open and nothing can come; or all are ready. */
  #look(): void {
    if (this.#conditions.all && this.#areOthersReady) void this.#lookAtEmpty().catch(this.#settle.reject);
    else if (this.#open.size === 0 && (this.#leftMs === 0 || toCome(this.#which) === undefined))
      this.#settle.resolve();
  }

  get #areOthersReady(): boolean {
    const isOpen = [...this.#open].some((host) => !this.#empty.has(host));
    return !isOpen && [...this.#answers.values()].some(({ ready }) => ready.length > 0);
  }

  /** A session may have begun meanwhile where there was none. */
  async #lookAtEmpty(): Promise<void> {
    await Promise.all(
      [...this.#empty].map(async ([host, there]) => {
        try {
          const result = await this.#ask(host, this.#hosts.watching(host), there, 0, this.#signal);
          if (isNothing(result)) return;
        } catch (error) {
          if (this.#ending.signal.aborted) return;
          if (!isUnreachable(error)) throw error;
        }
        this.#empty.delete(host);
      }),
    );
    if (this.#areOthersReady) this.#settle.resolve();
  }

  end(): void {
    this.#ending.abort();
  }

  /** True once hosts that answer have done so. */
  async #deadline(): Promise<boolean> {
    await delay(this.#leftMs, undefined, { signal: this.#signal }).catch(() => {});
    const due = [...this.#open].filter((host) => !this.#silent.has(host));
    if (due.length > 0) {
      const late = delay(LATE_MS, undefined, { signal: this.#signal }).catch(() => {});
      await Promise.race([late, Promise.allSettled(due.map((host) => this.#waits.get(host)))]);
    }
    if (!this.#ending.signal.aborted) this.#signal.throwIfAborted();
    return true;
  }

  #nameSilent(): void {
    for (const { known } of this.#asked) {
      const { host } = known;
      if (this.#answers.has(host) || this.#silent.has(host) || this.#without.has(host)) continue;
      const error = unreachable(`host ${host} of the fleet ${this.#hosts.fleet} has not answered in time`);
      this.#silent.set(host, { known, error });
    }
  }

  /** A host that has news from before as well has it now. */
  async #othersWithNews(): Promise<void> {
    const tookMs = performance.now() - this.#startedAt;
    if (tookMs > BACKLOG_MS) return;
    const within = delay(Math.min(tookMs / 2, OTHERS_WITHIN_MS), undefined, { signal: this.#signal });
    await Promise.race([Promise.allSettled(this.#waits.values()), within.catch(() => {})]);
  }

  get #leftMs(): number {
    return Math.max(0, Math.round(this.#timeoutMs - (performance.now() - this.#startedAt)));
  }

  /** @returns whether there is news of it */
  async #waitOn({ known, own }: SelectedHost): Promise<boolean> {
    const { host } = known;
    for (;;) {
      try {
        const client = this.#hosts.watching(host);
        const scope = this.#hosts.scope;
        const there = await narrowed({ host, client, scope }, own, this.#which, this.#signal);
        if (there === undefined) {
          this.#without.add(host);
          return false;
        }
        if (this.#conditions.all && isNothing(await this.#ask(host, client, there, 0, this.#signal))) {
          this.#empty.set(host, there);
          this.#look();
        }
        const result = await this.#ask(host, client, there, this.#leftMs, this.#signal);
        this.#empty.delete(host);
        this.#silent.delete(host);
        this.#answers.set(host, result);
        return result.outcome !== 'deadline';
      } catch (error) {
        if (this.#ending.signal.aborted) return false;
        if (!isUnreachable(error)) throw error;
        this.#empty.delete(host);
        this.#silent.set(host, { known, error });
        if (this.#leftMs === 0) return false;
        await delay(Math.min(AGAIN_MS, this.#leftMs), undefined, { signal: this.#signal }).catch((cause) => {
          if (!this.#ending.signal.aborted) throw cause;
        });
      }
    }
  }

  async #ask(
    host: string,
    client: Client,
    own: Which,
    timeoutMs: number,
    signal: AbortSignal,
  ): Promise<WaitResult> {
    const after = this.#cursors.get(host) ?? (await this.#moment(host, client, signal));
    const params = {
      ...this.#conditions,
      ...own,
      timeout_ms: timeoutMs,
      ...(after !== undefined && { after }),
    };
    return await client.request('sessions.wait', params as WaitParams, { signal });
  }

  /** Where the cursor lacks a host, and has a moment for it. */
  async #moment(host: string, client: Client, signal: AbortSignal): Promise<number | undefined> {
    const { others } = this.#cursors;
    if (others === undefined) return undefined;
    const { event_cursor: now } = await client.request('session.list', {}, { signal });
    this.#cursors.set(host, momentOn(now, others));
    return this.#cursors.get(host);
  }

  /** A host that has no cursor yet: what ends on it between this wait and the next would be no news of that one. */
  async #askWhereTheOthersStand(): Promise<void> {
    const within = timeoutSignal(STAND_WITHIN_MS);
    setMaxListeners(0, within);
    await Promise.all(
      this.#asked.map(async ({ known, own }) => {
        const { host } = known;
        if (this.#answers.has(host) || this.#silent.has(host) || this.#cursors.has(host)) return;
        const client = this.#hosts.watching(host);
        const scope = this.#hosts.scope;
        const there = await narrowed({ host, client, scope }, own, this.#which, within).catch(
          () => undefined,
        );
        const result = there && (await this.#ask(host, client, there, 0, within).catch(() => undefined));
        if (result !== undefined) this.#answers.set(host, result);
      }),
    );
  }

  async #merged(): Promise<FleetWaitResult> {
    const answers = [...this.#answers];
    const cursors = this.#cursors.copy();
    for (const [host, result] of answers) cursors.set(host, result.event_cursor);
    const ready = answers.flatMap(([host, result]) => result.ready.map((one) => qualified(host, one)));
    const waiting = answers.flatMap(([host, result]) => result.waiting.map((one) => qualified(host, one)));
    const isUnanswered =
      this.#silent.size > 0 ||
      answers.some(([, result]) => result.outcome === 'deadline' && !isNothing(result));
    const isReady = this.#conditions.all ? ready.length > 0 && !isUnanswered : ready.length > 0;
    const outcome = isReady ? (ready.find(({ holds }) => holds)?.outcome ?? 'exited') : 'deadline';
    const unreachable = await Promise.all(
      [...this.#silent.values()].map(({ known, error }) => this.#hosts.unreachable(known, error)),
    );
    return {
      type: 'fleet_wait_result',
      outcome,
      ready,
      waiting,
      remaining: answers.reduce((sum, [, { remaining }]) => sum + remaining, 0),
      unreachable,
      event_cursor: String(cursors),
      duration_ms: Math.round(performance.now() - this.#startedAt),
      ...(!isReady && { note: this.#whyNot(answers.map(([, { note }]) => note)) }),
    };
  }

  #whyNot(notes: readonly (string | undefined)[]): string {
    const silent = [...this.#silent.keys()];
    if (silent.length > 0)
      return `Timed out after ${this.#timeoutMs} ms: of ${silent.join(', ')} it is not known, because ${silent.length === 1 ? 'it does' : 'they do'} not answer.`;
    return (
      notes.find((note) => note !== undefined) ?? `Timed out after ${this.#timeoutMs} ms: no session matches.`
    );
  }
}

/** No session there is waited for, and none has news. */
function isNothing({ ready, remaining }: WaitResult): boolean {
  return ready.length === 0 && remaining === 0;
}
