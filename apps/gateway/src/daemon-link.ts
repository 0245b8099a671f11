/**
 * Connects to the daemon: one connection for each request, opened when the request first needs it. Where the gateway was
 * pointed at another host, or a fleet, that is asked instead.
 *
 * So a slow reader delays no other request, a client that disconnects cancels its own request, a restarted daemon is
 * found at once, and an idle gateway keeps no daemon running.
 */
import type { Asked, Elsewhere } from '@pilotty/app-fleet/elsewhere';
import {
  type ClientName,
  type Inherited,
  type MethodName,
  type Params,
  RequestError,
  type Result,
  type StartingClient,
  type StreamEvent,
  startingClient,
  startingThere,
} from '@pilotty/client';
import { createLocalClient, type LocalClientOptions, readInheritance } from '@pilotty/client/node';
import type { Grant, Permissions } from './access/grant.ts';
import { guarded } from './access/guarded-client.ts';
import type { DaemonRpc } from './routes/route.ts';

interface Opening {
  /** Where none runs; `once`: for the first connection, and not when the daemon has ended since. */
  startsDaemon?: boolean | 'once';
  /** How others see the client; read when it connects. */
  who?: ClientName;
}

interface Use {
  signal: AbortSignal;
  as?: string | undefined;
  scope?: string | undefined;
  grant: Grant | undefined;
  permissions: Permissions;
}

export interface DaemonLinkOptions {
  /** The daemon of this host, and how it is started. */
  local: LocalClientOptions;
  /** What is asked instead: another host, or a fleet. */
  elsewhere?: Elsewhere | undefined;
}

export class DaemonLink {
  readonly #options: DaemonLinkOptions;

  constructor(options: DaemonLinkOptions) {
    this.#options = options;
  }

  /** Clients with connections of their own, for the caller, who closes them; what is not permitted is refused. */
  open(permissions: Permissions, { startsDaemon = true, who }: Opening = {}): StartingClient {
    let mayStart = startsDaemon !== false;
    const answered = () => {
      if (startsDaemon === 'once') mayStart = false;
    };
    const asked = { startsDaemon: () => mayStart, name: () => who?.name, scope: () => who?.scope };
    const { elsewhere } = this.#options;
    const client = elsewhere ? startingThere(elsewhere.connect(asked)) : this.#here(asked, who);
    return permitted(client, permissions, answered);
  }

  /** For questions whose answers come whole: where logging in takes long, over a connection that is there already. */
  borrow(
    permissions: Permissions,
    { startsDaemon, who }: { startsDaemon: boolean; who?: ClientName },
  ): StartingClient {
    const asked = { startsDaemon: () => startsDaemon, name: () => who?.name, scope: () => who?.scope };
    const { elsewhere } = this.#options;
    return permitted(
      elsewhere ? startingThere(elsewhere.borrow(asked)) : this.#here(asked, who),
      permissions,
    );
  }

  #here({ startsDaemon }: Asked, who: ClientName | undefined): StartingClient {
    const { local } = this.#options;
    const client = createLocalClient({
      ...local,
      // Whoever asks has a scope of its own, or none: that of the gateway's environment is none of theirs.
      client: who ?? { name: local.env.PILOTTY_CLIENT || undefined, pid: process.pid },
      get daemonProgram() {
        return startsDaemon() ? local.daemonProgram : undefined;
      },
    });
    const { env } = local;
    const surroundings = async () => ({ env, cwd: env.HOME || '/', ...(await readInheritance()) });
    return startingClient(client, surroundings);
  }

  /**
   * Runs `answer` with a connection of its own; `signal` aborts when the client disconnects, `as` is what it calls itself, `scope` where
   * its names count.
   * When the grant ends, so does what is open by it.
   */
  async use(
    { signal, as, scope, grant, permissions }: Use,
    answer: (daemon: DaemonRpc) => Promise<Response>,
  ): Promise<Response> {
    const connection = new RequestConnection(
      () => this.borrow(permissions, { startsDaemon: true, who: { name: as || 'http', scope } }),
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

/** @param answered is called after each answer */
function permitted(client: StartingClient, permissions: Permissions, answered = () => {}): StartingClient {
  const guard = guarded(client, permissions);
  return startingClient(
    {
      request: async (method, params, options) => {
        const result = await guard.request(method, params, options);
        answered();
        return result;
      },
      disconnected: () => guard.disconnected(),
      close: () => guard.close(),
    },
    (name) => client.surroundings(name),
  );
}

function isStream({ headers }: Response): boolean {
  const type = headers.get('content-type') ?? '';
  return type === 'application/x-ndjson' || type === 'text/event-stream';
}

class RequestConnection implements DaemonRpc {
  readonly signal: AbortSignal;
  readonly #open: () => StartingClient;
  #client: StartingClient | undefined;
  whenClosed: (() => void) | undefined;
  #isRevoked = false;

  constructor(open: () => StartingClient, signal: AbortSignal) {
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

  async surroundings(name?: string): Promise<Inherited> {
    this.#client ??= this.#open();
    return await this.#client.surroundings(name);
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
