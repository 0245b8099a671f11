/**
 * The sessions that each rule watches: those there are, those that come, and those that get another name or tag. Also tells
 * whose input a session is sent, by which circles of rules are known.
 */
import { nextMoment } from '../moment.ts';
import { isSelected } from '../session/selection.ts';
import type { Session } from '../session/session.ts';
import type { SessionStore } from '../session/session-store.ts';
import { inSlices } from './in-slices.ts';
import { lookAt } from './look.ts';
import { restingIn } from './resting-watches.ts';
import type { RuleEntry } from './rule-entry.ts';
import {
  type Happened,
  SessionWatch,
  type Start,
  type WatchListeners,
  type WatchState,
} from './session-watch.ts';

interface Listeners {
  /** In the turn in which it is found. */
  happened(entry: RuleEntry, session: Session, happened: Happened): void;
  failed(entry: RuleEntry, session: Session, error: unknown): void;
  /** A session is sent something. */
  input(session: Session): void;
}

/** A session that has ended: only if its program is started again there is something to look for. */
const OVER: WatchState = { after: undefined, look: undefined, lasting: [], hasFired: true, isOver: true };

export class WatchedSessions {
  readonly #sessions: SessionStore;
  /** All rules, by id. */
  readonly #entries: ReadonlyMap<string, RuleEntry>;
  readonly #listeners: Listeners;
  readonly #listenersByEntry = new WeakMap<RuleEntry, WatchListeners>();
  readonly #following = new Map<string, () => void>();
  readonly #unwatchStore: (() => void)[];
  #isPaused = false;

  constructor(sessions: SessionStore, entries: ReadonlyMap<string, RuleEntry>, listeners: Listeners) {
    this.#sessions = sessions;
    this.#entries = entries;
    this.#listeners = listeners;
    this.#unwatchStore = [
      sessions.watch((session) => {
        this.#follow(session);
        this.#join(session, { after: 0 });
      }),
      sessions.watchEvicted((session) => this.#evicted(session)),
    ];
    for (const session of [...sessions.ended, ...sessions.live]) this.#follow(session);
  }

  get watches(): SessionWatch[] {
    return [...this.#entries.values()].flatMap(({ watches }) => [...watches.values()]);
  }

  /** By a rule that is made now. */
  watchBy(entry: RuleEntry): void {
    const { declaration, made } = entry.record;
    const isOnce = declaration.repeat === 'once';
    for (const session of this.#sessions.live) {
      if (!isSelected(session, declaration)) continue;
      // What was printed before is there already.
      session.arrived.catchUp();
      this.#watch(entry, session, isOnce ? {} : { after: made, look: lookAt(session) });
    }
    for (const session of this.#sessions.ended) {
      if (!isSelected(session, declaration)) continue;
      const isMeant = isOnce && declaration.sessions?.some((name) => this.#sessions.find(name) === session);
      this.#watch(entry, session, isMeant ? {} : OVER);
    }
  }

  /** By rules of an earlier daemon, all of what there is. */
  watchAll(): void {
    for (const session of [...this.#sessions.ended, ...this.#sessions.live])
      this.#join(session, { after: 0 });
  }

  /** Where the daemon before this one was; paused. */
  goOn(entry: RuleEntry, session: Session, from: WatchState): void {
    this.#isPaused = true;
    this.#newWatch(entry, session, from);
  }

  /** Resolves once nothing is reported any more. */
  async pause(): Promise<void> {
    this.#isPaused = true;
    const ending: (Promise<void> | undefined)[] = [];
    // From here on they count, so that as little as can be is to be looked at again.
    await inSlices(this.#sessions.live, (session) => restingIn(session).lookNow());
    await inSlices(this.watches, (watch) => ending.push(watch.pause()));
    await Promise.all(ending);
  }

  /** No session is drawn on before those that watch it do so again: no line comes and goes unseen. */
  async resume(): Promise<void> {
    this.#isPaused = false;
    const bySession = new Map<Session, SessionWatch[]>();
    for (const watch of this.watches) {
      const others = bySession.get(watch.session);
      if (others === undefined) bySession.set(watch.session, [watch]);
      else others.push(watch);
    }
    const goOn = new Map([...bySession.keys()].map((session) => [session, session.pauseDrawing()]));
    await inSlices(bySession, ([session, watches]) => {
      // One that was paused again meanwhile stays so.
      if (!this.#isPaused) for (const watch of watches) watch.resume();
      goOn.get(session)?.();
    });
  }

  close(): void {
    for (const unwatch of [...this.#unwatchStore, ...this.#following.values()]) unwatch();
  }

  /** Its names and tags may change, and what it is sent may come of a rule. */
  #follow(session: Session): void {
    const unwatch = session.watch((event) => {
      if (event === 'input') this.#listeners.input(session);
      else if (typeof event === 'object' && (event.type === 'renamed' || event.type === 'tagged'))
        this.#relabelled(session);
    });
    this.#following.set(session.id, unwatch);
  }

  #relabelled(session: Session): void {
    for (const { record, watches } of this.#entries.values()) {
      const watch = watches.get(session.id);
      if (watch === undefined || isSelected(session, record.declaration)) continue;
      watch.close();
      watches.delete(session.id);
    }
    this.#join(session, { after: nextMoment(), look: lookAt(session) });
  }

  #evicted({ id }: Session): void {
    this.#following.get(id)?.();
    this.#following.delete(id);
    for (const { watches } of this.#entries.values()) {
      watches.get(id)?.close();
      watches.delete(id);
    }
  }

  #join(session: Session, from: Start): void {
    for (const entry of this.#entries.values()) {
      const { record, watches } = entry;
      if (record.state === 'armed' && !watches.has(session.id) && isSelected(session, record.declaration))
        this.#watch(entry, session, from);
    }
  }

  #watch(entry: RuleEntry, session: Session, from: Start | WatchState): void {
    entry.record.had_session = true;
    this.#newWatch(entry, session, from).start();
  }

  #newWatch(entry: RuleEntry, session: Session, from: Start | WatchState): SessionWatch {
    const watch = new SessionWatch(session, entry, from, this.#listenersOf(entry));
    entry.watches.set(session.id, watch);
    if (this.#isPaused) void watch.pause();
    return watch;
  }

  /** The same for all sessions. */
  #listenersOf(entry: RuleEntry): WatchListeners {
    const known = this.#listenersByEntry.get(entry) ?? {
      happened: (session, happened) => this.#listeners.happened(entry, session, happened),
      failed: (session, error) => this.#listeners.failed(entry, session, error),
    };
    this.#listenersByEntry.set(entry, known);
    return known;
  }
}
