/**
 * Which requests are open, and whether new ones begin: while the daemon is handed over they wait, and afterwards each
 * client is told to ask the next daemon. Nothing of a request that waited here has been done.
 */
import type { Call } from '../call.ts';
import { Announcer, until } from '../until.ts';
import { upgraded } from './upgraded.ts';

interface Open {
  method: string;
  call: Call;
}

export class UpgradeGate {
  readonly #open = new Set<Open>();
  readonly #ended = new Announcer();
  #closed: { promise: Promise<void>; open(): void } | undefined;
  #isHandedOver = false;

  get isClosed(): boolean {
    return this.#closed !== undefined;
  }

  /** To be called before a request begins, where the gate is closed. @throws RequestError DAEMON_UPGRADED */
  async pass(method: string, params: unknown, call: Call): Promise<void> {
    // Asked to see whether the daemon still answers.
    if (method === 'daemon.info' && !this.#isHandedOver) return;
    call.continuation = () => ({ method, params });
    await this.#closed?.promise;
    if (this.#isHandedOver) throw upgraded(call);
    call.continuation = undefined;
  }

  began(method: string, call: Call): Open {
    const open = { method, call };
    this.#open.add(open);
    return open;
  }

  finished(open: Open): void {
    this.#open.delete(open);
    if (this.#closed !== undefined) this.#ended.announce();
  }

  /** New requests wait from now on, until open() or handOver(). */
  close(): void {
    let open = () => {};
    const promise = new Promise<void>((resolve) => {
      open = resolve;
    });
    this.#closed = { promise, open };
  }

  open(): void {
    const closed = this.#closed;
    this.#closed = undefined;
    closed?.open();
  }

  /** For good: what waits is refused. */
  handOver(): void {
    this.#isHandedOver = true;
    this.#closed?.open();
  }

  /**
   * Until only those are open that can be continued elsewhere.
   * @param except the request to hand over
   * @returns the methods of those that are still open
   */
  async drained(except: Call, withinMs: number): Promise<string[]> {
    const others = () =>
      [...this.#open].filter(({ call }) => call !== except && call.continuation?.() === undefined);
    await until(this.#ended, () => others().length === 0, { withinMs });
    return others().map(({ method, call }) => `${method} (asked by ${call.client.label})`);
  }
}
