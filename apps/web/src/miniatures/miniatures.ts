/**
 * Keeps visible miniatures current and requests nothing for the others: the daemon reports which visible sessions
 * have changed, and their screens are fetched, a few at a time, each at a limited rate.
 */
import { type Signal, signal } from '@preact/signals';
import type { Link } from '../connection/link.ts';
import type { Activity } from '../sessions/activity.ts';
import type { Sessions } from '../sessions/sessions.ts';
import type { Look } from './draw-screen.ts';

/** Fast enough to see a program work; a look is some kilobytes. */
const LOOK_INTERVAL_MS = 400;
/** Many busy sessions share this, so that a page of them costs no more than a few. */
const LOOKS_PER_SECOND = 20;
const MAX_LOOKS_AT_ONCE = 3;
/** Scrolling past is not looking. */
const SETTLE_MS = 120;

interface Miniature {
  look: Signal<Look | undefined>;
  isStale: boolean;
  isLooking: boolean;
  /** No look before; milliseconds of `performance.now()`. */
  notBefore: number;
}

export class Miniatures {
  readonly #link: Link;
  readonly #sessions: Sessions;
  readonly #activity: Activity;
  readonly #known = new Map<string, Miniature>();
  readonly #inSight = new Set<string>();
  /** The sessions in sight, once that has settled. */
  readonly #followed = signal<readonly string[]>([]);
  #settling: ReturnType<typeof setTimeout> | undefined;
  #next: ReturnType<typeof setTimeout> | undefined;

  constructor(link: Link, sessions: Sessions, activity: Activity) {
    this.#link = link;
    this.#sessions = sessions;
    this.#activity = activity;
    link.whileOnline((lost) => this.#follow(lost));
    addEventListener('visibilitychange', () => this.#settle());
  }

  /** What a session looked like last; undefined before it was first looked at. */
  look(id: string): Signal<Look | undefined> {
    return this.#miniature(id).look;
  }

  setInSight(id: string, isInSight: boolean): void {
    if (isInSight) this.#inSight.add(id);
    else this.#inSight.delete(id);
    this.#settle();
  }

  #miniature(id: string): Miniature {
    let found = this.#known.get(id);
    if (found === undefined) {
      found = { look: signal(undefined), isStale: true, isLooking: false, notBefore: 0 };
      this.#known.set(id, found);
    }
    return found;
  }

  #settle(): void {
    clearTimeout(this.#settling);
    this.#settling = setTimeout(() => {
      const isShown = document.visibilityState === 'visible';
      this.#followed.value = isShown ? [...this.#inSight].sort() : [];
    }, SETTLE_MS);
  }

  /** Runs again when other sessions come into sight, because it reads them as a signal. */
  async #follow(lost: AbortSignal): Promise<void> {
    const ids = this.#followed.value;
    this.#forget();
    if (ids.length === 0) return;
    // Changes that happened before it was followed were not reported.
    for (const id of ids) this.#miniature(id).isStale = true;
    this.#lookSoon();
    await this.#link.request(
      'events.follow',
      { sessions: [...ids], types: ['changed'] },
      {
        signal: lost,
        onEvent: ({ session_id: id }) => {
          for (const each of id === undefined ? ids : [id]) this.#changed(each);
        },
      },
    );
  }

  /** What is neither in sight nor a session any more. */
  #forget(): void {
    const sessions = new Set(this.#sessions.all.peek()?.map(({ id }) => id));
    for (const id of this.#known.keys()) {
      if (!sessions.has(id) && !this.#inSight.has(id)) this.#known.delete(id);
    }
  }

  #changed(id: string): void {
    this.#activity.lastActive(id).value = Date.now();
    this.#miniature(id).isStale = true;
    this.#lookSoon();
  }

  #lookSoon(): void {
    if (this.#next !== undefined) return;
    this.#next = setTimeout(() => {
      this.#next = undefined;
      this.#lookAtStale();
    }, 1000 / LOOKS_PER_SECOND);
  }

  /** One look a turn, at the one that has waited longest. */
  #lookAtStale(): void {
    const now = performance.now();
    const inSight = this.#followed.peek().map((id) => [id, this.#miniature(id)] as const);
    const looking = inSight.filter(([, { isLooking }]) => isLooking).length;
    const stale = inSight
      .filter(([, { isStale, isLooking }]) => isStale && !isLooking)
      .sort(([, one], [, other]) => one.notBefore - other.notBefore);
    const [first] = stale;
    if (first === undefined) return;
    const [id, miniature] = first;
    if (looking < MAX_LOOKS_AT_ONCE && miniature.notBefore <= now) void this.#lookAt(id, miniature);
    this.#lookSoon();
  }

  async #lookAt(id: string, miniature: Miniature): Promise<void> {
    miniature.isStale = false;
    miniature.isLooking = true;
    try {
      miniature.look.value = await this.#link.request('session.snapshot', {
        session: id,
        format: 'compact',
        styles: true,
      });
    } catch {
      // The session was evicted, which the list shows, or the connection is lost, which the link shows.
    } finally {
      miniature.isLooking = false;
      miniature.notBefore = performance.now() + LOOK_INTERVAL_MS;
    }
  }
}
