/**
 * Which sessions are at work and which are still, of all sessions, in sight or not.
 *
 * The daemon reports once that a session has become still. Whether it still is, only its output says: that is followed of
 * the still ones, which have none, and no more of one that has begun to print, until it is reported still again.
 */
import { type Signal, signal } from '@preact/signals';
import type { Link } from '../connection/link.ts';
import { cursorOf, hostOf, type SessionEvent, type SessionList } from './session.ts';
import type { Sessions } from './sessions.ts';

/** As the daemon's `idle` event has it. */
const STILL_MS = 1_000;
/** Sessions that become still together are followed by one request. */
const SETTLE_MS = 1_000;
/** The most that one request takes. */
const MAX_FOLLOWED = 1_000;

/** What comes of output or input, or is the end of them. Who comes and goes, or takes the keyboard, has typed nothing. */
const ACTIVE: ReadonlySet<SessionEvent['type']> = new Set([
  ...(['spawned', 'restarted', 'output', 'input', 'idle', 'title', 'bell', 'notification'] as const),
  ...(['progress', 'command_started', 'command_finished', 'exited'] as const),
]);

interface State {
  isStill: Signal<boolean>;
  /** Milliseconds since 1970. */
  lastActive: Signal<number>;
  lastInput: number;
  /** Of the newest that is known; what has a smaller one is older. */
  cursor: number;
}

export class Activity {
  readonly #link: Link;
  readonly #sessions: Sessions;
  readonly #states = new Map<string, State>();
  readonly #stillListeners = new Set<(id: string) => void>();
  /** Those whose output is followed. */
  readonly #followed = signal<readonly string[]>([]);
  #settling: ReturnType<typeof setTimeout> | undefined;

  constructor(link: Link, sessions: Sessions) {
    this.#link = link;
    this.#sessions = sessions;
    sessions.onEvent((event, isPast) => {
      if (!isPast) this.#happened(event);
    });
    sessions.onList((list) => this.#listed(list));
    link.whileOnline((lost) => this.#follow(lost));
  }

  /** No output and no input for a second or longer. */
  isStill(id: string): boolean {
    return this.#state(id).isStill.value;
  }

  /** When there was output or input last; milliseconds since 1970. */
  lastActive(id: string): Signal<number> {
    return this.#state(id).lastActive;
  }

  /** When there was input last, as far as the page knows; 0: it does not. */
  lastInput(id: string): number {
    return this.#state(id).lastInput;
  }

  /** Output was seen by another way than the events. */
  printed(id: string): void {
    this.#active(this.#state(id), Date.now());
  }

  onStill(listener: (id: string) => void): void {
    this.#stillListeners.add(listener);
  }

  #state(id: string): State {
    let found = this.#states.get(id);
    if (found === undefined) {
      found = { isStill: signal(false), lastActive: signal(Date.now()), lastInput: 0, cursor: 0 };
      this.#states.set(id, found);
    }
    return found;
  }

  #happened(event: SessionEvent): void {
    const { type, session_id: id, idle_ms: idleMs = 0 } = event;
    const cursor = cursorOf(event);
    if (id === undefined || !ACTIVE.has(type)) return;
    const state = this.#state(id);
    const at = this.#sessions.timeOf(event);
    if (type === 'input') state.lastInput = Math.max(state.lastInput, at);
    if (cursor <= state.cursor) return;
    state.cursor = cursor;
    if (type === 'idle' || type === 'exited') this.#still(id, state, at - idleMs);
    else this.#active(state, at);
  }

  #listed({ sessions, event_cursor: ofAll, hosts }: SessionList): void {
    const now = Date.now();
    const ofHosts = new Map(hosts?.map(({ host, event_cursor }) => [host, event_cursor]));
    for (const { id, idle_ms: idleMs, state: life, ended_at } of sessions) {
      const state = this.#state(id);
      const cursor = ofHosts.get(hostOf(id)) ?? ofAll;
      if (cursor < state.cursor) continue;
      state.cursor = cursor;
      const at = ended_at === undefined ? now - idleMs : this.#sessions.timeOfDate(ended_at, id);
      if (life === 'exited' || idleMs >= STILL_MS) this.#still(id, state, at);
      else this.#active(state, at);
    }
    const known = new Set(sessions.map(({ id }) => id));
    for (const id of this.#states.keys()) {
      if (!known.has(id) && this.#sessions.find(id) === undefined) this.#states.delete(id);
    }
    this.#settle();
  }

  #active(state: State, at: number): void {
    state.isStill.value = false;
    state.lastActive.value = at;
    this.#settle();
  }

  #still(id: string, state: State, since: number): void {
    const wasStill = state.isStill.peek();
    // A list only says again, to the millisecond or so, what is known already.
    if (!wasStill || Math.abs(since - state.lastActive.peek()) > STILL_MS) state.lastActive.value = since;
    state.isStill.value = true;
    this.#settle();
    if (!wasStill) for (const listener of this.#stillListeners) listener(id);
  }

  #settle(): void {
    this.#settling ??= setTimeout(() => {
      this.#settling = undefined;
      const running = this.#sessions.all.peek()?.filter(({ state }) => state === 'running') ?? [];
      const still = running.map(({ id }) => id).filter((id) => this.#states.get(id)?.isStill.peek());
      const next = still.slice(0, MAX_FOLLOWED).sort();
      if (next.join() !== this.#followed.peek().join()) this.#followed.value = next;
    }, SETTLE_MS);
  }

  /** Runs again when other sessions are still, because it reads them as a signal. */
  async #follow(lost: AbortSignal): Promise<void> {
    const ids = this.#followed.value;
    if (ids.length === 0) return;
    // The last output of each is retained, so nothing happens between being still and being followed. Of a fleet, a number
    // is taken as the cursor of each host: what is said again is older than what is known.
    const after = Math.min(...ids.map((id) => this.#state(id).cursor));
    await this.#link.request(
      'events.follow',
      { sessions: [...ids], types: ['output'], after },
      {
        signal: lost,
        onEvent: (event) => {
          if (event.type === 'missed') this.#sessions.refresh().catch(() => {});
          else this.#happened(event);
        },
      },
    );
  }
}
