/**
 * Gives memory back once the daemon is at rest: no session runs, and no request is open.
 *
 * V8 collects garbage when it needs room, and a daemon at rest needs none: what a start, or thousands of ended sessions,
 * have left would stay until there is work again. A collection stops the process for some tenths of a second at
 * most, so none begins where a session runs, or a request has only just been answered.
 */

/** A client that has asked once asks again soon. */
const REST_MS = 10_000;
/** V8 gives pages back at the second collection: the first frees what is on them, and what waits to be closed. */
const AGAIN_MS = 1000;
/** Less garbage than that is not worth it. */
const GROWN_BYTES = 2 * 1024 * 1024;

/** What collects, and what is measured: as of the process, unless a test says otherwise. */
export interface Heap {
  usedBytes(): number;
  collect(): Promise<void>;
}

export class Rest {
  readonly #heap: Heap;
  #timer: NodeJS.Timeout | undefined;
  /** As the last collection left it. */
  #leftBytes = 0;

  constructor(heap: Heap = ownHeap) {
    this.#heap = heap;
  }

  /** From now on, until end(). */
  begin(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#collect(), REST_MS).unref();
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  async #collect(): Promise<void> {
    if (this.#heap.usedBytes() - this.#leftBytes < GROWN_BYTES) return;
    const timer = this.#timer;
    await this.#heap.collect();
    this.#leftBytes = this.#heap.usedBytes();
    if (timer !== this.#timer) return;
    this.#timer = setTimeout(() => void this.#heap.collect(), AGAIN_MS).unref();
  }
}

const ownHeap: Heap = {
  usedBytes: () => process.memoryUsage().heapUsed,
  async collect() {
    const [v8, vm] = await Promise.all([import('node:v8'), import('node:vm')]);
    v8.setFlagsFromString('--expose-gc');
    const gc: () => void = vm.runInNewContext('gc');
    // V8 takes no code cache, of what is loaded later, that was made under other flags.
    v8.setFlagsFromString('--no-expose-gc');
    gc();
  },
};
