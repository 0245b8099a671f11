/**
 * All sessions: the live ones, and for a while the ended ones.
 *
 * A name is unique among live sessions, and no session's id. A name or id means, in this order: the session
 * with this id, the live session of this name, the newest ended session of this name.
 *
 * Where none is asked for, the session that was used last is meant: of those that run, the one that was started or
 * acted on most recently; where none runs, of those that have ended. A look or a wait uses nothing, nor does a
 * request to many. `SCOPE+` is the one that was used last of those in a scope; without a scope, it is of those in none.
 */
import {
  fullName,
  meansUsedLast,
  RequestError,
  SCOPE_SEPARATOR,
  type Settings,
  scopeOf,
} from '@pilotty/protocol';
import { MAX_RETAINED, MAX_RETAINED_BYTES } from '../limits.ts';
import { msSince, nextMoment } from '../moment.ts';
import { EvictedSessions } from './evicted-sessions.ts';
import type { Session } from './session.ts';
import { asName, nameAfterProgram, sessionName } from './session-name.ts';

export interface NameWishes {
  /** Of a name that has none. */
  scope?: string | undefined;
  name?: string | undefined;
  preferredName?: string | undefined;
  /** Not 'default', nor the preferred name: those are for sessions to be used by hand. */
  isBackground: boolean;
  program: string;
}

/** Whether what is kept on disk is enough to start it again. */
export type Lost = 'restorable' | 'gone';

export interface SessionStoreState {
  /** Of each session that may be meant where none is named. */
  uses: [id: string, use: number][];
  useCount: number;
  evicted: EvictedSessions['state'];
}

export class SessionStore {
  readonly #live = new Map<string, Session>();
  readonly #ended = new Map<string, { session: Session; forget: NodeJS.Timeout }>();
  /** Names promised to sessions that are being started. */
  readonly #reserved = new Set<string>();
  readonly evicted = new EvictedSessions();
  readonly #settings: Pick<Settings, 'retainMs' | 'maxSessions'>;
  readonly #changed: () => void;
  readonly #listeners = new Set<(added: Session) => void>();
  readonly #evictListeners = new Set<(evicted: Session) => void>();
  readonly #lost: (name: string) => Lost | undefined;
  /** When a session was used last, by its id, counted in uses; one that runs in the background is never used. */
  readonly #uses = new Map<string, number>();
  #useCount = 0;
  /** What a name meant that was looked up last: it does as long as that session runs and is called so. */
  #namedLast: { target: string; name: string; session: Session } | undefined;

  /**
   * @param lost says of a name what became of the session that a daemon before this one had
   * @param changed is called after a session has been added, ended or evicted
   */
  constructor(
    settings: Pick<Settings, 'retainMs' | 'maxSessions'>,
    lost: (name: string) => Lost | undefined,
    changed: () => void,
  ) {
    this.#settings = settings;
    this.#lost = lost;
    this.#changed = changed;
  }

  /** Calls `listener` after each session that is added, until the function it returns is called. */
  watch(listener: (added: Session) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Calls `listener` after each session that can no longer be looked at, until the function it returns is called. */
  watchEvicted(listener: (evicted: Session) => void): () => void {
    this.#evictListeners.add(listener);
    return () => this.#evictListeners.delete(listener);
  }

  /** Live sessions, oldest first. */
  get live(): Session[] {
    return [...this.#live.values()];
  }

  /** Ended sessions that are retained, oldest first. */
  get ended(): Session[] {
    return [...this.#ended.values()].map(({ session }) => session);
  }

  get liveCount(): number {
    return this.#live.size;
  }

  get endedCount(): number {
    return this.#ended.size;
  }

  /**
   * Finds a free name and keeps it until `release`.
   * @throws RequestError SESSION_EXISTS, INVALID_NAME or LIMIT_REACHED
   */
  reserve(wishes: NameWishes): { name: string; release: () => void } {
    const { maxSessions } = this.#settings;
    if (this.#live.size + this.#reserved.size >= maxSessions) throw tooMany(maxSessions);
    const name = this.#chooseName(wishes);
    this.#reserved.add(name);
    return { name, release: () => this.#reserved.delete(name) };
  }

  #chooseName({ scope, name, preferredName, isBackground, program }: NameWishes): string {
    const full = (wanted: string) => fullName(wanted, scope);
    if (name !== undefined) return this.#free(sessionName(full(name)));
    if (!isBackground) {
      const preferred = preferredName && sessionName(full(preferredName));
      if (preferred && !this.#isTaken(preferred)) return preferred;
      if (!this.#isTaken(full('default'))) return full('default');
    }
    return full(nameAfterProgram(program, (wanted) => this.#isTaken(full(wanted))));
  }

  #free(name: string): string {
    if (this.#live.has(name) || this.#ended.has(name))
      throw new RequestError(
        'SESSION_EXISTS',
        `'${name}' is the id of a session, and cannot be the name of another`,
      );
    if (this.#isTaken(name))
      throw new RequestError('SESSION_EXISTS', `Session '${name}' already exists`, {
        suggestion: `Choose another name, or end that session with 'pilotty kill -s ${name}'.`,
      });
    return name;
  }

  #isTaken(name: string): boolean {
    return this.#reserved.has(name) || this.live.some((session) => session.name === name);
  }

  add(session: Session, { isBackground }: { isBackground: boolean }): void {
    session.times.wasListed();
    if (!isBackground) this.#use(session);
    this.#list(session);
  }

  #list(session: Session): void {
    this.#live.set(session.id, session);
    const ended = this.#retainAtEnd(session);
    if (session.isExited) ended();
    this.#changed();
    for (const listener of [...this.#listeners]) listener(session);
  }

  /** @returns to be called where it has ended before */
  #retainAtEnd(session: Session): () => void {
    // After the listeners have been called for the end.
    const ended = () => queueMicrotask(() => this.#retain(session));
    session.watch((event) => event === 'exited' && ended());
    return ended;
  }

  get state(): SessionStoreState {
    return { uses: [...this.#uses], useCount: this.#useCount, evicted: this.evicted.state };
  }

  /** Of a new one, in which the sessions are then adopted, the oldest first. */
  adopt({ uses, useCount, evicted }: SessionStoreState): void {
    for (const [id, use] of uses) this.#uses.set(id, use);
    this.#useCount = useCount;
    this.evicted.adopt(evicted);
  }

  /** A session that another daemon has begun. */
  adoptSession(session: Session): void {
    if (session.isExited) {
      this.#retainAtEnd(session);
      this.#retain(session);
    } else this.#list(session);
  }

  /**
   * An ended session whose program is about to be started again, under its name, which was reserved.
   * @throws RequestError SESSION_NOT_FOUND when it was evicted meanwhile
   */
  requireRetained(session: Session): void {
    if (!this.#ended.has(session.id)) throw this.#notFound(session.name);
  }

  /** The program of an ended session runs again. */
  revive(session: Session): void {
    clearTimeout(this.#ended.get(session.id)?.forget);
    this.#ended.delete(session.id);
    this.#live.set(session.id, session);
    this.#changed();
  }

  /** It stays in its scope, unless the wish has another. @throws RequestError SESSION_EXISTS or INVALID_NAME. */
  rename(session: Session, wish: string): string {
    const name = sessionName(fullName(wish, scopeOf(session.name)));
    if (name !== session.name) session.rename(this.#free(name));
    return name;
  }

  /**
   * The session that is meant. To ask changes nothing.
   * @throws RequestError SESSION_NOT_FOUND. A name that is unknown never means another session.
   */
  get(target: string | undefined): Session {
    const session = this.meant(target);
    if (!session) throw this.#notFound(target ?? SCOPE_SEPARATOR);
    return session;
  }

  /** As get(); undefined where there is none. */
  meant(target: string | undefined): Session | undefined {
    return this.#find(target ?? SCOPE_SEPARATOR);
  }

  /** Of a session that has not been evicted. */
  isId(word: string): boolean {
    return this.#live.has(word) || this.#ended.has(word);
  }

  /** As get(); undefined where no session has the name or id. */
  find(target: string): Session | undefined {
    return this.#find(target);
  }

  /** As get(). @throws RequestError SESSION_EXITED when it has ended, naming those that have not */
  getRunning(target: string | undefined): Session {
    const session = this.get(target);
    // Names are listed only where they are wanted.
    if (session.isExited) session.requireRunning(this.#namesIn(scopeOf(session.name)));
    else session.requireRunning();
    return session;
  }

  /** The session was acted on: it is meant where the next request names none, unless it runs in the background. */
  acted(session: Session): void {
    if (this.#uses.has(session.id)) this.#use(session);
  }

  #use(session: Session): void {
    this.#useCount += 1;
    this.#uses.set(session.id, this.#useCount);
  }

  #usedLast(scope: string | undefined): Session | undefined {
    return this.#latestOf(this.#live.values(), scope) ?? this.#latestOf(this.ended, scope);
  }

  #latestOf(sessions: Iterable<Session>, scope: string | undefined): Session | undefined {
    let latest: Session | undefined;
    let latestUse = 0;
    for (const session of sessions) {
      const use = this.#uses.get(session.id) ?? 0;
      if (use <= latestUse || scopeOf(session.name) !== scope) continue;
      latest = session;
      latestUse = use;
    }
    return latest;
  }

  /** Of running sessions, as a client in the scope sees them; without one it sees all. */
  #namesIn(scope: string | undefined): string[] {
    const names = this.live.map(({ name }) => name);
    return scope === undefined ? names : names.filter((name) => scopeOf(name) === scope);
  }

  #notFound(target: string): RequestError {
    const name = asName(meansUsedLast(target) ? `${target}default` : target);
    const scope = scopeOf(name);
    const details = { names: this.#namesIn(scope) };
    const lost = this.#lost(name);
    if (lost === undefined) {
      const elsewhere = this.#namesakes(name);
      return new RequestError('SESSION_NOT_FOUND', `Session '${name}' not found`, {
        details,
        ...(elsewhere.length > 0 && {
          suggestion: `Other scopes have one of this name: -s ${elsewhere.join(', -s ')}. 'pilotty list-sessions --all-scopes' lists all.`,
        }),
      });
    }
    return new RequestError('SESSION_NOT_FOUND', `Session '${name}' was lost with an earlier daemon`, {
      suggestion:
        lost === 'restorable'
          ? `Start it again with 'pilotty restore ${name}'; 'pilotty restore' lists what was lost, and what still runs.`
          : "Start it again with 'pilotty spawn'; 'pilotty logs' and 'pilotty info' list what was left running.",
      details,
    });
  }

  /** The few first running sessions of this name in other scopes, as anybody names them. */
  #namesakes(wanted: string): string[] {
    const bare = (name: string) => name.slice(name.indexOf(SCOPE_SEPARATOR) + 1);
    const names = this.live.map(({ name }) => name).filter((name) => bare(name) === bare(wanted));
    return names
      .slice(0, 3)
      .map((name) => (scopeOf(name) === undefined ? `${SCOPE_SEPARATOR}${name}` : name));
  }

  #find(target: string): Session | undefined {
    if (meansUsedLast(target))
      return this.#usedLast(scopeOf(target)) ?? this.#named(asName(`${target}default`));
    return this.#live.get(target) ?? this.#ended.get(target)?.session ?? this.#again(target);
  }

  /** Each request looks its session up more than once, and mostly it is the one of the request before. */
  #again(target: string): Session | undefined {
    const again = this.#namedLast;
    if (again?.target === target && again.name === again.session.name && this.#live.has(again.session.id))
      return again.session;
    const session = this.#named(asName(target));
    if (session !== undefined && this.#live.has(session.id))
      this.#namedLast = { target, name: session.name, session };
    return session;
  }

  #named(wanted: string): Session | undefined {
    return this.#liveNamed(wanted) ?? this.ended.findLast(({ name }) => name === wanted);
  }

  /** Every request asks: no list is made of hundreds of sessions. */
  #liveNamed(wanted: string): Session | undefined {
    for (const session of this.#live.values()) if (session.name === wanted) return session;
    return undefined;
  }

  #retain(session: Session): void {
    this.#live.delete(session.id);
    if (this.#namedLast?.session === session) this.#namedLast = undefined;
    // It may have ended in the daemon before this one.
    const leftMs = this.#settings.retainMs - msSince(session.times.ended ?? nextMoment());
    const forget = setTimeout(() => this.forget(session.id), Math.max(0, Math.ceil(leftMs)));
    this.#ended.set(session.id, { session, forget });
    while (this.#ended.size > MAX_RETAINED || this.retainedBytes > MAX_RETAINED_BYTES) {
      const oldest = this.#ended.keys().next().value;
      if (oldest === undefined || oldest === session.id) break;
      this.forget(oldest);
    }
    this.#changed();
  }

  /** What the ended sessions' screens and output take. */
  get retainedBytes(): number {
    return this.ended.reduce((bytes, { memoryBytes }) => bytes + memoryBytes, 0);
  }

  /** So that an ended session can no longer be looked at. One that is live, or not known, is not concerned. */
  forget(id: string): void {
    const entry = this.#ended.get(id);
    if (!entry) return;
    clearTimeout(entry.forget);
    this.#ended.delete(id);
    this.evicted.add(entry.session);
    entry.session.screen.dispose();
    this.#uses.delete(id);
    for (const listener of [...this.#evictListeners]) listener(entry.session);
    this.#changed();
  }

  /** Forgets every ended session, so that no timer is left. */
  close(): void {
    for (const id of [...this.#ended.keys()]) this.forget(id);
  }
}

function tooMany(most: number): RequestError {
  return new RequestError('LIMIT_REACHED', `Session limit reached (${most})`, {
    suggestion:
      "End one with 'pilotty kill -s NAME', or idle ones: 'pilotty gc --idle 1h --dry-run' lists them. PILOTTY_MAX_SESSIONS sets the limit when a daemon starts.",
    details: { used: most, limit: most },
  });
}
