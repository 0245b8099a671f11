/**
 * The sessions as the daemon has them: listed anew whenever something happened that a list would show,
 * and when each was last active.
 */
import type { Result, StreamEvent } from '@pilotty/client/browser';
import { type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { Link } from '../connection/link.ts';

export type Session = Result<'session.list'>['sessions'][number];
export type SessionEvent = StreamEvent<'events.follow'>;
export type Exit = NonNullable<Session['exit']>;

/** What a list would show; and where something was missed, it may have been that. */
const LISTED: ReadonlySet<SessionEvent['type']> = new Set([
  ...(['spawned', 'title', 'resized', 'renamed', 'tagged', 'exited', 'missed'] as const),
]);
/** All but output and changes, which only the miniatures ask for, of the sessions in sight. */
const FOLLOWED = [
  ...(['spawned', 'idle', 'input', 'title', 'bell', 'notification', 'command_finished'] as const),
  ...(['resized', 'renamed', 'tagged', 'exited'] as const),
];
/** A hundred sessions started at once are one new list. */
const LIST_INTERVAL_MS = 150;

export class Sessions {
  readonly #link: Link;
  readonly #all = signal<readonly Session[] | undefined>(undefined);
  readonly #lastActive = new Map<string, Signal<number>>();
  readonly #listeners = new Set<(event: SessionEvent) => void>();
  #isListing = false;
  #isStale = false;

  constructor(link: Link) {
    this.#link = link;
    link.whileOnline(async (lost) => {
      const following = link.request(
        'events.follow',
        { types: FOLLOWED },
        { signal: lost, onEvent: (event) => this.#happened(event) },
      );
      await Promise.all([following, this.#list()]);
      // The stream ended because the daemon stops.
      if (!lost.aborted) link.reopen();
    });
  }

  /** Live ones first, oldest first; undefined until the first list has come. */
  get all(): ReadonlySignal<readonly Session[] | undefined> {
    return this.#all;
  }

  find(id: string): Session | undefined {
    return this.#all.value?.find((session) => session.id === id);
  }

  /** When there was output or input last, as far as the page knows; milliseconds since 1970. */
  lastActive(id: string): Signal<number> {
    let found = this.#lastActive.get(id);
    if (found === undefined) {
      found = signal(Date.now());
      this.#lastActive.set(id, found);
    }
    return found;
  }

  onEvent(listener: (event: SessionEvent) => void): void {
    this.#listeners.add(listener);
  }

  #happened(event: SessionEvent): void {
    for (const listener of this.#listeners) listener(event);
    const { type, session_id: id, idle_ms: idleMs = 0 } = event;
    if (id !== undefined) this.lastActive(id).value = Date.now() - idleMs;
    if (LISTED.has(type)) this.#list().catch(() => {});
  }

  async #list(): Promise<void> {
    this.#isStale = true;
    if (this.#isListing) return;
    this.#isListing = true;
    try {
      while (this.#isStale) {
        this.#isStale = false;
        const { sessions } = await this.#link.request('session.list', { all: true });
        this.#take(sessions);
        await new Promise((resolve) => setTimeout(resolve, LIST_INTERVAL_MS));
      }
    } finally {
      this.#isListing = false;
    }
  }

  #take(sessions: readonly Session[]): void {
    const now = Date.now();
    for (const { id, idle_ms } of sessions) this.lastActive(id).value = now - idle_ms;
    const known = new Set(sessions.map(({ id }) => id));
    for (const id of this.#lastActive.keys()) if (!known.has(id)) this.#lastActive.delete(id);
    const isLive = ({ state }: Session) => state === 'running';
    this.#all.value = [...sessions.filter(isLive), ...sessions.filter((session) => !isLive(session))];
  }
}
