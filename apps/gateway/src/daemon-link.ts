/**
 * The way to the daemon: a connection for each request that needs one, made when it is needed.
 *
 * So a slow reader holds back nobody else, whoever goes away ends what was waited for, a daemon that was
 * restarted is found at once, and an idle gateway keeps no daemon running.
 */
import type { Client, MethodName, Params, Result, StreamEvent } from '@pilotty/client';
import { createLocalClient, type LocalClientOptions } from '@pilotty/client/node';
import type { DaemonRpc } from './routes/route.ts';

export class DaemonLink {
  readonly #options: LocalClientOptions;

  constructor(options: LocalClientOptions) {
    this.#options = options;
  }

  /** A connection that lasts; its opener closes it. */
  open(): Client {
    return createLocalClient(this.#options);
  }

  /** Answers with the help of the daemon, until `signal` aborts because the client is gone. */
  async use(signal: AbortSignal, answer: (daemon: DaemonRpc) => Promise<Response>): Promise<Response> {
    const lazy = new LazyClient(() => this.open(), signal);
    try {
      const response = await answer(lazy);
      // What comes in parts goes on after this.
      if (!isStream(response)) lazy.close();
      return response;
    } catch (error) {
      lazy.close();
      throw error;
    }
  }
}

function isStream({ headers }: Response): boolean {
  const type = headers.get('content-type') ?? '';
  return type === 'application/x-ndjson' || type === 'text/event-stream';
}

class LazyClient implements DaemonRpc {
  readonly signal: AbortSignal;
  readonly #open: () => Client;
  #client: Client | undefined;

  constructor(open: () => Client, signal: AbortSignal) {
    this.#open = open;
    this.signal = signal;
  }

  request<M extends MethodName>(
    method: M,
    params: Params<M>,
    onEvent?: (event: StreamEvent<M>) => void | Promise<void>,
  ): Promise<Result<M>> {
    this.#client ??= this.#open();
    return this.#client.request(method, params, { signal: this.signal, ...(onEvent && { onEvent }) });
  }

  close(): void {
    this.#client?.close();
  }
}
