/** `up --watch`: as the file, or one that it names, is changed, what is changed by that is started anew. */
import { watch } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Io } from '../io.ts';

/** An editor writes a file in several steps. */
const WRITTEN_MS = 100;

/** Calls `changed` after each change of one of the files, and never twice at once, until the user has had enough. */
export async function whileWatching(
  files: readonly string[],
  io: Io,
  changed: () => Promise<void>,
): Promise<never> {
  let count = 0;
  let wake = () => {};
  const noticed = () => {
    count += 1;
    wake();
  };
  // Their directories, because an editor puts a new file in the place of the old one.
  const watchers = [...new Set(files.map(dirname))].map((directory) => watch(directory, noticed));
  io.signal.addEventListener('abort', noticed);
  try {
    for (let seen = 0; ; ) {
      const more = new Promise<void>((resolve) => {
        wake = resolve;
      });
      if (count === seen) await more;
      io.signal.throwIfAborted();
      await delay(WRITTEN_MS, undefined, { signal: io.signal });
      seen = count;
      await changed();
    }
  } finally {
    for (const watcher of watchers) watcher.close();
  }
}
