/** `up --watch`: as the file, or one that it names, is changed, what is changed by that is started anew. */
import { type FSWatcher, watch } from 'node:fs';
import { basename, dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Io } from '../io.ts';

/** An editor writes a file in several steps. */
const WRITTEN_MS = 100;

/**
 * Runs at once, and again after each change of one of the files, also of one that came while it ran; never twice at the
 * same time, and until the user has had enough.
 * @param run answers the files from then on
 */
export async function onEachChange(
  files: readonly string[],
  io: Io,
  run: () => Promise<readonly string[]>,
): Promise<never> {
  const watched = new WatchedFiles();
  const stop = () => watched.notice();
  io.signal.addEventListener('abort', stop);
  try {
    watched.add(files);
    for (;;) {
      const seen = watched.changes;
      watched.add(await run());
      await watched.changedSince(seen);
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
  #changes = 0;
  #wake: () => void = () => {};

  /** How many there were. */
  get changes(): number {
    return this.#changes;
  }

  add(files: readonly string[]): void {
    for (const file of files) {
      const directory = dirname(file);
      const known = this.#watchers.get(directory);
      if (known?.names.has(basename(file))) continue;
      // It may have been changed since it was read.
      this.notice();
      if (known !== undefined) {
        known.names.add(basename(file));
        continue;
      }
      const names = new Set([basename(file)]);
      // Of other files there, which the sessions may write all the time, nothing is noticed.
      const watcher = watch(directory, (_, name) => {
        if (name === null || names.has(name)) this.notice();
      });
      this.#watchers.set(directory, { watcher, names });
    }
  }

  notice(): void {
    this.#changes += 1;
    this.#wake();
  }

  async changedSince(seen: number): Promise<void> {
    if (this.#changes !== seen) return;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
  }

  close(): void {
    for (const { watcher } of this.#watchers.values()) watcher.close();
  }
}
