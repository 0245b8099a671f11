/** Work on many things, so many of them at a time. */

/** In the order of the items. @throws what one of them throws first */
export async function eachBounded<T, R>(
  items: readonly T[],
  atOnce: number,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  const entries = items.entries();
  const workers = Array.from({ length: Math.min(atOnce, items.length) }, async () => {
    for (const [index, item] of entries) results[index] = await work(item);
  });
  await Promise.all(workers);
  return results;
}

/**
 * Takes the results in the order of the items. As many as `ahead` says are worked on, or wait for those before them.
 * @param ahead asked again as results come
 * @throws what one of them throws first, in their order
 */
export async function takeInOrder<T, R>(
  items: readonly T[],
  ahead: () => number,
  work: (item: T) => Promise<R>,
  take: (result: R) => void | Promise<void>,
): Promise<void> {
  const begun: Promise<R>[] = [];
  let taken = 0;
  let end = items.length;
  const start = () => {
    while (begun.length < end && begun.length - taken < ahead()) {
      const result = work(items[begun.length] as T);
      // While the first is late, others are begun behind it.
      result.then(start, () => {});
      begun.push(result);
    }
  };
  start();
  try {
    for (; taken < end; start()) {
      await take(await (begun[taken] as Promise<R>));
      // Nothing is kept of what was taken.
      delete begun[taken++];
    }
  } finally {
    end = 0;
  }
}
