/** `up --watch`: as the file, or one that it names, is changed, what is changed by that is started anew. */
import { once } from 'node:events';
import { existsSync, type FSWatcher, watch } from 'node:fs';
import { basename, dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Io } from '../io.ts';

/** An editor writes a file in several steps. */
const WRITTEN_MS = 100;

/** From one change to the next. */
export interface Round {
  /** Aborts at the next change: nothing is to be waited for then. */
  changed: AbortSignal;
  /** To be called for each file before it is read: what is changed later is noticed, also where there is none yet. */
  watch(file: string): void;
}

/**
 * Runs at once, and again after each change of one of the files, also of one that came while it ran; never twice at the
 * same time, and until the user has had enough.
 */
export async function onEachChange(io: Io, run: (round: Round) => Promise<void>): Promise<never> {
  const watched = new WatchedFiles();
  const stop = () => watched.notice();
  io.signal.addEventListener('abort', stop);
  try {
    for (;;) {
      const { changed, isChanged } = watched.nextChange();
      await run({ changed, watch: (file) => watched.add(file) });
      await isChanged;
      io.signal.throwIfAborted();
      await delay(WRITTEN_MS, undefined, { signal: io.signal });
    }
  } finally {
    io.signal.removeEventListener('abort', stop);
    watched.close();
  }
}

class WatchedFiles {
  /** By directory, because an editor puts a new file in the place of the old one. */
  readonly #watchers = new Map<string, { watcher: FSWatcher; names: Set<string> }>();
  #next = new AbortController();

  /** Of one that has come by now nothing is told. */
  nextChange(): { changed: AbortSignal; isChanged: Promise<unknown> } {
    this.#next = new AbortController();
    const { signal: changed } = this.#next;
    return { changed, isChanged: once(changed, 'abort') };
  }

  add(file: string): void {
    const directory = dirname(file);
    const known = this.#watchers.get(directory);
    if (known !== undefined) {
      known.names.add(basename(file));
      return;
    }
    // Who reads a file says that its directory does not exist.
    if (!existsSync(directory)) return;
    const names = new Set([basename(file)]);
    // Of other files there, which the sessions may write all the time, nothing is noticed.
    const watcher = watch(directory, (_, name) => {
      if (name === null || names.has(name)) this.notice();
    });
    this.#watchers.set(directory, { watcher, names });
  }

  notice(): void {
    this.#next.abort();
  }

  close(): void {
    for (const { watcher } of this.#watchers.values()) watcher.close();
  }
}
