/**
 * Who is at each session: who is attached to it, and who may type: everyone, the client that took the keyboard, or the
 * person it was handed to.
 *
 * An event says only that something has changed: what is true then, the daemon is asked for. What this page has taken ends
 * with its connection, and so does the label that others see it by.
 */
import { type Signal, signal } from '@preact/signals';
import type { Link } from '../connection/link.ts';
import type { Notices } from '../notices/notices.ts';
import type { SessionEvent } from './session.ts';
import type { Sessions } from './sessions.ts';

export interface Keyboard {
  /** Who alone may type; null: nobody has taken up the hand-over. */
  holder: string | null;
  handOver: { message: string; by: string } | null;
  /** Milliseconds since 1970, by the clock of this browser. */
  since: number;
}

export interface Attached {
  client: string;
  isReadOnly: boolean;
}

const CHANGES: ReadonlySet<SessionEvent['type']> = new Set([
  ...(['attached', 'detached'] as const),
  ...(['keyboard_taken', 'keyboard_released', 'hand_over', 'missed'] as const),
]);
/** Two readings of one moment differ by the time that an answer takes. */
const SAME_MOMENT_MS = 2_000;
/** All events of the time before the page was opened come at once, and one answer is about all of a session. */
const LOOK_PAUSE_MS = 20;

export class Keyboards {
  readonly #link: Link;
  readonly #notices: Notices;
  readonly #known = new Map<string, Signal<Keyboard | undefined>>();
  readonly #attached = signal<ReadonlyMap<string, readonly Attached[]>>(new Map());
  readonly #due = new Set<string>();
  /** The newest question about each: older answers are of no use. */
  readonly #asked = new Map<string, number>();
  /** What the gateway calls this page; unknown until it has opened a session or taken a keyboard. */
  readonly #label = signal<string | undefined>(undefined);

  constructor(link: Link, sessions: Sessions, notices: Notices) {
    this.#link = link;
    this.#notices = notices;
    link.whileOnline(() => {
      this.#label.value = undefined;
      this.#attached.value = new Map();
      for (const id of this.#known.keys()) this.look(id);
    });
    sessions.onEvent(({ type, session_id: id }) => {
      if (!CHANGES.has(type)) return;
      for (const changed of id === undefined ? this.#known.keys() : [id]) this.#lookSoon(changed);
    });
    sessions.onList(() => {
      for (const id of this.#known.keys()) if (sessions.find(id) === undefined) this.#known.delete(id);
    });
  }

  /** undefined: everyone may type. */
  of(id: string): Signal<Keyboard | undefined> {
    let found = this.#known.get(id);
    if (found === undefined) {
      found = signal(undefined);
      this.#known.set(id, found);
    }
    return found;
  }

  /** Others: with `pilotty attach`, or a page that has it open. */
  attached(id: string): readonly Attached[] {
    return (this.#attached.value.get(id) ?? []).filter(({ client }) => client !== this.#label.value);
  }

  /** The daemon has said what others see this page as. */
  isCalled(label: string): void {
    this.#label.value = label;
  }

  isMine(id: string): boolean {
    const holder = this.of(id).value?.holder;
    return holder !== undefined && holder !== null && holder === this.#label.value;
  }

  look(id: string): void {
    const number = (this.#asked.get(id) ?? 0) + 1;
    this.#asked.set(id, number);
    this.#link.request('session.status', { session: id }).then(
      ({ state, keyboard, attached }) => {
        if (this.#asked.get(id) !== number) return;
        this.#setAttached(
          id,
          attached.map(({ client, read_only: isReadOnly }) => ({ client, isReadOnly })),
        );
        const found = this.of(id);
        found.value =
          keyboard === null || state === 'exited'
            ? undefined
            : {
                holder: keyboard.holder,
                handOver: keyboard.hand_over,
                since: sameMoment(found.peek()?.since, Date.now() - keyboard.held_ms),
              };
      },
      // It was evicted, which the list shows, or the connection is lost: all are asked for on the next one.
      () => {},
    );
  }

  #lookSoon(id: string): void {
    if (this.#due.size === 0) setTimeout(() => this.#lookAtAll(), LOOK_PAUSE_MS);
    this.#due.add(id);
  }

  #lookAtAll(): void {
    for (const id of this.#due) this.look(id);
    this.#due.clear();
  }

  #setAttached(id: string, attached: readonly Attached[]): void {
    const all = new Map(this.#attached.peek());
    if (attached.length > 0) all.set(id, attached);
    else if (!all.delete(id)) return;
    this.#attached.value = all;
  }

  /** From another client too, who sees that. @returns whether this page has it */
  async take(id: string): Promise<boolean> {
    const isHeld = (this.of(id).peek()?.holder ?? null) !== null;
    try {
      const { holder } = await this.#link.request('session.take', { session: id, steal: isHeld });
      this.isCalled(holder);
      this.look(id);
      return true;
    } catch (error) {
      this.#notices.tellError(error);
      return false;
    }
  }

  async release(id: string): Promise<void> {
    try {
      await this.#link.request('session.release', { session: id });
      this.look(id);
    } catch (error) {
      this.#notices.tellError(error);
    }
  }
}

function sameMoment(before: number | undefined, now: number): number {
  return before !== undefined && Math.abs(now - before) < SAME_MOMENT_MS ? before : now;
}
