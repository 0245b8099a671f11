/** The gateway's WebSockets: access, their number, and pings that detect a peer that has gone. */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type ClientName, RequestError } from '@pilotty/client';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Access } from './access/access.ts';
import type { DaemonLink } from './daemon-link.ts';
import { MAX_BODY_BYTES, MAX_SILENT_PINGS, MAX_WEB_SOCKETS, PING_EVERY_MS } from './limits.ts';
import { refuse } from './refuse.ts';
import { relayRequests } from './relay.ts';
import { relayTerminal } from './relay-terminal.ts';

export interface WebSocketsOptions {
  access: Access;
  daemon: DaemonLink;
  basePath: string;
}

/** The server is stopping, or the peer may not go on: https://www.rfc-editor.org/rfc/rfc6455#section-7.4.1 */
const GOING_AWAY = 1001;
const POLICY_VIOLATION = 1008;

export class WebSockets {
  readonly #options: WebSocketsOptions;
  readonly #server = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_BODY_BYTES,
    // Compression costs memory for every peer, and most of them are on this machine.
    perMessageDeflate: false,
  });
  /** Pings sent since the last message or pong of each. */
  readonly #silentPings = new WeakMap<WebSocket, number>();
  readonly #pings = setInterval(() => this.#ping(), PING_EVERY_MS);

  constructor(options: WebSocketsOptions) {
    this.#options = options;
    this.#pings.unref();
  }

  async upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    // It may fail before ws listens for errors.
    socket.on('error', () => socket.destroy());
    try {
      const serve = await this.#admit(request);
      if (socket.destroyed) return;
      this.#server.handleUpgrade(request, socket, head, (webSocket) => {
        for (const sign of ['pong', 'message'] as const) {
          webSocket.on(sign, () => this.#silentPings.delete(webSocket));
        }
        // A frame that is too long or malformed; ws closes the connection with the reason.
        webSocket.on('error', () => {});
        serve(webSocket);
      });
    } catch (error) {
      refuse(socket, error);
    }
  }

  close(): void {
    clearInterval(this.#pings);
    for (const webSocket of this.#server.clients) webSocket.close(GOING_AWAY, 'gateway stopping');
    this.#server.close();
  }

  /** Terminates those that have not completed the closing handshake. */
  destroy(): void {
    for (const webSocket of this.#server.clients) webSocket.terminate();
  }

  #admitted = 0;

  /** @throws RequestError */
  async #admit(request: IncomingMessage): Promise<(webSocket: WebSocket) => void> {
    const { access, daemon, basePath } = this.#options;
    access.checkFrom(request);
    const grant = access.checkToken(request);
    const permissions = access.permissionsOf(grant);
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://gateway');
    if (this.#server.clients.size >= MAX_WEB_SOCKETS) {
      throw new RequestError('LIMIT_REACHED', `WebSocket limit reached (${MAX_WEB_SOCKETS})`, {
        suggestion:
          'Close one that is no longer needed; a single one at /ws/json serves any number of sessions.',
      });
    }
    const path = pathname.startsWith(`${basePath}/`) ? pathname.slice(basePath.length) : '';
    const who: ClientName = { name: `web[${++this.#admitted}]` };
    const closeWith = (webSocket: WebSocket) => {
      const stop = grant.whenEnded(() =>
        webSocket.close(POLICY_VIOLATION, 'the token has expired or was revoked'),
      );
      webSocket.on('close', stop);
    };
    if (path === '/ws/json') {
      // A page that stays open does not start again what was stopped on purpose, and is to know that it was.
      const start = searchParams.get('start');
      const startsDaemon = start === 'once' ? 'once' : start !== 'false';
      return (webSocket) => {
        closeWith(webSocket);
        const client = daemon.open(permissions, { startsDaemon, who });
        relayRequests(webSocket, client, who, { endsWithDaemon: startsDaemon !== true });
      };
    }
    const [, session] = /^\/sessions\/([^/]+)\/ws\/raw$/.exec(path) ?? [];
    if (session === undefined) throw new RequestError('NOT_FOUND', `No WebSocket route ${pathname}`);
    const { readOnly } = permissions;
    const relay = await relayTerminal(
      daemon.open(permissions, { who }),
      decodeURIComponent(session),
      searchParams,
      readOnly,
    );
    return (webSocket) => {
      closeWith(webSocket);
      relay(webSocket);
    };
  }

  #ping(): void {
    for (const webSocket of this.#server.clients) {
      if (webSocket.isPaused) {
        // It may have said something that we have not read yet, to hold it back. A peer that is gone refuses the ping.
        if (webSocket.bufferedAmount === 0) webSocket.ping();
        continue;
      }
      const silent = this.#silentPings.get(webSocket) ?? 0;
      this.#silentPings.set(webSocket, silent + 1);
      if (silent < MAX_SILENT_PINGS) webSocket.ping();
      else webSocket.terminate();
    }
  }
}
