/** A connection to NATS. It notices within seconds that the server is gone, and comes back by itself. */
import { type ConnectionOptions, type NatsConnection, PermissionViolationError } from '@nats-io/nats-core';
import { connect } from '@nats-io/transport-node';
import type { ServerAddress } from '../address.ts';
import { readCredentials } from './credentials.ts';
import { reasonOf, refused, unreachable } from './problems.ts';

export interface NatsOptions {
  /** A file; see credentials.ts. */
  credentials: string | undefined;
  /** Where answers come to: what the credential may subscribe to. Others with the same permission can read them. */
  inboxPrefix: string | undefined;
  /** What the server's log and monitoring show. */
  name: string;
}

/** @throws RequestError */
export function natsOptionsFrom(
  env: Readonly<Record<string, string | undefined>>,
  name: string,
): NatsOptions {
  const inboxPrefix = env.PILOTTY_NATS_INBOX || undefined;
  if (inboxPrefix !== undefined && !isInbox(inboxPrefix))
    throw refused(
      `PILOTTY_NATS_INBOX is '${inboxPrefix}', and must be _INBOX, or begin with _INBOX.`,
      'Such as _INBOX.observer: what your credentials may subscribe to.',
    );
  return { credentials: env.PILOTTY_NATS_CREDS || undefined, inboxPrefix, name };
}

/**
 * Where answers may be sent. A host sends them with its own permissions to where a client says: if that could be any
 * subject, one who may only look could have it publish what only others may.
 */
export function isInbox(subject: string): boolean {
  return /^_INBOX(?:\.[A-Za-z0-9_-]+)*$/.test(subject);
}

const CONNECT_WITHIN_MS = 5_000;
/** The library's own is two minutes, for which a dead server would seem to live. */
const PING_INTERVAL_MS = 5_000;
const MAX_PINGS_OUT = 2;
const RECONNECT_WAIT_MS = 250;
const RECONNECT_JITTER_MS = 500;
const FLUSH_WITHIN_MS = 500;

/** What a connection tells of itself. */
export interface NatsWatcher {
  reconnected?(): void;
  /** The server refused what was published there, or the subscription to it. */
  refused?(subject: string): void;
}

export class Nats {
  readonly connection: NatsConnection;
  readonly inboxPrefix: string;
  readonly #watchers = new Set<NatsWatcher>();
  #isCut = false;

  constructor(connection: NatsConnection, inboxPrefix: string) {
    this.connection = connection;
    this.inboxPrefix = inboxPrefix;
    void this.#follow();
  }

  /** @returns stops watching */
  watch(watcher: NatsWatcher): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  /**
   * Of a link, which says what is missing again once it is `reconnected`: the library would keep all that is published during
   * a cut, however long it is, and send it twice.
   */
  publishNow(subject: string, payload: Uint8Array, reply: string): void {
    if (!this.#isCut && !this.connection.isClosed()) this.connection.publish(subject, payload, { reply });
  }

  /** Sends what was published, then ends. Idempotent. */
  async close(): Promise<void> {
    const { connection } = this;
    if (connection.isClosed()) return;
    // A drain waits for a server that may be gone.
    await Promise.race([
      connection.flush().catch(() => {}),
      new Promise((resolve) => setTimeout(resolve, FLUSH_WITHIN_MS).unref()),
    ]);
    await connection.close();
  }

  async #follow(): Promise<void> {
    for await (const status of this.connection.status()) {
      if (status.type === 'disconnect') this.#isCut = true;
      if (status.type === 'reconnect') this.#isCut = false;
      for (const watcher of [...this.#watchers]) {
        if (status.type === 'reconnect') watcher.reconnected?.();
        else if (status.type === 'error' && status.error instanceof PermissionViolationError)
          watcher.refused?.(status.error.subject);
      }
    }
  }
}

/** @throws ConnectionError HOST_UNREACHABLE; RequestError about the credentials */
export async function connectNats(
  { server, isEncrypted }: ServerAddress,
  options: NatsOptions,
): Promise<Nats> {
  const settings: ConnectionOptions = {
    servers: server,
    name: options.name,
    timeout: CONNECT_WITHIN_MS,
    pingInterval: PING_INTERVAL_MS,
    maxPingOut: MAX_PINGS_OUT,
    maxReconnectAttempts: -1,
    reconnectTimeWait: RECONNECT_WAIT_MS,
    reconnectJitter: RECONNECT_JITTER_MS,
    reconnectJitterTLS: RECONNECT_JITTER_MS,
    // A server that starts again may refuse for a moment what it will let in.
    ignoreAuthErrorAbort: true,
    ...(options.inboxPrefix !== undefined && { inboxPrefix: options.inboxPrefix }),
    ...(options.credentials !== undefined && { authenticator: readCredentials(options.credentials) }),
    ...(isEncrypted && { tls: {} }),
  };
  try {
    return new Nats(await connect(settings), options.inboxPrefix ?? '_INBOX');
  } catch (error) {
    const { name } = error as Error;
    const isAuthorization = name === 'AuthorizationError' || /authorization/i.test((error as Error).message);
    throw unreachable(
      `NATS at ${server} ${isAuthorization ? 'does not let us in' : 'cannot be reached'}: ${reasonOf(error)}`,
      isAuthorization
        ? 'PILOTTY_NATS_CREDS names the file of your credentials.'
        : 'Look whether a nats-server runs there, and whether its port can be reached.',
    );
  }
}

/** One connection for all that is asked, made with the first; again where that failed. */
export interface SharedNats {
  get(): Promise<Nats>;
  close(): void;
}

/** @param nats how to connect; or what is lent, and stays open */
export function shareConnection(address: ServerAddress, nats: NatsOptions | SharedNats): SharedNats {
  if ('get' in nats) return { get: nats.get, close: () => {} };
  let connecting: Promise<Nats> | undefined;
  return {
    async get() {
      // The library gives up only what the server will never let in again, as after a change of its credentials.
      const made = connecting;
      const isDead = (await made?.catch(() => undefined))?.connection.isClosed() ?? false;
      if (isDead && connecting === made) connecting = undefined;
      connecting ??= connectNats(address, nats).catch((error) => {
        connecting = undefined;
        throw error;
      });
      return await connecting;
    },
    close: () => void connecting?.then((nats) => nats.close()).catch(() => {}),
  };
}
