/**
 * The sessions that are watched, as lists, events and answers of the daemon made them known: what each looks like, what
 * it is doing, and what of that must be asked anew. Pure: it asks nothing itself, and time is given to it.
 */
import type { Exit, Result, StreamEvent } from '@pilotty/client';
import { type Facts, POLLING_QUIET_MS, type State, stateOf, UNREACHABLE } from './session-states.ts';
import type { Look } from './shown-rows.ts';

export type SessionEvent = Pick<StreamEvent<'events.follow'>, 'session_id' | 'idle_ms'> & {
  /** The last two of a fleet. */
  type: StreamEvent<'events.follow'>['type'] | 'host_unreachable' | 'host_back';
};
type Listed = Result<'session.list'>['sessions'][number];

/** A host of a fleet that does not answer, with the sessions that it had. */
export interface SilentHost {
  host: string;
  last_sessions: readonly { id: string; name: string; command: string; tags: string[] }[];
}

/** All times are milliseconds of one clock. */
interface Known {
  readonly id: string;
  name: string;
  command: string;
  title: string;
  tags: readonly string[];
  exit: Exit | undefined;
  /** Output or input. */
  lastActiveAt: number;
  lastChangedAt: number;
  /** The bell has rung since the last input. */
  hasRung: boolean;
  look: Look | undefined;
  facts: Facts | undefined;
  /** Its host does not answer: this is how it was. */
  isOutOfReach: boolean;
  /** There may be more to see than the last look shows. */
  isStale: boolean;
  isLooking: boolean;
  lookedAt: number;
  /** When its facts are to be asked next. */
  askAt: number;
  askedAt: number;
  isAsking: boolean;
}

/** Which of those that are selected are not shown. */
export interface Rules {
  /** Whether one that had ended before is shown. */
  isShownEnded(session: Listed): boolean;
  /** It is the one in whose terminal they are shown. */
  isOwn(session: Listed): boolean;
}

/** Of a session, what is shown. */
export type Watched = Readonly<
  Omit<Known, 'isStale' | 'isLooking' | 'lookedAt' | 'askAt' | 'askedAt' | 'isAsking'>
>;

/** What a list shows; and where something was missed, it may have been that. */
const LISTED: ReadonlySet<SessionEvent['type']> = new Set([
  ...(['spawned', 'title', 'resized', 'renamed', 'tagged', 'exited', 'restarted', 'missed'] as const),
  ...(['host_unreachable', 'host_back'] as const),
]);
/** What happened to a program takes a moment to show in what the kernel says of it. */
const ASK_AFTER_MS = 300;
/** Of one that prints on, which it can hardly do while it waits. */
const ASK_BUSY_EVERY_MS = 3_000;
/** No event announces that a program begins to read without a word. The longer it has been quiet, the less often it is asked. */
const ASK_QUIET_EVERY_MS = { least: 5_000, most: 15_000 };
/** So often one session is looked at; the one with the focus at each turn. */
const LOOK_EVERY_MS = 190;

export class WatchedSessions {
  readonly #known = new Map<string, Known>();
  readonly #rules: Rules;
  /** Ids of those whose start was announced: they are shown also where they end before they are listed. */
  readonly #started = new Set<string>();
  #silentHosts: readonly string[] = [];
  #isListStale = true;

  constructor(rules: Rules) {
    this.#rules = rules;
  }

  /** Oldest first. */
  get all(): readonly Watched[] {
    return [...this.#known.values()];
  }

  /** Something has happened that the list shows. */
  get isListStale(): boolean {
    return this.#isListStale;
  }

  /** Names of hosts that do not answer. */
  get silentHosts(): readonly string[] {
    return this.#silentHosts;
  }

  stateOf({ exit, facts, lastChangedAt, isOutOfReach }: Watched, now: number): State {
    if (isOutOfReach) return UNREACHABLE;
    return stateOf(exit, facts, now - lastChangedAt);
  }

  /** A list is being asked for: what happens from here on may not be in it. */
  listing(): void {
    this.#isListStale = false;
  }

  /** Those of the selection, oldest first, ended ones included. */
  listed(sessions: readonly Listed[], now: number, silent: readonly SilentHost[] = []): void {
    const before = new Map(this.#known);
    this.#known.clear();
    this.#silentHosts = silent.map(({ host }) => host);
    for (const session of sessions) {
      const { id, exit } = session;
      const known = before.get(id);
      const isNews = known !== undefined || this.#started.has(id);
      if (exit !== undefined && !isNews && !this.#rules.isShownEnded(session)) continue;
      if (this.#rules.isOwn(session)) continue;
      this.#known.set(id, this.#described(session, known, now));
      this.#started.delete(id);
    }
    for (const { host, last_sessions: sessions } of silent) {
      const known = [...before.values()].filter(({ id }) => id.startsWith(`${host}/`));
      for (const session of known.length > 0 ? known : sessions.map((last) => unseen(last, now)))
        this.#known.set(session.id, { ...session, isOutOfReach: true, isLooking: false, isAsking: false });
    }
  }

  #described(session: Listed, known: Known | undefined, now: number): Known {
    const { id, name, command, title = '', tags, exit, idle_ms: idleMs } = session;
    const hasEnded = exit !== undefined && known?.exit === undefined;
    const lastActiveAt = Math.max(now - idleMs, known?.lastActiveAt ?? Number.NEGATIVE_INFINITY);
    const made: Known = known ?? {
      ...unseen({ id, name, command, tags }, now),
      ...{ title, exit, lastActiveAt, lastChangedAt: lastActiveAt },
    };
    const isBack = made.isOutOfReach;
    Object.assign(made, { name, command, title, tags, exit, lastActiveAt, isOutOfReach: false });
    if (isBack) Object.assign(made, { isStale: true, askAt: now });
    if (hasEnded) made.isStale = true;
    return made;
  }

  /** @returns whether it is anything that is shown */
  happened({ type, session_id: id, idle_ms: idleMs = 0 }: SessionEvent, now: number): boolean {
    if (LISTED.has(type)) this.#isListStale = true;
    if (type === 'missed') for (const session of this.#known.values()) session.isStale = true;
    if (type === 'spawned' && id !== undefined) this.#started.add(id);
    const session = id === undefined ? undefined : this.#known.get(id);
    if (session === undefined) return false;
    if (type !== 'exited') session.lastActiveAt = Math.max(session.lastActiveAt, now - idleMs);
    switch (type) {
      case 'changed':
        session.isStale = true;
        session.lastChangedAt = now;
        this.#askWithin(session, this.#isBusy(session, now) ? ASK_BUSY_EVERY_MS : 0, now);
        break;
      case 'resized':
      case 'exited':
      case 'restarted':
        session.isStale = true;
        break;
      case 'bell':
        session.hasRung = true;
        break;
      case 'idle':
        session.askAt = Math.min(session.askAt, now);
        break;
      case 'input':
        session.hasRung = false;
        this.#askWithin(session, 0, now);
        break;
      case 'state':
      case 'command_started':
      case 'command_finished':
      case 'asked':
      case 'question_ended':
        this.#askWithin(session, 0, now);
        break;
    }
    return true;
  }

  #isBusy(session: Known, now: number): boolean {
    return this.stateOf(session, now).kind === 'running';
  }

  /** Not sooner than so long after the last time. */
  #askWithin(session: Known, restMs: number, now: number): void {
    session.askAt = Math.min(session.askAt, Math.max(now + ASK_AFTER_MS, session.askedAt + restMs));
  }

  /** The one to look at next, of those that can be seen: that which has waited longest, the focused one first. */
  nextToLook(visible: readonly string[], focus: string | undefined, now: number): string | undefined {
    const due = visible
      .flatMap((id) => this.#known.get(id) ?? [])
      .filter(({ isStale, isLooking, isOutOfReach }) => isStale && !isLooking && !isOutOfReach)
      .filter(({ id, lookedAt }) => id === focus || now - lookedAt >= LOOK_EVERY_MS)
      .sort((one, other) => one.lookedAt - other.lookedAt);
    return (due.find(({ id }) => id === focus) ?? due[0])?.id;
  }

  looking(id: string, now: number): void {
    const session = this.#known.get(id);
    if (session) Object.assign(session, { isStale: false, isLooking: true, lookedAt: now });
  }

  /** @param look undefined where there was none to be had */
  looked(id: string, look: Look | undefined): void {
    const session = this.#known.get(id);
    if (session === undefined) return;
    session.isLooking = false;
    session.look = look ?? session.look;
  }

  /** The one whose facts are to be asked next, if it is time. */
  nextToAsk(now: number): string | undefined {
    let next: Known | undefined;
    for (const session of this.#known.values()) {
      if (session.exit !== undefined || session.isOutOfReach) continue;
      if (session.isAsking || session.askAt > now) continue;
      if (next === undefined || session.askAt < next.askAt) next = session;
    }
    return next?.id;
  }

  asking(id: string, now: number): void {
    const session = this.#known.get(id);
    if (session === undefined) return;
    const quietMs = now - session.lastChangedAt;
    const { least, most } = ASK_QUIET_EVERY_MS;
    session.isAsking = true;
    session.askedAt = now;
    session.askAt =
      quietMs < POLLING_QUIET_MS
        ? session.lastChangedAt + POLLING_QUIET_MS
        : now + Math.min(most, Math.max(least, quietMs / 4));
  }

  /** @param facts undefined where there were none to be had */
  told(id: string, facts: Facts | undefined): void {
    const session = this.#known.get(id);
    if (session === undefined) return;
    session.isAsking = false;
    session.facts = facts ?? session.facts;
  }
}

/** Nothing was seen of it yet. */
function unseen({ id, name, command, tags }: SilentHost['last_sessions'][number], now: number): Known {
  return {
    ...{ id, name, command, title: '', tags, exit: undefined, lastActiveAt: now, lastChangedAt: now },
    ...{ hasRung: false, look: undefined, facts: undefined, isOutOfReach: false },
    ...{ isStale: true, isLooking: false, lookedAt: Number.NEGATIVE_INFINITY },
    ...{ askAt: now, askedAt: Number.NEGATIVE_INFINITY, isAsking: false },
  };
}
