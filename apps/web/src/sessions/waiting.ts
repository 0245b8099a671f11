/**
 * The queue of sessions that have become idle and wait for someone, longest first.
 *
 * Like unread mail: a session waits when it has been active since it was last looked at on this page, and
 * is idle now. What was looked at is retained in the browser, by id, because a page is reloaded.
 */
import { computed, type ReadonlySignal, signal } from '@preact/signals';
import { now } from '../look/clock.ts';
import type { Session, Sessions } from './sessions.ts';

/** Programs pause while they work; a person who is asked something waits longer than this. */
const IDLE_MS = 3_000;
const STORED = 'pilotty.seen';

export class Waiting {
  readonly queue: ReadonlySignal<readonly Session[]>;
  readonly #sessions: Sessions;
  readonly #seen = signal<Readonly<Record<string, number>>>(read());

  constructor(sessions: Sessions) {
    this.#sessions = sessions;
    let last: readonly Session[] = [];
    this.queue = computed(() => {
      const found = this.#find();
      // The same queue stays the same object, or everything that shows it would be drawn each second.
      const isSame = found.length === last.length && found.every((session, index) => session === last[index]);
      if (!isSame) last = found;
      return last;
    });
  }

  isWaiting(session: Session): boolean {
    return this.queue.value.includes(session);
  }

  /** They wait no longer, until they have been active again. */
  saw(...ids: string[]): void {
    const seen = { ...this.#seen.peek() };
    for (const id of ids) seen[id] = Date.now();
    const known = new Set(this.#sessions.all.peek()?.map(({ id }) => id));
    const kept = Object.entries(seen).filter(([id]) => known.has(id));
    this.#seen.value = Object.fromEntries(kept);
    localStorage.setItem(STORED, JSON.stringify(this.#seen.peek()));
  }

  #find(): Session[] {
    const running = this.#sessions.all.value?.filter(({ state }) => state === 'running') ?? [];
    const lastActive = ({ id }: Session) => this.#sessions.lastActive(id).value;
    return running
      .filter((session) => now.value - lastActive(session) >= IDLE_MS)
      .filter((session) => lastActive(session) > (this.#seen.value[session.id] ?? 0))
      .sort((one, other) => lastActive(one) - lastActive(other));
  }
}

function read(): Record<string, number> {
  try {
    return JSON.parse(localStorage.getItem(STORED) ?? '{}') as Record<string, number>;
  } catch {
    return {};
  }
}
