/** A link to a gateway (`pilotty serve`) over a WebSocket. The token is exchanged for a ticket, which is valid once. */
import {
  ConnectedClient,
  ConnectionError,
  type connectWebSocket,
  type ErrorBody,
  RequestError,
} from '@pilotty/client/browser';
import { asPilottyError, errorOf } from './errors.ts';
import { conversations, type Link, type SpawnRequest } from './link.ts';
import type { SpawnResult } from './protocol-types.ts';

/** Where a gateway is, and how to be let in. */
export interface GatewayOptions {
  /** Of the gateway, as `pilotty serve` prints it: 'https://host:8080', with its base path if it has one. */
  url: string | URL;
  /** `pilotty serve --show-token`. Without one a page that the gateway serves uses its login. */
  token?: string | undefined;
  /** Names are meant in this scope: `build` is the session `SCOPE+build` (default: PILOTTY_SCOPE, in Node); null: in none. */
  scope?: string | null | undefined;
  /** Called when the daemon is of another version. */
  onWarning?: ((message: string) => void) | undefined;
}

/** How a WebSocket is made where the platform has none, or one that cannot be held back. */
export interface WebSocketKind {
  connect: typeof connectWebSocket;
  holdsBack: boolean;
}

export function gatewayLink(options: GatewayOptions, kind: WebSocketKind): Link {
  const gateway = new Gateway(options);
  const requests = conversations(
    () =>
      new ConnectedClient(async (signal) => await kind.connect(await gateway.webSocketUrl(signal), signal), {
        warn: options.onWarning,
        keepsProcess: false,
        client: { scope: options.scope ?? undefined },
      }),
  );
  return {
    ...requests,
    holdsBack: kind.holdsBack,
    outlivesConnection: true,
    socketDir: undefined,
    spawn: (params, { signal }) => gateway.spawn(params, signal),
  };
}

class Gateway {
  readonly #options: GatewayOptions;

  constructor(options: GatewayOptions) {
    this.#options = options;
  }

  async webSocketUrl(signal: AbortSignal): Promise<string> {
    const url = this.#url('ws/json');
    url.protocol = url.protocol.replace('http', 'ws');
    if (this.#options.token === undefined) return url.href;
    const { ticket } = (await this.#post('tickets', {}, signal)) as { ticket: string };
    url.searchParams.set('ticket', ticket);
    return url.href;
  }

  /** The gateway gives the program what is not said: its own environment, and the home directory. */
  async spawn(params: SpawnRequest, signal: AbortSignal | undefined): Promise<SpawnResult> {
    const { size, env = {}, clean_env: isClean, ...rest } = params;
    const removed = Object.keys(env).filter((name) => env[name] === undefined);
    if (isClean || removed.length > 0) {
      throw errorOf('INVALID_INPUT', 'Over HTTP the environment of the gateway can only be added to', {
        suggestion: "Start the program with 'env -i' or 'env -u NAME'.",
      });
    }
    try {
      return (await this.#post('sessions', { ...rest, ...size, env }, signal)) as SpawnResult;
    } catch (error) {
      throw asPilottyError(error);
    }
  }

  #url(path: string): URL {
    const base = new URL(this.#options.url);
    if (!base.pathname.endsWith('/')) base.pathname += '/';
    return new URL(path, base);
  }

  async #post(path: string, body: object, signal: AbortSignal | undefined): Promise<unknown> {
    const { token, scope } = this.#options;
    const response = await fetch(this.#url(path), {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(scope && { 'pilotty-scope': scope }),
      },
      body: JSON.stringify(body),
      ...(signal && { signal }),
    }).catch((cause: unknown) => {
      signal?.throwIfAborted();
      throw new ConnectionError(`the gateway cannot be reached at ${this.#options.url}`, {
        suggestion: "Is it running? 'pilotty serve' starts one and prints its address.",
        cause,
      });
    });
    const answer: unknown = await response.json().catch(() => undefined);
    if (response.ok) return answer;
    throw refusalOf(answer, response.status);
  }
}

function refusalOf(answer: unknown, status: number): Error {
  if (typeof answer === 'object' && answer !== null && 'code' in answer)
    return RequestError.fromBody(answer as ErrorBody);
  return new ConnectionError(`what answers there is no gateway: HTTP status ${status}`);
}
