/**
 * Connects to the daemon: one connection for each request, opened when the request first needs it.
 *
 * So a slow reader delays no other request, a client that disconnects cancels its own request, a restarted daemon is
 * found at once, and an idle gateway keeps no daemon running.
 */
import {
  type Client,
  type ClientName,
  type MethodName,
  type Params,
  RequestError,
  type Result,
  type StreamEvent,
} from '@pilotty/client';
import { createLocalClient, type LocalClientOptions } from '@pilotty/client/node';
import type { Grant, Permissions } from './access/grant.ts';
import { guarded } from './access/guarded-client.ts';
import type { DaemonRpc } from './routes/route.ts';

interface Opening {
  /** Where none runs; `once`: for the first connection, and not when the daemon has ended since. */
  startsDaemon?: boolean | 'once';
  /** How others see the client; read when it connects. */
  who?: ClientName;
}

/** Once it has had an answer, it starts no daemon again. @param options are read each time that a connection is opened */
function startingOnce(client: Client, options: LocalClientOptions): Client {
  return {
    request: async (method, params, more) => {
      const result = await client.request(method, params, more);
      options.daemonProgram = undefined;
      return result;
    },
    disconnected: () => client.disconnected(),
    close: () => client.close(),
  };
}

interface Use {
  signal: AbortSignal;
  as?: string | undefined;
  grant: Grant | undefined;
  permissions: Permissions;
}

export class DaemonLink {
  readonly #options: LocalClientOptions;

  constructor(options: LocalClientOptions) {
    this.#options = options;
  }

  /** A connection for the caller, who closes it; what is not permitted is refused. */
  open(permissions: Permissions, { startsDaemon = true, who }: Opening = {}): Client {
    const options: LocalClientOptions = { ...this.#options, ...(who && { client: who }) };
    if (startsDaemon === false) options.daemonProgram = undefined;
    const client = createLocalClient(options);
    return guarded(startsDaemon === 'once' ? startingOnce(client, options) : client, permissions);
  }

  /**
   * Runs `answer` with a connection of its own; `signal` aborts when the client disconnects, `as` is what it calls itself.
   * When the grant ends, so does what is open by it.
   */
  async use(
    { signal, as, grant, permissions }: Use,
    answer: (daemon: DaemonRpc) => Promise<Response>,
  ): Promise<Response> {
    const connection = new RequestConnection(
      () => this.open(permissions, { who: { name: as || 'http' } }),
      signal,
    );
    connection.whenClosed = grant?.whenEnded(() => connection.revoke());
    try {
      const response = await answer(connection);
      // A stream is still being sent, and closes it at its end.
      if (!isStream(response)) connection.close();
      return response;
    } catch (error) {
      connection.close();
      throw error;
    }
  }
}

function isStream({ headers }: Response): boolean {
  const type = headers.get('content-type') ?? '';
  return type === 'application/x-ndjson' || type === 'text/event-stream';
}

class RequestConnection implements DaemonRpc {
  readonly signal: AbortSignal;
  readonly #open: () => Client;
  #client: Client | undefined;
  whenClosed: (() => void) | undefined;
  #isRevoked = false;

  constructor(open: () => Client, signal: AbortSignal) {
    this.#open = open;
    this.signal = signal;
  }

  async request<M extends MethodName>(
    method: M,
    params: Params<M>,
    onEvent?: (event: StreamEvent<M>) => void | Promise<void>,
  ): Promise<Result<M>> {
    if (this.#isRevoked) throw revoked();
    this.#client ??= this.#open();
    try {
      return await this.#client.request(method, params, { signal: this.signal, ...(onEvent && { onEvent }) });
    } catch (error) {
      throw this.#isRevoked ? revoked() : error;
    }
  }

  /** Nothing is answered any more, and what is being answered ends. */
  revoke(): void {
    this.#isRevoked = true;
    this.close();
  }

  close(): void {
    this.whenClosed?.();
    this.#client?.close();
  }
}

function revoked(): RequestError {
  return new RequestError('UNAUTHORIZED', 'The token of this request has expired or was revoked');
}
