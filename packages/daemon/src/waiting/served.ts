/** What a search has taken of the daemon's time is others' next. One for all: each event would make another. */
import { setTimeout as delay } from 'node:timers/promises';
import { LONG_SEARCH_MS } from '../search/line-search.ts';

let serving: Promise<void> | undefined;

export function served(): Promise<void> {
  serving ??= delay(LONG_SEARCH_MS).then(() => {
    serving = undefined;
  });
  return serving;
}
