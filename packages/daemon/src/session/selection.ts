/** Which of many sessions are meant: by name or id, by a pattern of names, by tag. */
import { ALL_SCOPES, RequestError, SCOPE_SEPARATOR, scopeOf } from '@pilotty/protocol';
import type { Session } from './session.ts';
import { asPattern } from './session-name.ts';
import type { SessionStore } from './session-store.ts';

/** As the protocol's `which`; what is left out chooses nothing. Nothing at all means every session. */
export interface Which {
  /** Names, ids, or patterns of names with `*` and `?`. */
  sessions?: readonly string[] | undefined;
  /** Every session that has one of these. */
  tags?: readonly string[] | undefined;
  /** Of those with a tag, and of all: only its sessions. Names have theirs. */
  scope?: string | undefined;
}

/** Whether a session, also one that does not exist yet, is selected. */
export function isSelected(
  session: Pick<Session, 'id' | 'name' | 'tags'>,
  { sessions, tags, scope }: Which,
): boolean {
  if (sessions === undefined && tags === undefined) return isIn(scope, session.name);
  if (tags?.some((tag) => session.tags.has(tag)) && isIn(scope, session.name)) return true;
  return sessions?.some((wanted) => wanted === session.id || isNamed(session.name, wanted)) ?? false;
}

/** Whether something of this full name is of what a client in a scope sees. */
export function isIn(scope: string | undefined, name: string): boolean {
  return scope === undefined || scope === ALL_SCOPES || scopeOf(name) === scope;
}

/** A pattern without a scope fits full names; one that begins with + only names without. */
function isNamed(name: string, wanted: string): boolean {
  if (wanted.startsWith(SCOPE_SEPARATOR) && scopeOf(name) !== undefined) return false;
  return fits(name, asPattern(wanted));
}

/**
 * The live sessions that are meant, oldest first.
 * @throws RequestError SESSION_NOT_FOUND for an unknown name or id; a pattern may match no session
 */
export function selectLive(store: SessionStore, selector: Which): Session[] {
  requireNamed(store, selector);
  return store.live.filter((session) => isSelected(session, selector));
}

/** As selectLive(), with the ended ones that are retained. */
export function selectAll(store: SessionStore, selector: Which): Session[] {
  requireNamed(store, selector);
  return [...store.ended, ...store.live].filter((session) => isSelected(session, selector)).sort(byAge);
}

/** The sessions to act on: as selectLive(), with those named that have ended; unknown names are listed apart. */
export function selectNamed(
  store: SessionStore,
  selector: Which,
): { found: Session[]; unknown: { name: string; error: RequestError }[] } {
  const found = new Set(store.live.filter((session) => isSelected(session, selector)));
  const unknown: { name: string; error: RequestError }[] = [];
  for (const name of selector.sessions?.filter((wanted) => !isPattern(wanted)) ?? []) {
    try {
      found.add(store.get(name));
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      unknown.push({ name, error });
    }
  }
  return { found: [...found].sort(byAge), unknown };
}

function byAge(a: Session, b: Session): number {
  return a.createdAt.getTime() - b.createdAt.getTime();
}

/** @throws RequestError SESSION_NOT_FOUND for an unknown name or id */
export function requireNamed(store: SessionStore, { sessions = [] }: Which): void {
  for (const wanted of sessions) if (!isPattern(wanted)) store.get(wanted);
}

/** For who acts on or reads the sessions of a tag or pattern; who waits or follows waits for those to come. */
export function noneSelected(): RequestError {
  return new RequestError('SESSION_NOT_FOUND', 'No session has one of these names or tags', {
    suggestion: "Run 'pilotty list-sessions --all' to see the sessions there are, with their tags.",
  });
}

export function isPattern(wanted: string): boolean {
  return /[*?]/.test(wanted);
}

/** `*` stands for any characters, `?` for one. On a mismatch only the last star is widened, so time stays quadratic. */
function fits(name: string, pattern: string): boolean {
  let at = 0;
  let star = -1;
  let taken = 0;
  for (let index = 0; index < name.length; ) {
    if (pattern[at] === '*') {
      star = at++;
      taken = index;
    } else if (at < pattern.length && (pattern[at] === '?' || pattern[at] === name[index])) {
      at++;
      index++;
    } else if (star !== -1) {
      at = star + 1;
      index = ++taken;
    } else {
      return false;
    }
  }
  return /^\**$/.test(pattern.slice(at));
}
