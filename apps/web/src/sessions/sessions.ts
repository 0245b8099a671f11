/**
 * The sessions as the daemon has them, listed anew whenever something happened that a list would show; and the events of
 * all of them, in their order, without a gap as long as the daemon lives.
 */
import { type ReadonlySignal, signal } from '@preact/signals';
import type { Link } from '../connection/link.ts';
import {
  cursorOf,
  hostOf,
  type Session,
  type SessionEvent,
  type SessionList,
  type Unreachable,
} from './session.ts';

/** What a list would show; and where something was missed, it may have been that. */
const LISTED: ReadonlySet<SessionEvent['type']> = new Set([
  ...(['spawned', 'title', 'resized', 'renamed', 'tagged', 'exited', 'restarted', 'missed'] as const),
  ...(['asked', 'question_ended', 'host_unreachable', 'host_back'] as const),
]);
/** All but output and changes, which only those ask for who need them of some sessions. */
const FOLLOWED = [
  ...(['spawned', 'idle', 'state', 'input', 'title', 'bell', 'notification', 'progress'] as const),
  ...(['command_started', 'command_finished', 'resized', 'renamed', 'tagged', 'exited'] as const),
  ...(['keyboard_taken', 'keyboard_released', 'hand_over', 'attached', 'detached'] as const),
  ...(['restarted', 'recording_started', 'recording_ended', 'asked', 'question_ended'] as const),
  ...(['rule'] as const),
];
/** What is worth knowing of the time before the page was opened. */
const PAST = [
  ...(['spawned', 'bell', 'notification', 'command_started', 'command_finished', 'exited'] as const),
  ...(['keyboard_taken', 'keyboard_released', 'hand_over', 'attached', 'detached', 'rule'] as const),
];
/** A hundred sessions started at once are one new list. */
const LIST_INTERVAL_MS = 150;
/** Sessions that were evicted or lost, kept until a person has seen how they ended. */
const MAX_FORMER = 100;

export class Sessions {
  readonly #link: Link;
  readonly #all = signal<readonly Session[] | undefined>(undefined);
  readonly #former = signal<readonly Session[]>([]);
  readonly #eventListeners = new Set<(event: SessionEvent, isPast: boolean) => void>();
  readonly #listListeners = new Set<(list: SessionList) => void>();
  /** By id, as they were last. */
  readonly #known = new Map<string, Session>();
  #isListing = false;
  #isStale = false;
  #daemonPid: number | undefined;
  /** By host: this browser's clock is ahead of the daemon's by so much, as the list said that took the shortest time to come. */
  readonly #clockOffsetsMs = new Map<string, number>();
  /** Hosts of a fleet that do not answer: what they have is not in the list. */
  readonly unreachable = signal<readonly Unreachable[]>([]);

  constructor(link: Link) {
    this.#link = link;
    link.whileOnline(async (lost) => {
      this.#noteDaemon();
      const following = link.request(
        'events.follow',
        { types: FOLLOWED },
        { signal: lost, onEvent: (event) => this.#happened(event) },
      );
      const past = link.request(
        'events.follow',
        { types: PAST, after: 0, follow: false },
        { signal: lost, onEvent: (event) => this.#happenedBefore(event) },
      );
      await Promise.all([following, past, this.refresh()]);
      // The stream ended because the daemon stops.
      if (!lost.aborted) link.reopen();
    });
  }

  /** Live ones first, oldest first; undefined until the first list has come. */
  get all(): ReadonlySignal<readonly Session[] | undefined> {
    return this.#all;
  }

  /** Ended, and not known to the daemon any more; newest first. */
  get former(): ReadonlySignal<readonly Session[]> {
    return this.#former;
  }

  find(id: string): Session | undefined {
    const is = (session: Session) => session.id === id;
    return this.#all.value?.find(is) ?? this.#former.value.find(is);
  }

  /** What it was called, also after the daemon has forgotten it. */
  nameOf(id: string): string {
    return this.find(id)?.name ?? this.#known.get(id)?.name ?? id;
  }

  /** In milliseconds since 1970, by the clock of this browser. */
  timeOf(event: SessionEvent): number {
    return cursorOf(event) / 1000 + this.#clockOffsetMs(event.session_id ?? '');
  }

  /** The same, of a date of the daemon that has the session. */
  timeOfDate(date: string, id: string): number {
    return Date.parse(date) + this.#clockOffsetMs(id);
  }

  #clockOffsetMs(id: string): number {
    return this.#clockOffsetsMs.get(hostOf(id)) ?? 0;
  }

  /** @param listener is also called for what happened before the page was opened; that may be told twice */
  onEvent(listener: (event: SessionEvent, isPast: boolean) => void): void {
    this.#eventListeners.add(listener);
  }

  onList(listener: (list: SessionList) => void): void {
    this.#listListeners.add(listener);
  }

  async refresh(): Promise<void> {
    this.#isStale = true;
    if (this.#isListing) return;
    this.#isListing = true;
    try {
      while (this.#isStale) {
        this.#isStale = false;
        this.#take(await this.#link.request('session.list', { all: true }));
        await new Promise((resolve) => setTimeout(resolve, LIST_INTERVAL_MS));
      }
    } finally {
      this.#isListing = false;
    }
  }

  #happened(event: SessionEvent): void {
    if (event.type === 'state') this.#changedState(event);
    for (const listener of this.#eventListeners) listener(event, false);
    if (LISTED.has(event.type)) this.refresh().catch(() => {});
  }

  /** A list would have each session looked at for it. */
  #changedState({ session_id, to, why, text, occurred_at }: SessionEvent): void {
    const work_state: Session['work_state'] =
      to && why ? { name: to, began_at: occurred_at, why, ...(text !== undefined && { text }) } : undefined;
    this.#all.value = this.#all
      .peek()
      ?.map((session) => (session.id === session_id ? withState(session, work_state) : session));
  }

  /** What happened meanwhile, or again: it has the cursor it had. */
  #happenedBefore(event: SessionEvent): void {
    const { type, session_id: id, session: name = '', tags = [] } = event;
    if (id === undefined) return;
    if (type === 'spawned') {
      const { argv = [], pid = 0, cwd = '', occurred_at: created_at } = event;
      const start = { argv, command: argv.join(' '), pid, cwd, created_at };
      const session = { id, name, tags, state: 'exited', size: { cols: 80, rows: 24 }, idle_ms: 0 } as const;
      if (!this.#known.has(id)) this.#known.set(id, { ...session, ...start });
    }
    const known = this.#known.get(id);
    if (type === 'exited' && event.exit !== undefined && known !== undefined) {
      this.#known.set(id, { ...known, name, exit: event.exit, ended_at: event.occurred_at });
      this.#findFormer();
    }
    for (const listener of this.#eventListeners) listener(event, true);
  }

  #take(list: SessionList): void {
    const { hosts = [{ host: '', event_cursor: list.event_cursor }], unreachable = [] } = list;
    for (const { host, event_cursor } of hosts) {
      const offsetMs = Date.now() - event_cursor / 1000;
      this.#clockOffsetsMs.set(host, Math.min(this.#clockOffsetsMs.get(host) ?? offsetMs, offsetMs));
    }
    this.unreachable.value = unreachable;
    for (const session of list.sessions) this.#known.set(session.id, session);
    const isLive = ({ state }: Session) => state === 'running';
    this.#all.value = [
      ...list.sessions.filter(isLive),
      ...list.sessions.filter((session) => !isLive(session)),
    ];
    this.#findFormer();
    for (const listener of this.#listListeners) listener(list);
  }

  #findFormer(): void {
    const all = this.#all.peek();
    // Before the first list, none of them is known to be former.
    if (all === undefined) return;
    const ids = new Set(all.map(({ id }) => id));
    const former = [...this.#known.values()]
      // How a session ended that ended with its daemon is said of all of them together.
      .filter(({ id, exit }) => !ids.has(id) && exit !== undefined)
      .map((session) => ({ ...session, state: 'exited' as const }))
      .sort((one, other) => (other.ended_at ?? '').localeCompare(one.ended_at ?? ''));
    for (const { id } of former.slice(MAX_FORMER)) this.#known.delete(id);
    const next = former.slice(0, MAX_FORMER);
    const isSame =
      next.map(({ id }) => id).join() ===
      this.#former
        .peek()
        .map(({ id }) => id)
        .join();
    if (!isSame) this.#former.value = next;
  }

  #noteDaemon(): void {
    const pid = this.#link.daemon.peek()?.pid;
    const isAnother = this.#daemonPid !== undefined && this.#daemonPid !== pid;
    this.#daemonPid = pid;
    if (!isAnother) return;
    const lost = this.#all.peek()?.length ?? 0;
    if (lost > 0) this.#link.tellRestart(lost);
  }
}

function withState({ work_state: _, ...session }: Session, work_state: Session['work_state']): Session {
  return { ...session, ...(work_state && { work_state }) };
}
