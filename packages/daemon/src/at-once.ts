/**
 * Work that waits where it must and mostly need not: written in steps, it is done at once as far as nothing is waited for,
 * and only then goes on as a promise. A promise for each function on the way takes longer than what a key does.
 *
 *     function* press(…): Work<Result> {
 *       const act = yield* awaited(Act.begin(…));
 */
export type Work<T> = Generator<Promise<unknown>, T, unknown>;

/** @returns the result, or a promise of it where something was waited for. @throws what `work` throws before it waits */
export function atOnce<T>(work: Work<T>): T | Promise<T> {
  const { done, value } = work.next();
  return done ? value : goOn(work, value);
}

/** As `await`, in work. */
export function* awaited<T>(value: T | Promise<T>): Work<T> {
  return value instanceof Promise ? ((yield value) as T) : value;
}

async function goOn<T>(work: Work<T>, first: Promise<unknown>): Promise<T> {
  for (let waited = first; ; ) {
    const step = await waited.then(
      (value) => work.next(value),
      (error: unknown) => work.throw(error),
    );
    if (step.done) return step.value;
    waited = step.value;
  }
}
