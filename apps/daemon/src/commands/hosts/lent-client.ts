/**
 * A client of another host for one command. A connection that was kept is asked whether it is still one before anything is
 * asked over it, and is given back only where all that was asked has been answered.
 */
import {
  ConnectionError,
  type MethodName,
  type Params,
  RequestError,
  type RequestOptions,
  type Result,
  timeoutSignal,
} from '@pilotty/client';
import type { HostClient, Surroundings } from '@pilotty/client/node';
import type { Connection } from './connection.ts';

/** Longer than any way there and back; what takes longer is found out by a new connection. */
const ANSWERS_WITHIN_MS = 2_000;

export interface Lender {
  open(): Connection;
  /** One that was kept. */
  take(): Connection | undefined;
  giveBack(connection: Connection): void;
}

export class LentClient implements HostClient {
  readonly #lender: Lender;
  readonly #closing = new AbortController();
  #connection: Promise<Connection> | undefined;
  /** The connection was there before this command. */
  #isReused = false;
  #open = 0;
  #isBroken = false;

  constructor(lender: Lender) {
    this.#lender = lender;
  }

  async request<M extends MethodName>(
    method: M,
    params: Params<M>,
    options: RequestOptions<M> = {},
  ): Promise<Result<M>> {
    const { signal: closed } = this.#closing;
    const signal = options.signal ? AbortSignal.any([options.signal, closed]) : closed;
    signal.throwIfAborted();
    this.#open++;
    try {
      this.#connection ??= this.#choose(closed);
      const { client } = await unless(signal, this.#connection);
      return await client.request(method, params, { ...options, signal });
    } catch (error) {
      if (!(error instanceof RequestError)) this.#isBroken = true;
      throw error;
    } finally {
      this.#open--;
    }
  }

  /** Never those of a connection that was kept: they may have changed since. */
  async surroundings(name?: string): Promise<Surroundings> {
    const before = await this.#connection;
    if (before === undefined || this.#isReused) {
      this.#isReused = false;
      this.#connection = Promise.resolve(this.#lender.open());
      if (before !== undefined) this.#leave(before);
    }
    const { client } = (await this.#connection) as Connection;
    return await client.surroundings(name);
  }

  async disconnected(): Promise<void> {
    await (await this.#connection)?.client.disconnected();
  }

  close(): void {
    if (this.#closing.signal.aborted) return;
    const isWhole = this.#open === 0 && !this.#isBroken;
    this.#closing.abort(new ConnectionError('the client was closed'));
    void this.#connection?.then((connection) => {
      if (isWhole && !connection.hasWarned) this.#lender.giveBack(connection);
      else connection.client.close();
    });
  }

  #leave(connection: Connection): void {
    if (this.#open === 0) this.#lender.giveBack(connection);
    else this.#closing.signal.addEventListener('abort', () => connection.client.close());
  }

  async #choose(signal: AbortSignal): Promise<Connection> {
    for (let kept = this.#lender.take(); kept !== undefined; kept = this.#lender.take()) {
      if (await isAnswering(kept.client, signal)) {
        this.#isReused = true;
        return kept;
      }
      kept.client.close();
    }
    return this.#lender.open();
  }
}

async function isAnswering(client: HostClient, signal: AbortSignal): Promise<boolean> {
  const within = AbortSignal.any([signal, timeoutSignal(ANSWERS_WITHIN_MS)]);
  return await client.request('daemon.info', {}, { signal: within }).then(
    () => true,
    () => false,
  );
}

/** @throws the signal's reason */
async function unless<T>(signal: AbortSignal, promise: Promise<T>): Promise<T> {
  let abort = () => {};
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
  });
  return await Promise.race([promise, aborted]).finally(() => signal.removeEventListener('abort', abort));
}
