/**
 * All hosts of a fleet as one client. Methods about many sessions are asked of every host and answered as one; those about
 * one session are asked of its host. Nothing is asked of the fleet that cannot be answered truly.
 */
import { setMaxListeners } from 'node:events';
import {
  type Client,
  type MethodName,
  type Params,
  RequestError,
  type RequestOptions,
  type Result,
  type StreamEvent,
} from '@pilotty/client';
import type { KnownHost } from '../directory/bucket.ts';
import { type Asking, askAll } from './ask-all.ts';
import { FleetCursor } from './cursor.ts';
import { followAll } from './follow-all.ts';
import type { Hosts, Unreachable } from './hosts.ts';
import { outputOrKept } from './kept-output.ts';
import type { Placement } from './placement.ts';
import { listRecordings, readRecording } from './recordings.ts';
import {
  ownParams,
  qualified,
  qualifiedAnswer,
  qualifiedSession,
  requireQualified,
  type Which,
} from './selection.ts';
import { waitForAny } from './wait-many.ts';

type Ask = (params: never, options: RequestOptions<MethodName>) => Promise<object>;

export class FleetClient implements Client {
  readonly #hosts: Hosts;
  readonly #placement: Placement;
  readonly #merged: Partial<Record<MethodName, Ask>>;
  /** Hosts that some answer lacks. */
  readonly missing = new Map<string, Unreachable>();
  /** Of which a wait does not know. Its outcome is true all the same. */
  readonly unheard = new Map<string, Unreachable>();
  /** By host: once the requests before are on their way. */
  readonly #turns = new Map<string, Promise<void>>();
  #end = () => {};
  readonly #closed = new Promise<void>((resolve) => {
    this.#end = resolve;
  });

  constructor(hosts: Hosts, placement: Placement) {
    this.#hosts = hosts;
    this.#placement = placement;
    this.#merged = {
      'session.list': (params, options) => this.#list(params, options),
      'sessions.gather': (params, options) => this.#gather(params, options),
      'sessions.grep': (params, options) => this.#grep(params, options),
      'sessions.each': (params, options) => this.#each('sessions.each', params, options),
      'sessions.wait': (params, options) => this.#wait(params, options),
      'events.follow': (params, options) => followAll(hosts, params, options),
      'session.spawn': (params, options) => this.#spawn(params, options),
      'recording.list': (params: Params<'recording.list'>, options) => {
        const { scope } = params;
        const asked = scope === undefined ? {} : { scope };
        return listRecordings(
          hosts,
          () => this.#ask('recording.list', asked, options.signal),
          params,
          options,
        );
      },
      'recording.read': (params, options) => readRecording(hosts, params, options),
      'daemon.info': () => this.#info(),
    };
  }

  async request<M extends MethodName>(
    method: M,
    params: Params<M>,
    options: RequestOptions<M> = {},
  ): Promise<Result<M>> {
    // Each host has a listener.
    if (options.signal) setMaxListeners(0, options.signal);
    const merged =
      method === 'session.kill' && isAboutMany(params as { session?: string })
        ? (given: Params<'session.kill'>, more: RequestOptions<MethodName>) =>
            this.#each('session.kill', given, more)
        : this.#merged[method];
    if (merged !== undefined)
      return (await merged(params as never, options as RequestOptions<MethodName>)) as Result<M>;
    if (!OF_ONE_SESSION.test(method)) throw ofOneHost(method);
    const { host, name } = requireQualified((params as { session?: string }).session);
    const request = ownParams(host, { ...params, session: name });
    const { onEvent, ...more } = options;
    const asked = {
      ...more,
      ...(onEvent && { onEvent: (event: StreamEvent<M>) => onEvent(qualified(host, event)) }),
    };
    const ask = async <A extends MethodName>(method: A, own: Params<A>, how: RequestOptions<A>) => {
      await this.#inTurn(host);
      return await this.#hosts.client(host).request(method, own, how);
    };
    const answer =
      method === 'session.output'
        ? await outputOrKept(request as Params<'session.output'>, asked as RequestOptions<'session.output'>, {
            nats: () => this.#hosts.nats(),
            ...{ fleet: this.#hosts.fleet, host, scope: this.#hosts.scope },
            ask: (own, how) => ask('session.output', own, how),
          })
        : await ask(method, request as Params<M>, asked);
    return qualifiedAnswer(host, answer as Result<M>);
  }

  /**
   * Looks whether the host is known. What is asked of one host goes out in the order in which it was asked, as keys that are
   * typed must, whichever look is answered first.
   * @throws RequestError, ConnectionError
   */
  async #inTurn(host: string): Promise<void> {
    const before = this.#turns.get(host) ?? Promise.resolve();
    const known = before.then(async () => void (await this.#hosts.knownAs([host])));
    const turn = known.catch(() => {});
    this.#turns.set(host, turn);
    try {
      await known;
    } finally {
      if (this.#turns.get(host) === turn) this.#turns.delete(host);
    }
  }

  /** Hosts come and go; a fleet does not end. */
  disconnected(): Promise<void> {
    return this.#closed;
  }

  close(): void {
    this.#hosts.close();
    this.#end();
  }

  /** What its hosts have said of themselves: none of them is asked. */
  async #info(): Promise<object> {
    const known = await this.#hosts.known();
    return {
      type: 'fleet_info',
      fleet: this.#hosts.fleet,
      sessions: known.reduce((sum, { record }) => sum + record.sessions, 0),
      hosts: known.map(({ host, record: { labels, version, sessions, load }, lastSeen }) => ({
        host,
        labels,
        version,
        sessions,
        load,
        last_seen: lastSeen.toISOString(),
      })),
    };
  }

  async #list(params: Params<'session.list'>, { signal }: RequestOptions<MethodName>): Promise<object> {
    const { answers, unreachable, silent } = await this.#ask('session.list', params, signal);
    // A watch that goes on lists again and again.
    for (const { host } of answers) this.missing.delete(host);
    return {
      type: 'fleet_sessions',
      sessions: answers.flatMap(({ host, result }) =>
        result.sessions.map((session) => qualifiedSession(host, session)),
      ),
      hosts: answers.map(({ host, known: { record }, result }) => ({
        host,
        labels: record.labels,
        version: record.version,
        sessions: result.sessions.length,
        event_cursor: result.event_cursor,
      })),
      unreachable,
      event_cursor: cursorOf(answers, silent),
    };
  }

  async #gather(
    params: Params<'sessions.gather'>,
    { signal, onPart }: RequestOptions<MethodName>,
  ): Promise<object> {
    if (params.after !== undefined)
      throw new RequestError('INVALID_INPUT', '--after of gather is not for a fleet', {
        suggestion: "'pilotty wait --after' and 'pilotty events --after' are.",
      });
    const cursors = new FleetCursor();
    const parted = inParts(onPart, (host, result: Result<'sessions.gather'>) => {
      cursors.set(host, result.event_cursor);
      return { type: 'fleet_gathered', results: result.results.map((one) => qualified(host, one)) };
    });
    const { answers, unreachable, silent } = await this.#ask('sessions.gather', params, signal, parted);
    for (const { host, result } of answers) cursors.set(host, result.event_cursor);
    for (const known of silent) cursors.setLastHeard(known);
    return {
      type: 'fleet_gathered',
      results: answers.flatMap(({ host, result }) => result.results.map((one) => qualified(host, one))),
      unreachable,
      event_cursor: String(cursors),
    };
  }

  async #grep(
    params: Params<'sessions.grep'>,
    { signal, onPart }: RequestOptions<MethodName>,
  ): Promise<object> {
    const counted = { searched: 0, truncated: false };
    const not_searched: object[] = [];
    const count = (host: string, result: Result<'sessions.grep'>) => {
      for (const one of result.not_searched ?? []) not_searched.push(qualified(host, one));
      counted.searched += result.searched;
      counted.truncated ||= result.truncated === true;
    };
    const parted = inParts(onPart, (host, result: Result<'sessions.grep'>) => {
      count(host, result);
      return { type: 'fleet_grep_result', matches: result.matches.map((match) => qualified(host, match)) };
    });
    const { answers, unreachable } = await this.#ask('sessions.grep', params, signal, parted);
    for (const { host, result } of answers) count(host, result);
    return {
      type: 'fleet_grep_result',
      matches: answers.flatMap(({ host, result }) => result.matches.map((match) => qualified(host, match))),
      searched: counted.searched,
      ...(counted.truncated && { truncated: true }),
      ...(not_searched.length > 0 && { not_searched }),
      unreachable,
    };
  }

  /** An act: it is asked once of each host. */
  async #each(
    method: 'sessions.each' | 'session.kill',
    params: Which & object,
    { signal }: RequestOptions<MethodName>,
  ): Promise<object> {
    const { answers, unreachable } = await this.#ask(
      method,
      params as Params<'session.kill'> & Which,
      signal,
      { isAct: true },
    );
    const results = answers.flatMap(({ host, result }) =>
      (result as Result<'session.kill'>).results.map((one) => qualified(host, one)),
    );
    return {
      type: method === 'session.kill' ? 'fleet_sessions_killed' : 'fleet_broadcast',
      results,
      ...(method === 'session.kill' && {
        message: answers
          .map(({ host, result }) => `${host}: ${(result as { message: string }).message}`)
          .join('; '),
      }),
      unreachable,
    };
  }

  async #wait(params: Params<'sessions.wait'>, { signal }: RequestOptions<MethodName>): Promise<object> {
    const answer = await waitForAny(this.#hosts, params, signal);
    for (const one of answer.unreachable) this.unheard.set(one.host, one);
    return answer;
  }

  async #spawn(params: Params<'session.spawn'>, options: RequestOptions<MethodName>): Promise<object> {
    const { host, name } = await this.#placement.placeFor(params.name);
    const request = this.#placement.marked({ ...params, name });
    const created = await this.#hosts.client(host).request('session.spawn', request, options as object);
    return { ...qualified(host, created), host, name: `${host}/${created.name}` };
  }

  async #ask<M extends MethodName>(
    method: M,
    params: Params<M> & Which,
    signal: AbortSignal | undefined,
    more: Omit<Asking<Result<M>>, 'signal'> = {},
  ) {
    const answered = await askAll(this.#hosts, method, params, { signal, ...more });
    for (const one of answered.unreachable) this.missing.set(one.host, one);
    return answered;
  }
}

/** The others are about a daemon, or about what a fleet has not one of. */
const OF_ONE_SESSION = /^(?:session|recording)\./;

function isAboutMany({ session }: { session?: string }): boolean {
  return session === undefined;
}

function ofOneHost(method: string): RequestError {
  return new RequestError(
    'INVALID_INPUT',
    `${method} is about one host, and not about a fleet; nothing was done`,
    {
      suggestion: 'Name the host: -H nats://SERVER/FLEET/HOST.',
    },
  );
}

/** What a host has answered, as a part of the answer; undefined where it is wanted whole. */
function inParts<R>(
  onPart: RequestOptions<MethodName>['onPart'],
  partOf: (host: string, result: R) => object,
): Pick<Asking<R>, 'onAnswer'> {
  return { onAnswer: onPart && (async ({ host, result }) => await onPart(partOf(host, result) as never)) };
}

/** @param silent those that have not answered */
function cursorOf(
  answers: readonly { host: string; result: { event_cursor: number } }[],
  silent: readonly KnownHost[],
): string {
  const cursor = new FleetCursor(answers.map(({ host, result }) => [host, result.event_cursor]));
  for (const known of silent) cursor.setLastHeard(known);
  return String(cursor);
}
