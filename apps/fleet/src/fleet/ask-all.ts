/** One question to many hosts, and their answers as one. */
import {
  ALL_SCOPES,
  type Client,
  type ConnectionError,
  listedName,
  type MethodName,
  type Params,
  RequestError,
  type Result,
} from '@pilotty/client';
import { eachBounded, takeInOrder } from '../bounded.ts';
import type { KnownHost } from '../directory/bucket.ts';
import { MAX_LINKS_AT_ONCE } from '../link/window.ts';
import { AnswerSizes } from './answer-size.ts';
import { endingSignal } from './ending-signal.ts';
import { type Hosts, isUnreachable, type Unreachable } from './hosts.ts';
import { isNamedOn, namedHosts, namesOnSome, selectedOn, type Which } from './selection.ts';

export interface HostAnswer<R> {
  host: string;
  known: KnownHost;
  result: R;
}

export interface Answered<R> {
  /** Without those that were taken before. */
  answers: HostAnswer<R>[];
  unreachable: Unreachable[];
  /** The hosts that are unreachable, as the directory has them. */
  silent: KnownHost[];
}

/** The hosts of which something is selected, with what is asked of each. @throws ConnectionError, RequestError */
export async function selectHosts(hosts: Hosts, which: Which): Promise<{ known: KnownHost; own: Which }[]> {
  const named = namedHosts(which);
  const known = named === undefined ? await hosts.known() : await hosts.knownAs(named);
  return known.flatMap((host) => {
    const own = selectedOn(host.host, which);
    return own === undefined ? [] : [{ known: host, own }];
  });
}

export interface Asking<R> {
  signal: AbortSignal | undefined;
  /** It is asked of all at once, and its answer is never refused: it has been done. */
  isAct?: boolean;
  /** Takes each answer, in the order of the hosts, and nothing is held of it then. */
  onAnswer?: ((answer: HostAnswer<R>) => void | Promise<void>) | undefined;
}

/**
 * Asks all of them at the same time, as far as one connection can take their answers and we can hold them. One that does not
 * answer is named, and is no error of the others; a session that is named without its host must be on one of them.
 * @throws RequestError, LIMIT_REACHED where an answer that is wanted whole is too large; ConnectionError
 */
export async function askAll<M extends MethodName>(
  hosts: Hosts,
  method: M,
  params: Params<M> & Which,
  { signal: given, isAct = false, onAnswer }: Asking<Result<M>>,
): Promise<Answered<Result<M>>> {
  const { sessions, tags, ...rest } = params;
  const asked = await selectHosts(hosts, { sessions, tags });
  const silent: { known: KnownHost; error: ConnectionError }[] = [];
  const sizes = new AnswerSizes();
  const ending = new AbortController();
  const signal = endingSignal(ending, given);
  const reaching = new Reaching(hosts, signal);
  let isIdle = false;
  let count = 0;
  const answers: HostAnswer<Result<M>>[] = [];
  const ask = async ({ known, own }: { known: KnownHost; own: Which }) => {
    const { host } = known;
    const client = hosts.client(host);
    try {
      await reaching.of(host);
      const there = await narrowed({ host, client, scope: hosts.scope }, own, { sessions, tags }, signal);
      if (there === undefined) return undefined;
      const request = { ...rest, ...there } as Params<M>;
      const result = await client.request(method, request, { signal });
      sizes.add(result);
      if (!isAct && sizes.atOnce() < asked.length) reaching.begin(asked.map((one) => one.known.host));
      return { host, known, result };
    } catch (error) {
      // A host that answers, without a daemon: it has no session.
      if (isUnreachable(error) && error.isAbsent && !isNamedOn(host, { sessions })) isIdle = true;
      else if (isUnreachable(error)) silent.push({ known, error });
      // Nothing there has the tag, or fits the pattern.
      else if (isNotFound(error) && !isNamedOn(host, { sessions })) return undefined;
      else throw error;
      return undefined;
    }
  };
  const take = async (answer: HostAnswer<Result<M>> | undefined) => {
    if (answer === undefined) return;
    count++;
    if (onAnswer !== undefined) return await onAnswer(answer);
    answers.push(answer);
    if (!isAct) sizes.requireWhole(hosts.fleet);
  };
  try {
    await takeInOrder(asked, () => (isAct ? MAX_LINKS_AT_ONCE : sizes.atOnce()), ask, take);
  } finally {
    ending.abort();
  }
  const unreachable = await Promise.all(silent.map(({ known, error }) => hosts.unreachable(known, error)));
  const isNamed = sessions !== undefined || tags !== undefined;
  if (asked.length > 0 && count === 0 && unreachable.length === 0 && !(isIdle && !isNamed))
    throw onNoHost({ sessions, tags });
  return {
    answers,
    unreachable: unreachable.sort((a, b) => (a.host < b.host ? -1 : 1)),
    silent: silent.map(({ known }) => known),
  };
}

/**
 * Where few hosts are asked at a time, the others are looked for all together: those that do not answer would else take as
 * long one after the other.
 */
class Reaching {
  readonly #hosts: Hosts;
  readonly #signal: AbortSignal;
  #links: Map<string, Promise<unknown>> | undefined;

  constructor(hosts: Hosts, signal: AbortSignal) {
    this.#hosts = hosts;
    this.#signal = signal;
  }

  /** Idempotent. */
  begin(names: readonly string[]): void {
    if (this.#links !== undefined) return;
    const links = new Map<string, Promise<unknown>>();
    this.#links = links;
    void eachBounded(names, MAX_LINKS_AT_ONCE, async (host) => {
      // The smallest question; what it is answered does not count.
      const link = this.#hosts.client(host).request('daemon.info', {}, { signal: this.#signal });
      links.set(host, link);
      await link.catch(() => {});
    });
  }

  /** @throws ConnectionError of one that was looked for and is not there */
  async of(host: string): Promise<void> {
    try {
      await this.#links?.get(host);
    } catch (error) {
      if (isUnreachable(error)) throw error;
    }
  }
}

function isNotFound(error: unknown): boolean {
  return error instanceof RequestError && error.code === 'SESSION_NOT_FOUND';
}

/**
 * What there is to ask a host: of sessions that may be on others, those that it has. undefined where it has none of them.
 * @throws RequestError, ConnectionError
 */
export async function narrowed(
  { host, client, scope }: { host: string; client: Client; scope: string | undefined },
  own: Which,
  which: Which,
  signal: AbortSignal | undefined,
): Promise<Which | undefined> {
  const loose = new Set(namesOnSome(host, which));
  if (loose.size === 0) return own;
  const { sessions } = await client.request(
    'session.list',
    // Hosts of before know no scopes, and are asked for none.
    { all: true, ...(scope !== undefined && { scope: ALL_SCOPES }) },
    { ...(signal && { signal }) },
  );
  const there = new Set(sessions.flatMap(({ id, name }) => [id, name]));
  const named = (own.sessions ?? []).filter(
    (name) => !loose.has(name) || there.has(name) || there.has(listedName(name, scope)),
  );
  if (named.length === 0 && own.tags === undefined) return undefined;
  return { ...(named.length > 0 && { sessions: named }), ...(own.tags && { tags: own.tags }) };
}

export function onNoHost({ sessions = [], tags = [] }: Which): RequestError {
  const wanted = [...sessions, ...tags.map((tag) => `tagged ${tag}`)].join(' or ');
  return new RequestError('SESSION_NOT_FOUND', `no host of the fleet has a session ${wanted}`);
}
