/**
 * Waiting for sessions of many hosts. A host that is cut off is asked again until the deadline, from where it was read last:
 * what became ready there meanwhile is answered then, once. The cursor of the answer moves on only for hosts whose news are
 * in it.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { type ConnectionError, type Params, RequestError, type Result } from '@pilotty/client';
import type { KnownHost } from '../directory/bucket.ts';
import { narrowed, onNoHost, selectHosts } from './ask-all.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { type Hosts, isUnreachable } from './hosts.ts';
import { qualified, type Which } from './selection.ts';

type WaitParams = Params<'sessions.wait'>;
type WaitResult = Result<'sessions.wait'>;

const DEFAULT_TIMEOUT_MS = 30_000;
/** A host that did not answer is asked again. */
const AGAIN_MS = 500;
/** For where a host stands that was not ready, once another is. */
const STAND_WITHIN_MS = 2_000;

/** @throws RequestError, ConnectionError */
export async function waitForAny(
  hosts: Hosts,
  params: WaitParams,
  signal: AbortSignal | undefined,
): Promise<object> {
  if (params.resume !== undefined || params.keep_ms !== undefined)
    throw new RequestError('INVALID_INPUT', 'a wait for a fleet is not kept; its cursor does that');
  const wait = new FleetWait(hosts, params, signal);
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
  readonly #cursors: Map<string, number>;
  readonly #startedAt = performance.now();
  readonly #timeoutMs: number;
  readonly #ending = new AbortController();
  readonly #signal: AbortSignal;
  /** By host. */
  readonly #answers = new Map<string, WaitResult>();
  readonly #silent = new Map<string, { known: KnownHost; error: ConnectionError }>();

  constructor(hosts: Hosts, params: WaitParams, signal: AbortSignal | undefined) {
    const { sessions, tags, after, timeout_ms: timeoutMs = DEFAULT_TIMEOUT_MS, ...conditions } = params;
    this.#hosts = hosts;
    this.#which = { sessions, tags };
    this.#conditions = conditions;
    this.#cursors = decodeCursor(after);
    this.#timeoutMs = timeoutMs;
    this.#signal =
      signal === undefined ? this.#ending.signal : AbortSignal.any([signal, this.#ending.signal]);
  }

  async answer(): Promise<object> {
    const asked = await selectHosts(this.#hosts, this.#which);
    const waits = asked.map(async ({ known, own }) => await this.#waitOn(known, own));
    if (this.#conditions.all) await Promise.all(waits);
    else await firstOf(waits);
    this.#ending.abort();
    if (asked.length > 0 && this.#answers.size === 0 && this.#silent.size === 0) throw onNoHost(this.#which);
    if (!this.#conditions.all) await this.#askWhereTheOthersStand(asked);
    return await this.#merged();
  }

  end(): void {
    this.#ending.abort();
  }

  get #leftMs(): number {
    return Math.max(0, Math.round(this.#timeoutMs - (performance.now() - this.#startedAt)));
  }

  /** @returns whether there is news of it */
  async #waitOn(known: KnownHost, own: Which): Promise<boolean> {
    const { host } = known;
    for (;;) {
      try {
        const there = await narrowed(this.#hosts, host, own, this.#which, this.#signal);
        if (there === undefined) return false;
        const result = await this.#ask(host, there, this.#leftMs, this.#signal);
        this.#silent.delete(host);
        this.#answers.set(host, result);
        return result.outcome !== 'deadline';
      } catch (error) {
        if (this.#ending.signal.aborted) return false;
        if (!isUnreachable(error)) throw error;
        this.#silent.set(host, { known, error });
        if (this.#leftMs === 0) return false;
        await delay(Math.min(AGAIN_MS, this.#leftMs), undefined, { signal: this.#signal }).catch((cause) => {
          if (!this.#ending.signal.aborted) throw cause;
        });
      }
    }
  }

  async #ask(host: string, own: Which, timeoutMs: number, signal: AbortSignal): Promise<WaitResult> {
    const after = this.#cursors.get(host);
    const params = {
      ...this.#conditions,
      ...own,
      timeout_ms: timeoutMs,
      ...(after !== undefined && { after }),
    };
    return await this.#hosts.client(host).request('sessions.wait', params as WaitParams, { signal });
  }

  /** A host that has no cursor yet: what ends on it between this wait and the next would be no news of that one. */
  async #askWhereTheOthersStand(asked: readonly { known: KnownHost; own: Which }[]): Promise<void> {
    const within = AbortSignal.timeout(STAND_WITHIN_MS);
    await Promise.all(
      asked.map(async ({ known: { host }, own }) => {
        if (this.#answers.has(host) || this.#silent.has(host) || this.#cursors.has(host)) return;
        const there = await narrowed(this.#hosts, host, own, this.#which, within).catch(() => undefined);
        const result = there && (await this.#ask(host, there, 0, within).catch(() => undefined));
        if (result !== undefined) this.#answers.set(host, result);
      }),
    );
  }

  async #merged(): Promise<object> {
    const answers = [...this.#answers];
    const cursors = new Map(this.#cursors);
    for (const [host, result] of answers) cursors.set(host, result.event_cursor);
    const ready = answers.flatMap(([host, result]) => result.ready.map((one) => qualified(host, one)));
    const waiting = answers.flatMap(([host, result]) => result.waiting.map((one) => qualified(host, one)));
    const isUnanswered = this.#silent.size > 0 || answers.some(([, { outcome }]) => outcome === 'deadline');
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
      event_cursor: encodeCursor(cursors),
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

/** Resolves with the first that is true, or when all are false. @throws what one of them does */
async function firstOf(waits: readonly Promise<boolean>[]): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    for (const wait of waits) wait.then((isReady) => isReady && resolve(), reject);
    void Promise.allSettled(waits).then(() => resolve());
  });
}
