/**
 * The one way to wait for what is announced: it is looked at once, and again after each announcement, until it is so
 * or the limits are reached. No listener and no timer is left behind.
 */
import { lookAfter } from './after-reading.ts';

/** A session, an execution: anything that calls its listeners when something about it has changed. */
export interface Announcing {
  /** Calls `listener` after each change, until the function it returns is called. */
  watch(listener: () => void): () => void;
}

export interface Limits {
  /** Read only when there is something to wait for: a deadline makes its signal then. */
  readonly signal?: AbortSignal;
  readonly withinMs?: number;
}

/** @returns whether it was so before the limits were reached */
export async function until(
  announcing: Announcing,
  isSo: () => boolean,
  limits: Limits = {},
): Promise<boolean> {
  return isSo() || (await announced(announcing, isSo, limits));
}

/** Waits for the next announcement, whatever it is about. */
export async function nextChange(announcing: Announcing, limits: Limits): Promise<void> {
  await announced(announcing, () => true, limits);
}

const SILENT: Announcing = { watch: () => () => {} };

/** Ends early when the signal aborts. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await announced(SILENT, () => false, { signal, withinMs: ms });
}

function announced(
  announcing: Announcing,
  isEnough: () => boolean,
  { signal, withinMs }: Limits,
): Promise<boolean> {
  if (signal?.aborted) return Promise.resolve(false);
  return new Promise((resolve) => {
    const settle = (isSo: boolean) => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', giveUp);
      unwatch();
      resolve(isSo);
    };
    const giveUp = () => settle(false);
    const timer = withinMs === undefined ? undefined : lookAfter(withinMs, giveUp);
    signal?.addEventListener('abort', giveUp);
    const unwatch = announcing.watch(() => {
      if (isEnough()) settle(true);
    });
  });
}

/** Announces to the one that waits at the moment. */
export class Announcer implements Announcing {
  #listener: (() => void) | undefined;

  announce(): void {
    this.#listener?.();
  }

  watch(listener: () => void): () => void {
    this.#listener = listener;
    return () => {
      if (this.#listener === listener) this.#listener = undefined;
    };
  }
}

/** Announces to all that watch. */
export class AnnouncerToAll implements Announcing {
  readonly #listeners = new Set<() => void>();

  announce(): void {
    for (const listener of [...this.#listeners]) listener();
  }

  watch(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }
}
