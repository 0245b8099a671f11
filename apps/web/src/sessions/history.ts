/** What has happened, newest first: also before the page was opened, as far as the daemon retains its events. */
import { type ReadonlySignal, signal } from '@preact/signals';
import { cursorOf, type SessionEvent } from './session.ts';
import type { Sessions } from './sessions.ts';

/** More than anybody reads back; the daemon's log knows the rest. */
const MAX_ENTRIES = 300;

export interface HistoryEntry {
  key: number;
  at: number;
  event: SessionEvent;
}

/** Each keystroke would be a line, each title a shell sets, and each pause of a program. */
const UNTOLD: ReadonlySet<SessionEvent['type']> = new Set([
  ...(['input', 'title', 'idle', 'progress', 'command_started', 'host_unreachable', 'host_back'] as const),
]);

export class History {
  readonly #entries = signal<readonly HistoryEntry[]>([]);

  constructor(sessions: Sessions) {
    sessions.onEvent((event) => {
      if (UNTOLD.has(event.type)) return;
      const entries = this.#entries.peek();
      const key = cursorOf(event);
      if (entries.some((entry) => entry.key === key)) return;
      const entry = { key, at: Date.parse(event.occurred_at), event };
      const isNewest = (entries[0]?.key ?? 0) < key;
      const all = isNewest
        ? [entry, ...entries]
        : [...entries, entry].sort((one, other) => other.key - one.key);
      this.#entries.value = all.slice(0, MAX_ENTRIES);
    });
  }

  get entries(): ReadonlySignal<readonly HistoryEntry[]> {
    return this.#entries;
  }
}
