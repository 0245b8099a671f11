/**
 * Looks at sessions that have become still: what is on the screen, who reads, whether a password is asked for.
 *
 * A program that draws every second or two becomes still as often, and is looked at ever more rarely while that
 * shows nothing.
 */

import { lastLines, type Question, questionOn } from '@pilotty/terminal/question';
import { type Signal, signal } from '@preact/signals';
import type { Link } from '../connection/link.ts';
import type { Activity } from './activity.ts';
import type { Announcements } from './announcements.ts';
import type { Sessions } from './sessions.ts';

export interface Inspection {
  /** When it was asked for: of activity after that it knows nothing. */
  at: number;
  asksPassword: boolean;
  isAtPrompt: boolean;
  question: Question | undefined;
  lines: readonly string[];
  revision: number;
  hasFailedProgress: boolean;
  /** Milliseconds since 1970; 0 where nothing depends on it. */
  lastInput: number;
}

const MAX_AT_ONCE = 4;
const FIRST_PAUSE_MS = 2_000;
const LAST_PAUSE_MS = 30_000;
const LINES = 2;

interface Place {
  found: Signal<Inspection | undefined>;
  isWanted: boolean;
  isBusy: boolean;
  lookedAt: number;
  pauseMs: number;
}

export class Inspections {
  readonly #link: Link;
  readonly #announcements: Announcements;
  readonly #places = new Map<string, Place>();
  #next: ReturnType<typeof setTimeout> | undefined;

  constructor(link: Link, sessions: Sessions, activity: Activity, announcements: Announcements) {
    this.#link = link;
    this.#announcements = announcements;
    activity.onStill((id) => this.#want(id));
    sessions.onList(() => {
      for (const id of this.#places.keys()) if (sessions.find(id) === undefined) this.#places.delete(id);
    });
    sessions.onEvent(({ type, session_id: id }) => {
      // Whoever types into it expects something of it.
      if (type === 'input' && id !== undefined) this.#place(id).pauseMs = FIRST_PAUSE_MS;
    });
  }

  of(id: string): Signal<Inspection | undefined> {
    return this.#place(id).found;
  }

  #place(id: string): Place {
    let found = this.#places.get(id);
    if (found === undefined) {
      found = {
        found: signal(undefined),
        isWanted: false,
        isBusy: false,
        lookedAt: 0,
        pauseMs: FIRST_PAUSE_MS,
      };
      this.#places.set(id, found);
    }
    return found;
  }

  #want(id: string): void {
    this.#place(id).isWanted = true;
    this.#lookSoon(0);
  }

  #lookSoon(ms: number): void {
    clearTimeout(this.#next);
    this.#next = setTimeout(() => this.#look(), ms);
  }

  #look(): void {
    const now = Date.now();
    let soonest = Number.POSITIVE_INFINITY;
    let busy = [...this.#places.values()].filter(({ isBusy }) => isBusy).length;
    for (const [id, place] of this.#places) {
      if (!place.isWanted || place.isBusy) continue;
      const dueMs = place.lookedAt === 0 ? 0 : place.lookedAt + place.pauseMs - now;
      if (dueMs > 0) soonest = Math.min(soonest, dueMs);
      else if (busy < MAX_AT_ONCE) {
        busy += 1;
        void this.#lookAt(id, place);
      }
    }
    if (Number.isFinite(soonest)) this.#lookSoon(soonest);
  }

  async #lookAt(id: string, place: Place): Promise<void> {
    const at = Date.now();
    const isRepeated = at - place.lookedAt < 2 * place.pauseMs + FIRST_PAUSE_MS;
    place.isWanted = false;
    place.isBusy = true;
    place.lookedAt = at;
    try {
      const found = await this.#inspect(id, at);
      const isIdle = found.question === undefined && !found.asksPassword;
      place.pauseMs = isIdle && isRepeated ? Math.min(2 * place.pauseMs, LAST_PAUSE_MS) : FIRST_PAUSE_MS;
      place.found.value = found;
    } catch {
      // It was evicted, which the list shows, or the connection is lost: the next list makes it still again.
    } finally {
      place.isBusy = false;
      this.#lookSoon(0);
    }
  }

  async #inspect(id: string, at: number): Promise<Inspection> {
    const [status, screen] = await Promise.all([
      this.#link.request('session.status', { session: id }),
      this.#link.request('session.snapshot', { session: id, format: 'full', elements: true }),
    ]);
    const { terminal, foreground, shell, progress } = status;
    const rows = (screen.text ?? '').split('\n');
    const { cursor, elements = [], alternate_screen: isAlternate = false, revision } = screen;
    const isRunning = status.state === 'running';
    const { bell, notification } = this.#announcements.of(id).peek();
    const hasCalled = bell !== undefined || notification !== undefined;
    const asksPassword = isRunning && terminal?.password_prompt === true;
    const reader = { isByLine: terminal?.canonical ?? true, isReading: foreground?.reading ?? null };
    return {
      at,
      asksPassword,
      isAtPrompt: shell.at_prompt === true,
      question: isRunning ? questionOn({ rows, cursor, elements, isAlternate }, reader) : undefined,
      lines: lastLines({ rows }, LINES),
      revision,
      hasFailedProgress: isRunning && progress?.state === 'error',
      lastInput: isRunning && hasCalled ? await this.#lastInput(id) : 0,
    };
  }

  /** The wait that cannot be met answers at once, with when there was input last. */
  async #lastInput(id: string): Promise<number> {
    const { last_input_ms: agoMs } = await this.#link.request('session.wait', {
      session: id,
      exit: true,
      timeout_ms: 0,
    });
    return agoMs === undefined ? 0 : Date.now() - agoMs;
  }
}
