/**
 * What a client in a scope means: its names are made full names, and what it leaves out is of its scope. Done once, where a
 * request comes in; from there on names are full, and selectors say their scope, so that nobody behind it asks who the client
 * was. What is given with a scope, and ids, stay as they are: they reach every session.
 */
import {
  ALL_SCOPES,
  fullName,
  type MethodName,
  type ParsedParams,
  RequestError,
  SCOPE_PATTERN,
  SCOPE_RULE,
  SCOPE_SEPARATOR,
} from '@pilotty/protocol';
import { isPattern } from './selection.ts';
import type { SessionStore } from './session-store.ts';

/** Those with a parameter `scope`: they mean, or make, what is of that scope. */
type With<Param extends string> = {
  [M in MethodName]: Param extends keyof ParsedParams<M>
    ? string extends keyof ParsedParams<M>
      ? never
      : M
    : never;
}[MethodName];
const SCOPED: Readonly<Record<With<'scope'>, true>> = {
  'daemon.gc': true,
  'events.follow': true,
  'recording.list': true,
  'rules.add': true,
  'rules.list': true,
  'rules.remove': true,
  'rules.wait': true,
  'session.kill': true,
  'session.list': true,
  'session.spawn': true,
  'sessions.each': true,
  'sessions.gather': true,
  'sessions.grep': true,
  'sessions.idle': true,
  'sessions.lost': true,
  'sessions.restore': true,
  'sessions.wait': true,
};

/** Those with a parameter `session` that do not mean the session used last without it. */
const OTHER_WITHOUT_SESSION: ReadonlySet<string> = new Set<With<'session'>>(['recording.list', 'rules.test']);

/** Every parameter that names a session, or says of what scope sessions or rules are. */
interface Named {
  session?: string | undefined;
  sessions?: string[] | undefined;
  tags?: string[] | undefined;
  all?: boolean | undefined;
  scope?: string | undefined;
  name?: string | undefined;
  preferred_name?: string | undefined;
  last_session?: string | undefined;
  resume?: unknown;
  input?: { session?: string | undefined } | undefined;
}

/**
 * @param own the client's scope, as it says it
 * @throws RequestError INVALID_NAME for what is no scope
 */
export function inScope<M extends MethodName>(
  method: M,
  params: ParsedParams<M>,
  own: string | undefined,
  sessions: SessionStore,
): ParsedParams<M> {
  const { scope = own } = params as Named;
  if (scope === undefined || scope === ALL_SCOPES || (method.startsWith('daemon.') && method !== 'daemon.gc'))
    return params;
  requireScope(scope);
  return { ...params, ...named(method, params as Named, scope, sessions) };
}

function requireScope(scope: string): void {
  if (SCOPE_PATTERN.test(scope)) return;
  throw new RequestError('INVALID_NAME', `${JSON.stringify(scope)} cannot be a scope: ${SCOPE_RULE}`, {
    suggestion: 'Set PILOTTY_SCOPE to one, such as agent-1, or unset it.',
  });
}

function named(method: MethodName, params: Named, scope: string, sessions: SessionStore): Named {
  const full = (name: string) => (isId(name, scope, sessions) ? name : fullName(name, scope));
  const {
    session,
    sessions: names,
    name,
    preferred_name: preferred,
    last_session: last,
    input,
    resume,
  } = params;
  return {
    ...(method in SCOPED && resume === undefined && { scope }),
    ...(session !== undefined
      ? { session: full(session) }
      : usesLast(method, params) && { session: `${scope}${SCOPE_SEPARATOR}` }),
    ...(names && { sessions: names.map(full) }),
    ...(last !== undefined && { last_session: full(last) }),
    ...(input?.session !== undefined && { input: { ...input, session: full(input.session) } }),
    // A session that is renamed stays in its own scope, whoever renames it.
    ...(method === 'session.spawn' && name !== undefined && { name: fullName(name, scope) }),
    ...(preferred !== undefined && { preferred_name: fullName(preferred, scope) }),
  };
}

/** Whether no session is named, and one is meant. */
function usesLast(method: MethodName, { sessions, tags, all, resume }: Named): boolean {
  if (OTHER_WITHOUT_SESSION.has(method)) return false;
  if (method === 'session.kill') return sessions === undefined && tags === undefined && all !== true;
  // Of a wait that is gone on with it is known already.
  if (method === 'session.wait') return resume === undefined;
  return /^(session|recording)\./.test(method) && !(method in SCOPED) && method !== 'recording.read';
}

/** Whether a session is named, or meant without a name, that is not there. */
export function meansUnknown<M extends MethodName>(
  method: M,
  params: ParsedParams<M>,
  store: SessionStore,
): boolean {
  const { session, sessions = [] } = params as Named;
  if (session !== undefined || usesLast(method, params as Named)) return store.meant(session) === undefined;
  return sessions.some((name) => !isPattern(name) && store.meant(name) === undefined);
}

/** Also of one that is only known by its events, or was lost. */
function isId(word: string, scope: string, sessions: SessionStore): boolean {
  if (sessions.isId(word)) return true;
  return /^[0-9a-f]{12}$/.test(word) && sessions.find(fullName(word, scope)) === undefined;
}
