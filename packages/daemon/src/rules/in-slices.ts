/** Much that is small, a few milliseconds of it in each turn of the event loop: what arrives meanwhile is served in between. */
import { setImmediate as turnOfEventLoop } from 'node:timers/promises';

const SLICE_MS = 8;

export async function inSlices<T>(items: Iterable<T>, work: (item: T) => void): Promise<void> {
  let began = performance.now();
  for (const item of items) {
    work(item);
    if (performance.now() - began < SLICE_MS) continue;
    await turnOfEventLoop();
    began = performance.now();
  }
}
