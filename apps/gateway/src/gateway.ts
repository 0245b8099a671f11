/** The gateway: one listener for HTTP and WebSockets, from its start to its end. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { getRequestListener } from '@hono/node-server';
import { type ErrorCode, RequestError } from '@pilotty/client';
import { Access } from './access/access.ts';
import type { Permissions } from './access/grant.ts';
import { createApp } from './app.ts';
import { Connections } from './connections.ts';
import type { DaemonLink } from './daemon-link.ts';
import { errorResponse } from './errors.ts';
import {
  HANDSHAKE_WITHIN_MS,
  HEADERS_WITHIN_MS,
  IDLE_CONNECTION_MS,
  LINK_MS,
  LOOK_AT_TIMES_MS,
  MAX_CONNECTIONS,
  MAX_HEADER_BYTES,
  MAX_PIPELINED,
  MAX_REQUESTS_OF_CONNECTION,
  REQUEST_WITHIN_MS,
} from './limits.ts';
import { readPage } from './page.ts';
import { refuse } from './refuse.ts';
import type { Settings } from './settings.ts';
import { WebSockets } from './web-sockets.ts';

/** For answers and closing frames to be sent. */
const CLOSE_WITHIN_MS = 1_000;

export class Gateway {
  readonly #settings: Settings;
  readonly #server: Server;
  readonly #access: Access;
  readonly #connections: Connections;
  readonly #webSockets: WebSockets;

  constructor(settings: Settings, token: string, daemon: DaemonLink, env: NodeJS.ProcessEnv) {
    const { tls, basePath, allowed, readOnly, keptFile } = settings;
    this.#settings = settings;
    const isSecure = tls !== undefined;
    this.#access = new Access({
      token,
      readOnly,
      keptFile,
      allowed,
      isSecure,
      basePath,
      port: () => this.#port,
      onTrusted: ({ socket }) => this.#connections.trust(socket),
    });
    const access = this.#access;
    const app = createApp({ access, daemon, basePath, env, page: readPage(settings.pageDirectory) });
    this.#webSockets = new WebSockets({ access, daemon, basePath });
    this.#server = tls
      ? createSecureServer({ ...tls, ...LIMITS, handshakeTimeout: HANDSHAKE_WITHIN_MS })
      : createServer(LIMITS);
    this.#server.maxRequestsPerSocket = MAX_REQUESTS_OF_CONNECTION;
    this.#connections = new Connections(this.#server, MAX_CONNECTIONS);
    // Sockets that can be written to: with TLS only after the handshake.
    const open = new WeakSet<Duplex>();
    this.#server.on(tls ? 'secureConnection' : 'connection', (socket: Duplex) => open.add(socket));
    const listener = getRequestListener(app.fetch, {
      overrideGlobalObjects: false,
      errorHandler: badRequest,
    });
    const unanswered = new WeakMap<Duplex, number>();
    this.#server.on('request', (incoming, outgoing) => {
      const { socket } = incoming;
      const count = (unanswered.get(socket) ?? 0) + 1;
      unanswered.set(socket, count);
      outgoing.once('close', () => unanswered.set(socket, (unanswered.get(socket) ?? 1) - 1));
      // Node emits all requests of one read before the first is answered, so back-pressure cannot limit them.
      if (count > MAX_PIPELINED) socket.destroy();
      else void listener(incoming, outgoing);
    });
    this.#server.on(
      'upgrade',
      (request, socket, head) => void this.#webSockets.upgrade(request, socket, head),
    );
    this.#server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
      if (!socket.writable || !open.has(socket)) {
        socket.destroy();
        return;
      }
      const [status, code, message] = UNREADABLE[error.code ?? ''] ?? [
        400,
        'INVALID_INPUT',
        'Malformed HTTP request',
      ];
      refuse(socket, new RequestError(code, message), status);
    });
  }

  /** @throws RequestError when the address cannot be bound */
  async listen(): Promise<void> {
    const { host, port } = this.#settings;
    try {
      await once(this.#server.listen(port, host), 'listening');
    } catch (error) {
      throw new RequestError('UNAVAILABLE', `Cannot bind to ${host}:${port}: ${(error as Error).message}`, {
        suggestion: 'Choose another address with --bind HOST:PORT; port 0 picks a free port.',
      });
    }
  }

  get url(): string {
    const { host, tls, basePath } = this.#settings;
    const name = host.includes(':') ? `[${host}]` : host;
    return `${tls ? 'https' : 'http'}://${name}:${this.#port}${basePath}/`;
  }

  /** Behind the # a ticket is seen by the page, and by no server or log in between. */
  link(): { url: string; expiresInMs: number } {
    return { url: `${this.url}#ticket=${this.#access.issueTicket(LINK_MS)}`, expiresInMs: LINK_MS };
  }

  /** A token for others, who may only look, and a link that can be opened until it expires. */
  share(
    permissions: Omit<Permissions, 'readOnly'>,
    lastMs: number,
  ): { token: string; url: string; expiresAt: number } {
    const { token, expiresAt } = this.#access.share(permissions, lastMs);
    return { token, url: `${this.url}#ticket=${token}`, expiresAt };
  }

  revoke(): { logins: number; shares: number } {
    return this.#access.revoke();
  }

  get #port(): number {
    return (this.#server.address() as AddressInfo | null)?.port ?? this.#settings.port;
  }

  /** Accepts nothing new; open requests get a moment to end. */
  async close(): Promise<void> {
    this.#webSockets.close();
    const cut = setTimeout(() => {
      this.#webSockets.destroy();
      this.#connections.destroy();
    }, CLOSE_WITHIN_MS);
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeIdleConnections();
    await closed;
    clearTimeout(cut);
  }
}

const LIMITS = {
  maxHeaderSize: MAX_HEADER_BYTES,
  headersTimeout: HEADERS_WITHIN_MS,
  requestTimeout: REQUEST_WITHIN_MS,
  keepAliveTimeout: IDLE_CONNECTION_MS,
  connectionsCheckingInterval: LOOK_AT_TIMES_MS,
  // The access checks refuse it, with a reason.
  requireHostHeader: false,
};

/** Node's codes for a request that it could not parse. */
const UNREADABLE: Readonly<Record<string, [status: number, code: ErrorCode, message: string]>> = {
  HPE_HEADER_OVERFLOW: [431, 'TOO_LARGE', `The headers exceed ${MAX_HEADER_BYTES} bytes`],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'TIMEOUT', 'Timed out while reading the request'],
};

/** The request could not be parsed at all. */
function badRequest(error: unknown): Response {
  const message = error instanceof Error ? error.message : String(error);
  return errorResponse(new RequestError('INVALID_INPUT', `Invalid request: ${message}`));
}
