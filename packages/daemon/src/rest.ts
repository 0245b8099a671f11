/**
 * Gives memory back once the daemon is at rest: for ten seconds no request began or ended, and hardly any time was taken.
 * Sessions may run meanwhile, and print a little; requests may be open.
 *
 * V8 collects garbage when it needs room, and a daemon at rest needs none: what a start, a flood of output or thousands of
 * ended sessions have left would stay until there is work again. A collection stops the process for about a
 * millisecond a megabyte, so where somebody could notice it, a large heap is left to V8.
 */

/** A client that has asked once asks again soon; and V8 gives no room for young objects back that was needed just now. */
const REST_MS = 10_000;
/** V8 gives pages back at the second collection: the first frees what is on them, and what waits to be closed. */
const AGAIN_MS = 1000;
/** Less is not worth it. */
const GROWN_BYTES = 4 * 1024 * 1024;
const LARGE_BYTES = 64 * 1024 * 1024;

/** Of the time, as a part: a flood takes much more, and a clock or a spinner much less. */
const BUSY = 0.05;

/** What is measured, and collects: as of the process, unless a test says otherwise. */
export interface OwnProcess {
  /** What V8's heap has of the system. */
  heapBytes(): number;
  cpuTimeMs(): number;
  collect(): Promise<void>;
}

export class Rest {
  readonly #process: OwnProcess;
  #timer: NodeJS.Timeout | undefined;
  #wasAsked = false;
  #isInUse = false;
  #cpuTimeMs = 0;
  /** As the last collection left it. */
  #leftBytes = 0;

  readonly #atRest: () => void;

  /** @param atRest is called each time that it is found to be at rest */
  constructor(ownProcess: OwnProcess = thisProcess, atRest: () => void = () => {}) {
    this.#process = ownProcess;
    this.#atRest = atRest;
  }

  /**
   * A request has just begun or ended, or a session has.
   * @param isInUse whether a session runs, or a request is open
   */
  asked(isInUse: boolean): void {
    this.#wasAsked = true;
    this.#isInUse = isInUse;
    this.printed();
  }

  /** Output is being parsed. Called for each piece of it, and so it does next to nothing. */
  printed(): void {
    if (this.#timer === undefined) this.#wait(REST_MS);
  }

  #wait(ms: number): void {
    this.#wasAsked = false;
    this.#cpuTimeMs = this.#process.cpuTimeMs();
    this.#timer = setTimeout(() => void this.#look(ms), ms).unref();
  }

  async #look(waitedMs: number): Promise<void> {
    if (this.#hasWorked(waitedMs)) return this.#wait(REST_MS);
    if (waitedMs === REST_MS) this.#atRest();
    if (waitedMs === REST_MS && !this.#isWorthIt()) return this.#stopWaiting();
    await this.#process.collect();
    this.#leftBytes = this.#process.heapBytes();
    if (this.#wasAsked) this.#wait(REST_MS);
    else if (waitedMs === REST_MS) this.#wait(AGAIN_MS);
    else this.#stopWaiting();
  }

  #stopWaiting(): void {
    this.#timer = undefined;
  }

  #hasWorked(waitedMs: number): boolean {
    return this.#wasAsked || this.#process.cpuTimeMs() - this.#cpuTimeMs > waitedMs * BUSY;
  }

  #isWorthIt(): boolean {
    const heapBytes = this.#process.heapBytes();
    if (this.#isInUse && heapBytes > LARGE_BYTES) return false;
    return heapBytes - this.#leftBytes >= GROWN_BYTES;
  }
}

export const thisProcess: OwnProcess = {
  heapBytes: () => process.memoryUsage().heapTotal,
  cpuTimeMs() {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000;
  },
  async collect() {
    const [v8, vm] = await Promise.all([import('node:v8'), import('node:vm')]);
    v8.setFlagsFromString('--expose-gc');
    const gc: () => void = vm.runInNewContext('gc');
    // V8 takes no code cache, of what is loaded later, that was made under other flags.
    v8.setFlagsFromString('--no-expose-gc');
    gc();
  },
};
