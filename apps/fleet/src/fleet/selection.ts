/** Sessions of a fleet are called HOST/NAME. What a request selects, as each of its hosts is asked for it. */
import { RequestError } from '@pilotty/client';

export interface Which {
  sessions?: string[] | undefined;
  tags?: string[] | undefined;
}

/** @returns what to ask the host; undefined where nothing of it is meant */
export function selectedOn(host: string, { sessions, tags }: Which): Which | undefined {
  if (sessions === undefined) return tags === undefined ? {} : { tags };
  const own = sessions.flatMap((wanted) => {
    const { host: ofHost, name } = split(wanted);
    return ofHost === undefined || matches(host, ofHost) ? [name] : [];
  });
  if (own.length === 0 && tags === undefined) return undefined;
  return { ...(own.length > 0 && { sessions: own }), ...(tags !== undefined && { tags }) };
}

/** Whether it is about hosts by their names only: others need not be asked, nor be there. */
export function namedHosts({ sessions, tags }: Which): string[] | undefined {
  if (sessions === undefined || tags !== undefined) return undefined;
  const hosts = sessions.map((wanted) => split(wanted).host);
  return hosts.some((host) => host === undefined || isPattern(host)) ? undefined : (hosts as string[]);
}

/** Sessions that are named without a host, and by no pattern: each is on some host. */
export function bareNames({ sessions = [] }: Which): string[] {
  return sessions.filter((wanted) => split(wanted).host === undefined && !isPattern(wanted));
}

/** Whether a session that a host does not know is wrong, or just on another. */
export function isNamedOn(host: string, { sessions = [] }: Which): boolean {
  return sessions.some((wanted) => split(wanted).host === host && !isPattern(split(wanted).name));
}

/** @throws RequestError for a session without its host */
export function requireQualified(session: unknown): { host: string; name: string } {
  const { host, name } = split(typeof session === 'string' ? session : '');
  if (host !== undefined && host !== '' && name !== '' && !isPattern(host)) return { host, name };
  throw new RequestError(
    'INVALID_INPUT',
    session === undefined
      ? 'a session of a fleet must be named'
      : `'${String(session)}' is no session of a fleet`,
    { suggestion: 'Such as -s build-1/ci: its host, and its name there.' },
  );
}

/** Every session of an answer, and its id, behind its host. */
export function qualified<T>(host: string, answer: T): T {
  const found = answer as Record<string, unknown>;
  const changed = { ...found };
  for (const key of ['session', 'session_id'])
    if (typeof found[key] === 'string') changed[key] = `${host}/${found[key]}`;
  if (typeof found.wait === 'object' && found.wait !== null) changed.wait = qualified(host, found.wait);
  return changed as T;
}

/** The same for what has `name` and `id`. */
export function qualifiedSession<T>(host: string, session: T): T & { host: string } {
  const { id, name } = session as { id: string; name: string };
  return { ...session, host, id: `${host}/${id}`, name: `${host}/${name}` };
}

function split(session: string): { host: string | undefined; name: string } {
  const at = session.indexOf('/');
  return at === -1
    ? { host: undefined, name: session }
    : { host: session.slice(0, at), name: session.slice(at + 1) };
}

function isPattern(text: string): boolean {
  return /[*?]/.test(text);
}

function matches(host: string, pattern: string): boolean {
  const expression = pattern.replaceAll(/[^A-Za-z0-9_-]/g, (character) =>
    character === '*' ? '.*' : character === '?' ? '.' : `\\${character}`,
  );
  return new RegExp(`^${expression}$`).test(host);
}
