/** What has happened since the page was opened, newest first, as events. */
import { type ReadonlySignal, signal } from '@preact/signals';
import type { SessionEvent, Sessions } from './sessions.ts';

/** More than anybody reads back; the daemon's log knows the rest. */
const MAX_ENTRIES = 300;

export interface HistoryEntry {
  key: number;
  at: number;
  event: SessionEvent;
}

/** Each keystroke would be a line, and each title a shell sets. */
const UNTOLD: ReadonlySet<SessionEvent['type']> = new Set(['input', 'title']);

export class History {
  readonly #entries = signal<readonly HistoryEntry[]>([]);
  #nextKey = 0;

  constructor(sessions: Sessions) {
    sessions.onEvent((event) => {
      if (UNTOLD.has(event.type)) return;
      const entry = { key: this.#nextKey++, at: Date.parse(event.occurred_at), event };
      this.#entries.value = [entry, ...this.#others(event)].slice(0, MAX_ENTRIES);
    });
  }

  get entries(): ReadonlySignal<readonly HistoryEntry[]> {
    return this.#entries;
  }

  /** Without the last word of a session that only says again what it said before. */
  #others({ type, session_id: id }: SessionEvent): readonly HistoryEntry[] {
    const entries = this.#entries.peek();
    const last = entries.find(({ event }) => event.session_id === id);
    return last?.event.type === type ? entries.filter((entry) => entry !== last) : entries;
  }
}
