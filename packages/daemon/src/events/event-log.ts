/**
 * The events of all sessions, oldest first, for those who follow them.
 *
 * It keeps the newest events, of one session only so many, and of its output and changes only the last:
 * a session that floods pushes out only its own events. Nothing is queued for a reader: each takes from here at its own
 * pace, and what goes before a reader has come to it is counted for that reader.
 */
import { type EventType, RequestError, type StreamEvent } from '@pilotty/protocol';
import { MAX_EVENTS, MAX_EVENTS_OF_SESSION } from '../limits.ts';
import { nextMoment } from '../moment.ts';
import { Announcer, until } from '../until.ts';

/** A session as it was called when something happened to it. */
export interface Subject {
  readonly id: string;
  readonly name: string;
  readonly tags: ReadonlySet<string>;
}

export type Facts = Omit<StreamEvent<'events.follow'>, 'type' | 'event_cursor' | 'occurred_at'>;

export interface Entry {
  readonly cursor: number;
  readonly type: EventType;
  readonly subject: Subject;
  /** A function where they cost something: called when a reader takes the event. Undefined: there was nothing to report. */
  facts: Facts | (() => Facts | undefined) | undefined;
  isGone: boolean;
}

export type IsWanted = (entry: Entry) => boolean;

/** Of these only a session's last is kept: it includes all that the ones before reported. */
const LAST_ONLY: ReadonlySet<EventType> = new Set(['output', 'changed']);
/** Entries that are gone are taken out together, so many at a time. */
const SWEEP_COUNT = 1024;

export interface EventLogState {
  beganAt: number;
  entries: { cursor: number; type: EventType; id: string; name: string; tags: string[]; facts: Facts }[];
  dropped: number[];
}

export class EventLog {
  #beganAt = nextMoment();
  /** In the order of their cursors; some are gone. */
  #entries: Entry[] = [];
  #goneCount = 0;
  /** Before this one all are gone. */
  #firstIndex = 0;
  /** Those of each session that are not gone, oldest first. */
  readonly #entriesOf = new Map<string, Set<Entry>>();
  /** By session and type, where only the last is kept. */
  readonly #last = new Map<string, Entry>();
  /** Cursors of those dropped last, for who comes back later. */
  #dropped: number[] = [];
  readonly #readers = new Set<EventReader>();
  #isClosed = false;

  /** What is found out when a reader takes an event is found out now. */
  get state(): EventLogState {
    const entries = this.#entries.flatMap((entry) => {
      const { cursor, type, subject, isGone } = entry;
      const facts = isGone ? undefined : factsOf(entry);
      if (facts === undefined) return [];
      return [{ cursor, type, id: subject.id, name: subject.name, tags: [...subject.tags], facts }];
    });
    return { beganAt: this.#beganAt, entries, dropped: this.#dropped };
  }

  /** Of a new one: cursors of the other are cursors of this one. */
  adopt({ beganAt, entries, dropped }: EventLogState): void {
    this.#beganAt = beganAt;
    this.#dropped = [...dropped];
    for (const { cursor, type, id, name, tags, facts } of entries)
      this.#put({ cursor, type, subject: { id, name, tags: new Set(tags) }, facts, isGone: false });
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  add(type: EventType, subject: Subject, facts: Entry['facts']): Entry {
    const entry: Entry = { cursor: nextMoment(), type, subject, facts, isGone: false };
    this.#put(entry);
    return entry;
  }

  #put(entry: Entry): void {
    const { type, subject } = entry;
    const { id } = subject;
    if (LAST_ONLY.has(type)) {
      const before = this.#last.get(`${type} ${id}`);
      if (before) this.#remove(before);
      this.#last.set(`${type} ${id}`, entry);
    }
    this.#entries.push(entry);
    const ofSession = this.#entriesOf.get(id) ?? new Set();
    if (ofSession.size === 0) this.#entriesOf.set(id, ofSession);
    ofSession.add(entry);
    if (ofSession.size > MAX_EVENTS_OF_SESSION) this.#drop(ofSession.values().next().value);
    if (this.#entries.length - this.#goneCount > MAX_EVENTS) this.#drop(this.#oldest());
    for (const reader of this.#readers) reader.wake();
  }

  /** There is an event of a session with this id, or with this name at the time. */
  tellsOf(session: string): boolean {
    return this.#entries.some(
      ({ isGone, subject }) => !isGone && (subject.id === session || subject.name === session),
    );
  }

  /** The first entry after a cursor that is still there. */
  nextAfter(cursor: number): Entry | undefined {
    let from = 0;
    for (let to = this.#entries.length; from < to; ) {
      const middle = (from + to) >> 1;
      if ((this.#entries[middle] as Entry).cursor > cursor) to = middle;
      else from = middle + 1;
    }
    while (this.#entries[from]?.isGone) from++;
    return this.#entries[from];
  }

  /**
   * Reads on from a cursor; without one from now on.
   * @throws RequestError INVALID_INPUT for a cursor that was never given out
   */
  read(after: number | undefined, isWanted: IsWanted): EventReader {
    const now = nextMoment();
    if (after !== undefined && after > now) {
      throw new RequestError('INVALID_INPUT', `The event_cursor ${after} is in the future`, {
        suggestion:
          "Give the event_cursor of an event or of an answer, or 0 for all retained events: 'pilotty events --after 0'.",
      });
    }
    const reader = new EventReader(this, after ?? now, isWanted, this.#missedSince(after));
    this.#readers.add(reader);
    return reader;
  }

  forget(reader: EventReader): void {
    this.#readers.delete(reader);
  }

  /** Ends all reading. */
  close(): void {
    this.#isClosed = true;
    for (const reader of this.#readers) reader.wake();
  }

  #missedSince(after: number | undefined): number | null {
    // A reader that begins, or asks for what there is, has missed nothing.
    if (after === undefined || after === 0) return 0;
    return after < this.#beganAt ? null : this.#dropped.filter((cursor) => cursor > after).length;
  }

  #oldest(): Entry | undefined {
    while (this.#entries[this.#firstIndex]?.isGone) this.#firstIndex += 1;
    return this.#entries[this.#firstIndex];
  }

  #drop(oldest: Entry | undefined): void {
    if (!oldest) return;
    for (const reader of this.#readers) reader.dropped(oldest);
    this.#dropped.push(oldest.cursor);
    if (this.#dropped.length > 2 * MAX_EVENTS) this.#dropped = this.#dropped.slice(MAX_EVENTS);
    this.#remove(oldest);
  }

  #remove(entry: Entry): void {
    if (entry.isGone) return;
    const { type, subject } = entry;
    entry.isGone = true;
    if (LAST_ONLY.has(type) && this.#last.get(`${type} ${subject.id}`) === entry)
      this.#last.delete(`${type} ${subject.id}`);
    // What would tell its facts keeps the session, with its screen and output.
    entry.facts = undefined;
    const ofSession = this.#entriesOf.get(subject.id);
    ofSession?.delete(entry);
    if (ofSession?.size === 0) this.#entriesOf.delete(subject.id);
    this.#goneCount += 1;
    if (this.#goneCount < SWEEP_COUNT) return;
    this.#entries = this.#entries.filter(({ isGone }) => !isGone);
    this.#goneCount = 0;
    this.#firstIndex = 0;
  }
}

/** One reader's place in the log. `close` in a finally. */
export class EventReader {
  readonly #log: EventLog;
  readonly #isWanted: IsWanted;
  #cursor: number;
  #missed: number | null;
  readonly #added = new Announcer();

  constructor(log: EventLog, cursor: number, isWanted: IsWanted, missed: number | null) {
    this.#log = log;
    this.#cursor = cursor;
    this.#isWanted = isWanted;
    this.#missed = missed;
  }

  /** Everything wanted up to here has been taken. */
  get cursor(): number {
    return this.#cursor;
  }

  /** The next event that is wanted, or how many are missing before it; undefined when there is none yet. */
  take(): StreamEvent<'events.follow'> | undefined {
    if (this.#missed !== 0) {
      const missed = {
        type: 'missed' as const,
        event_cursor: this.#cursor,
        occurred_at: timeOf(nextMoment()),
        count: this.#missed,
      };
      this.#missed = 0;
      return missed;
    }
    for (;;) {
      const entry = this.#log.nextAfter(this.#cursor);
      if (!entry) return undefined;
      this.#cursor = entry.cursor;
      const facts = this.#isWanted(entry) ? factsOf(entry) : undefined;
      if (facts) return described(entry, facts);
    }
  }

  /** Resolves when there may be more to take, or the reader is gone. */
  async more(signal: AbortSignal): Promise<void> {
    await until(this.#added, () => this.#log.isClosed || this.#log.nextAfter(this.#cursor) !== undefined, {
      signal,
    });
  }

  /** An entry was added, or the log was closed. */
  wake(): void {
    this.#added.announce();
  }

  /** An entry is about to go. */
  dropped(entry: Entry): void {
    if (entry.cursor > this.#cursor && this.#missed !== null && this.#isWanted(entry)) this.#missed += 1;
  }

  close(): void {
    this.#log.forget(this);
  }
}

/** The facts of an entry, found out now if not before. */
export function factsOf(entry: Entry): Facts | undefined {
  if (typeof entry.facts === 'function') entry.facts = entry.facts();
  return entry.facts;
}

function described({ type, cursor, subject }: Entry, facts: Facts): StreamEvent<'events.follow'> {
  return {
    type,
    event_cursor: cursor,
    occurred_at: timeOf(cursor),
    // Only rules have events that may be of no session.
    ...(subject.id !== '' && {
      session: subject.name,
      session_id: subject.id,
      tags: [...subject.tags],
    }),
    ...facts,
  };
}

function timeOf(moment: number): string {
  return new Date(moment / 1000).toISOString();
}
