/**
 * All who wait on one session, and when each of them is asked whether that for which it waits is so.
 *
 * Each is asked after every event, in the order in which they came; after output was drawn only those that it can have affected.
 * Most output of a flood affects none, which is known of all at once (OutputPipeline.calm): what it costs does not
 * grow with their number. To look at the screen of a flood means to draw what would never be drawn; so those that depend
 * on nothing but how it looks are asked together, and so seldom that it takes a small part of the time.
 */
import { lookAfter } from '../after-reading.ts';
import type { Session } from '../session/session.ts';
import type { SessionEvent } from '../session/session-event.ts';

/**
 * Whether what was drawn can have changed an answer: 'missing' where it has not, and what is waited for was not found;
 * 'screen' where it depends on how the screen looks now, and that can wait.
 */
export type Affected = 'yes' | 'no' | 'missing' | 'screen';

export interface Asker {
  ask(): void;
  /** After output was drawn. Until it is asked again, calm output leaves what it answers as it is. */
  affected(): Affected;
}

/** While there is a flood. */
const LOOK_EVERY_MS = 50;
/** Looks take at most one part in so many of the time. */
const PART_OF_TIME = 30;

export class Askers {
  readonly #session: Session;
  /** Those that calm output does not affect. */
  readonly #resting = new Set<Asker>();
  /** Of those, the ones that depend on how the screen looks. */
  readonly #late = new Set<Asker>();
  #timer: NodeJS.Timeout | undefined;
  #nextLookAt = 0;

  constructor(session: Session) {
    this.#session = session;
  }

  /** Asks it until the function that this returns is called. */
  add(asker: Asker): () => void {
    const unwatch = this.#session.watch((event) => this.#happened(asker, event));
    return () => {
      unwatch();
      this.#resting.delete(asker);
      this.#late.delete(asker);
      if (this.#late.size > 0) return;
      clearTimeout(this.#timer);
      this.#timer = undefined;
    };
  }

  #happened(asker: Asker, event: SessionEvent): void {
    if (event === 'output') return;
    const { calm, parsedBytes, isExited } = this.#session;
    const isDrawing = event === 'drawn' && !isExited;
    const isResting = this.#resting.has(asker);
    if (isDrawing && isResting && calm.to === parsedBytes) return;
    this.#resting.delete(asker);
    this.#late.delete(asker);
    if (!isDrawing || this.#isAffected(asker)) asker.ask();
    else if (this.#late.has(asker)) this.#lookLater();
  }

  #isAffected(asker: Asker): boolean {
    const affected = asker.affected();
    if (affected === 'yes') return true;
    this.#resting.add(asker);
    if (affected === 'screen') this.#late.add(asker);
    return false;
  }

  #lookLater(): void {
    const leftMs = Math.max(0, Math.ceil(this.#nextLookAt - performance.now()));
    this.#timer ??= lookAfter(leftMs, () => this.#look());
  }

  #look(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const began = performance.now();
    this.#askLate();
    const ended = performance.now();
    this.#nextLookAt = ended + Math.max(LOOK_EVERY_MS, PART_OF_TIME * (ended - began));
  }

  /** What one throws is thrown once the others have been asked. */
  #askLate(): void {
    const errors: unknown[] = [];
    for (const asker of [...this.#late]) {
      if (!this.#late.delete(asker)) continue;
      this.#resting.delete(asker);
      try {
        asker.ask();
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw errors[0];
  }
}

const askersBySession = new WeakMap<Session, Askers>();

export function askersOf(session: Session): Askers {
  const known = askersBySession.get(session);
  if (known !== undefined) return known;
  const askers = new Askers(session);
  askersBySession.set(session, askers);
  return askers;
}

/** Of what depends on how the screen looks, and on nothing else that drawing changes. */
export function affectedByScreen(session: Session): () => Affected {
  return () => (session.screen.hasUndrawnLines ? 'screen' : 'yes');
}
