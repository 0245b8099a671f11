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

/**
 * Names that a host may lack, because others may have them: without a host, or with a pattern for it.
 * @returns as they are called there
 */
export function namesOnSome(host: string, { sessions = [] }: Which): string[] {
  const names = sessions.map(split);
  const own = new Set(names.flatMap((wanted) => (wanted.host === host ? [wanted.name] : [])));
  return names
    .filter((wanted) => wanted.host === undefined || matches(host, wanted.host))
    .map(({ name }) => name)
    .filter((name) => !isPattern(name) && !own.has(name));
}

/** What is meant of hosts that join later: by tag or pattern, as sessions to come. undefined where nothing is. */
export function toCome({ sessions, tags }: Which): Which | undefined {
  if (sessions === undefined) return { tags };
  const patterns = sessions.filter((wanted) => isPattern(split(wanted).name));
  if (patterns.length === 0 && tags === undefined) return undefined;
  return { ...(patterns.length > 0 && { sessions: patterns }), tags };
}

/** Whether a session that a host does not know is wrong, or just on another. */
export function isNamedOn(host: string, { sessions = [] }: Which): boolean {
  return sessions.some((wanted) => split(wanted).host === host && !isPattern(split(wanted).name));
}

/** @throws RequestError for a session without its host */
export function requireQualified(session: unknown): { host: string; name: string } {
  const { host, name } = split(typeof session === 'string' ? session : '');
  if (host !== undefined && host !== '' && name !== '' && !isPattern(host)) return { host, name };
  throw new RequestError('INVALID_INPUT', notQualified(session, host), {
    suggestion:
      host === undefined && name !== ''
        ? `Name its host too: -s HOST/${name}. 'pilotty ls -s ${name}' shows which hosts have one.`
        : 'Such as -s build-1/ci: its host, and its name there.',
  });
}

function notQualified(session: unknown, host: string | undefined): string {
  if (session === undefined) return 'a session of a fleet must be named';
  if (host === undefined) return `'${String(session)}' names a session of a fleet without its host`;
  if (isPattern(host)) return `'${String(session)}' is a pattern, and not one session of a fleet`;
  return `'${String(session)}' is no session of a fleet`;
}

/** Where a new session is to be, and its name there: `build-1/ci` says both. */
export function placeOf(name: string | undefined): { host?: string; name: string | undefined } {
  const at = name?.indexOf('/') ?? -1;
  if (name === undefined || at === -1) return { name };
  return { host: name.slice(0, at), name: name.slice(at + 1) || undefined };
}

/**
 * What is asked of a host, without its name before the names and files of it.
 * @throws RequestError for a name on another host: a session stays on its own
 */
export function ownParams<P extends object>(host: string, params: P): P {
  const { name, file } = params as { name?: unknown; file?: unknown };
  const isFileOfOurs = typeof file === 'string' && file.startsWith(`${host}/`);
  const own = { ...params, ...(isFileOfOurs && { file: file.slice(host.length + 1) }) };
  if (typeof name !== 'string' || !name.includes('/')) return own;
  const place = placeOf(name);
  if (place.host === host) return { ...own, name: place.name };
  throw new RequestError('INVALID_INPUT', `'${name}' is on another host, and a session stays on its own`, {
    suggestion: `Such as ${host}/${place.name ?? 'ci'}.`,
  });
}

/** Every session of an answer or an event, and its id, behind its host. */
export function qualified<T>(host: string, answer: T): T {
  const found = answer as Record<string, unknown>;
  const changed = { ...found };
  for (const key of ['session', 'session_id', 'previous_name'])
    if (typeof found[key] === 'string') changed[key] = `${host}/${found[key]}`;
  for (const key of ['wait', 'screen', 'result'])
    if (typeof found[key] === 'object' && found[key] !== null) changed[key] = qualified(host, found[key]);
  if (Array.isArray(found.results)) changed.results = found.results.map((one) => qualified(host, one));
  if (typeof found.recording === 'object') changed.recording = qualifiedRecording(host, found.recording);
  if (Array.isArray(found.recordings))
    changed.recordings = found.recordings.map((one: unknown) => qualifiedRecording(host, one));
  return changed as T;
}

function qualifiedRecording<T>(host: string, recording: T): T {
  const { file } = recording as { file: string };
  return { ...qualified(host, recording), file: `${host}/${file}` };
}

/** What a host answers about one session; one that is described by `name` and `id` is called by both. */
export function qualifiedAnswer<T>(host: string, answer: T): T {
  const { id, name } = answer as Record<string, unknown>;
  if (typeof id === 'string') return qualifiedSession(host, answer);
  return { ...qualified(host, answer), ...(typeof name === 'string' && { name: `${host}/${name}` }) };
}

/** The same for what has `name` and `id`. */
export function qualifiedSession<T>(host: string, session: T): T & { host: string } {
  const { id, name } = session as { id: string; name: string };
  return { ...session, host, id: `${host}/${id}`, name: `${host}/${name}` };
}

/** HOST/NAME; or HOST:NAME, where no slash can stand, as in a path of HTTP. No name has either. */
function split(session: string): { host: string | undefined; name: string } {
  const at = session.search(/[/:]/);
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
