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
import { eachBounded } from '../bounded.ts';
import type { KnownHost } from '../directory/bucket.ts';
import { MAX_LINKS_AT_ONCE } from '../link/window.ts';
import { type Hosts, isUnreachable, type Unreachable } from './hosts.ts';
import { bareNames, isNamedOn, namedHosts, selectedOn, type Which } from './selection.ts';

export interface Answered<R> {
  answers: { host: string; known: KnownHost; result: R }[];
  unreachable: Unreachable[];
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

/**
 * Asks all of them at the same time, as far as one connection can take their answers. One that does not answer is named, and is no error of the others; a session that is
 * named without its host must be on one of them.
 * @throws RequestError, ConnectionError
 */
export async function askAll<M extends MethodName>(
  hosts: Hosts,
  method: M,
  params: Params<M> & Which,
  signal: AbortSignal | undefined,
): Promise<Answered<Result<M>>> {
  const { sessions, tags, ...rest } = params;
  const asked = await selectHosts(hosts, { sessions, tags });
  const silent: { known: KnownHost; error: ConnectionError }[] = [];
  let isIdle = false;
  const answers = await eachBounded(asked, MAX_LINKS_AT_ONCE, async ({ known, own }) => {
    const { host } = known;
    const client = hosts.client(host);
    try {
      const there = await narrowed({ client, scope: hosts.scope }, own, { sessions, tags }, signal);
      if (there === undefined) return undefined;
      const request = { ...rest, ...there } as Params<M>;
      return { host, known, result: await client.request(method, request, { ...(signal && { signal }) }) };
    } catch (error) {
      // A host that answers, without a daemon: it has no session.
      if (isUnreachable(error) && error.isAbsent && !isNamedOn(host, { sessions })) isIdle = true;
      else if (isUnreachable(error)) silent.push({ known, error });
      // Nothing there has the tag, or fits the pattern.
      else if (isNotFound(error) && !isNamedOn(host, { sessions })) return undefined;
      else throw error;
      return undefined;
    }
  });
  const found = answers.filter((answer) => answer !== undefined);
  const unreachable = await Promise.all(silent.map(({ known, error }) => hosts.unreachable(known, error)));
  const isNamed = sessions !== undefined || tags !== undefined;
  if (asked.length > 0 && found.length === 0 && unreachable.length === 0 && !(isIdle && !isNamed))
    throw onNoHost({ sessions, tags });
  return { answers: found, unreachable: unreachable.sort((a, b) => (a.host < b.host ? -1 : 1)) };
}

function isNotFound(error: unknown): boolean {
  return error instanceof RequestError && error.code === 'SESSION_NOT_FOUND';
}

/**
 * What there is to ask a host: of sessions that were named without a host, those that it has, because the others are on
 * other hosts. undefined where it has none of them. @throws RequestError, ConnectionError
 */
export async function narrowed(
  { client, scope }: { client: Client; scope: string | undefined },
  own: Which,
  which: Which,
  signal: AbortSignal | undefined,
): Promise<Which | undefined> {
  const bare = new Set(bareNames(which));
  if (bare.size === 0) return own;
  const { sessions } = await client.request(
    'session.list',
    // Hosts of before know no scopes, and are asked for none.
    { all: true, ...(scope !== undefined && { scope: ALL_SCOPES }) },
    { ...(signal && { signal }) },
  );
  const there = new Set(sessions.flatMap(({ id, name }) => [id, name]));
  const named = (own.sessions ?? []).filter(
    (name) => !bare.has(name) || there.has(name) || there.has(listedName(name, scope)),
  );
  if (named.length === 0 && own.tags === undefined) return undefined;
  return { ...(named.length > 0 && { sessions: named }), ...(own.tags && { tags: own.tags }) };
}

export function onNoHost({ sessions = [], tags = [] }: Which): RequestError {
  const wanted = [...sessions, ...tags.map((tag) => `tagged ${tag}`)].join(' or ');
  return new RequestError('SESSION_NOT_FOUND', `no host of the fleet has a session ${wanted}`);
}
