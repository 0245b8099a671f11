/** The tags of one session. What is added and removed at once stays. */
import { RequestError } from '@pilotty/protocol';
import { MAX_TAGS } from '../limits.ts';

export class Tags {
  readonly #all: Set<string>;

  constructor(tags: readonly string[]) {
    this.#all = new Set(tags);
  }

  get all(): ReadonlySet<string> {
    return this.#all;
  }

  /** @throws RequestError LIMIT_REACHED when change() would give the session too many */
  check(session: string, add: readonly string[], remove: readonly string[]): void {
    const { size } = new Set([...[...this.#all].filter((tag) => !remove.includes(tag)), ...add]);
    if (size <= MAX_TAGS) return;
    throw new RequestError(
      'LIMIT_REACHED',
      `Session '${session}' would have ${size} tags; the limit is ${MAX_TAGS}`,
      { suggestion: `Remove some: 'pilotty tag -s ${session} -TAG'.` },
    );
  }

  /** @returns whether they are others than before */
  change(add: readonly string[], remove: readonly string[]): boolean {
    const before = [...this.#all].join();
    for (const tag of remove) this.#all.delete(tag);
    for (const tag of add) this.#all.add(tag);
    return [...this.#all].join() !== before;
  }
}
