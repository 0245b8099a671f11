/**
 * Looks at the state of a session when something has happened to it, so that a change is an event also where nobody asks.
 *
 * A look takes a millisecond or so, and there are many sessions: one that is at work is looked at once it pauses, one
 * that never does now and then, and both ever more rarely while that shows nothing new. Who waits for a state looks oftener.
 */
import { lookAfter } from '../after-reading.ts';
import type { Session } from '../session/session.ts';
import type { SessionEvent } from '../session/session-event.ts';
import { workStateOf } from '../waiting/work-state.ts';

const PAUSE_MS = 1_000;
/** What draws all the time may ask a question beside that. */
const REPAINT_LOOK_MS = 4_000;
const MAX_REST_MS = 30_000;

export class StateTracker {
  readonly #session: Session;
  #timer: NodeJS.Timeout | undefined;
  #isFrozen = false;
  /** Something happened since the last look. */
  #isStale = false;
  /** When time alone may change it; by performance.now(). */
  #dueAt: number | undefined;
  #lookedAt = performance.now();
  /** No look sooner than this after the last one. */
  #restMs = 0;

  constructor(session: Session) {
    this.#session = session;
  }

  /** The session is there now: one that prints nothing is looked at too. */
  begin(): void {
    this.#isStale = true;
    this.#arm();
  }

  /** Something happened to the session. */
  happened(event: SessionEvent): void {
    if (typeof event === 'object' && event.type === 'work_state') return;
    this.#isStale = true;
    if (event !== 'output' && event !== 'drawn') {
      // Whoever acts on it, or is called by it, expects something of it.
      if (this.#restMs > 0) this.#disarm();
      this.#restMs = 0;
    }
    this.#arm();
  }

  /** It has ended: that is said before anything else. */
  end(): void {
    this.#disarm();
    workStateOf(this.#session).judge();
  }

  /** Looks at nothing until thaw(). */
  freeze(): void {
    this.#isFrozen = true;
    this.#disarm();
  }

  thaw(): void {
    this.#isFrozen = false;
    this.begin();
  }

  #arm(): void {
    if (this.#timer !== undefined || this.#isFrozen || this.#session.isExited) return;
    const dueInMs = this.#dueAt === undefined ? Number.POSITIVE_INFINITY : this.#dueAt - performance.now();
    const ms = this.#isStale ? Math.min(PAUSE_MS, dueInMs) : dueInMs;
    if (Number.isFinite(ms)) this.#timer = lookAfter(Math.max(PAUSE_MS / 10, ms), this.#tick);
  }

  #disarm(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  readonly #tick = () => {
    if (this.#timer === undefined) return;
    this.#timer = undefined;
    const now = performance.now();
    const sinceLookMs = now - this.#lookedAt;
    const isPaused = this.#session.times.outputIdleMs >= PAUSE_MS;
    const isWorthIt = this.#isStale
      ? isPaused || sinceLookMs >= REPAINT_LOOK_MS
      : now >= (this.#dueAt ?? Number.POSITIVE_INFINITY);
    if (isWorthIt && sinceLookMs >= this.#restMs) void this.#look();
    else this.#arm();
  };

  async #look(): Promise<void> {
    const work = workStateOf(this.#session);
    this.#isStale = false;
    this.#dueAt = undefined;
    this.#lookedAt = performance.now();
    const before = work.known?.name;
    await work.now();
    if (this.#isFrozen || this.#session.isExited) return;
    const { askAgainInMs, dependsOnKernel } = work.judge();
    const isNew = work.known?.name !== before;
    this.#restMs = isNew ? 0 : Math.min(MAX_REST_MS, Math.max(PAUSE_MS, 2 * this.#restMs));
    const dueInMs = askAgainInMs ?? (dependsOnKernel ? PAUSE_MS : undefined);
    if (dueInMs !== undefined) this.#dueAt = performance.now() + Math.max(dueInMs, this.#restMs);
    this.#arm();
  }
}
