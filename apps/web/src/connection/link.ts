/**
 * The page's connection: kept for as long as the page is open, through restarts of the gateway and of
 * the daemon. What must live on a connection is given to `whileOnline` and begins anew with each.
 *
 * A connection stands once a request has been answered on it, because a gateway without a daemon accepts one
 * too; and it is over when the daemon is, although the gateway may keep it open.
 */
import {
  type Client,
  ConnectedClient,
  ConnectionError,
  type MethodName,
  type Params,
  RequestError,
  type RequestOptions,
  type Result,
} from '@pilotty/client/browser';
import { computed, effect, signal } from '@preact/signals';
import { messageOf } from '../notices/messages.ts';
import type { Access, Permitted } from './access.ts';

export type LinkState =
  | { kind: 'connecting' }
  | { kind: 'online' }
  /** Tries again by itself; `reason` is a sentence. Stopped: the gateway is there, and no daemon runs. */
  | { kind: 'offline'; reason: string; isStopped: boolean }
  /** Not logged in; `reason` says what was wrong with the last attempt. */
  | { kind: 'locked'; reason?: string };

const FIRST_RETRY_MS = 250;
const LAST_RETRY_MS = 5_000;
/** A laptop that slept has connections that look open; a ping unanswered for this long means it is dead. */
const SILENCE_MS = 10_000;
const HEARTBEAT_MS = 30_000;
const EXPIRED =
  'This link has expired: it logs one browser in, once, within a minute. Ask for another, or type the token.';

export class Link {
  readonly state = signal<LinkState>({ kind: 'connecting' });
  /** The one that answers, or answered last. */
  readonly daemon = signal<Result<'daemon.info'> | undefined>(undefined);
  /** Another daemon than before, and how many sessions the one before had; until it was read. */
  readonly restart = signal<{ startedAt: string; lost: number } | undefined>(undefined);
  /** As the gateway said last. */
  readonly permitted = signal<Permitted>({ isReadOnly: false, isScoped: false, expiresAt: undefined });
  /** Nothing may be changed: what would, is not offered, and nothing is sent. */
  readonly isReadOnly = computed(() => this.permitted.value.isReadOnly);
  readonly #access: Access;
  #client: Client | undefined;
  /** Only once: a daemon that was stopped later is started by whoever wants it. */
  #startsDaemon = true;
  /** Ends the pause before the next attempt. */
  #hurry = () => {};
  #isTicketExpired = false;
  #wasOnline = false;

  constructor(access: Access) {
    this.#access = access;
    addEventListener('hashchange', () => void this.#useTicket());
    addEventListener('online', () => this.retry());
    addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'visible') void this.#check();
    });
    setInterval(() => void this.#check(), HEARTBEAT_MS);
  }

  /** @throws RequestError; ConnectionError when there is no connection or it breaks. */
  request<M extends MethodName>(
    method: M,
    params: Params<M>,
    options?: RequestOptions<M>,
  ): Promise<Result<M>> {
    const client = this.#client;
    if (client === undefined) return Promise.reject(new ConnectionError('not connected'));
    return client.request(method, params, options).catch((error: unknown) => {
      if (error instanceof RequestError && error.code === 'DAEMON_UNREACHABLE') client.close();
      throw error;
    });
  }

  /** Begins anew with another connection: what came over this one has come to its end. */
  reopen(): void {
    this.#client?.close();
  }

  /** Runs `work` on every connection; its signal aborts when that one is lost. */
  whileOnline(work: (signal: AbortSignal) => Promise<void> | void): () => void {
    return effect(() => {
      if (this.state.value.kind !== 'online') return;
      const lost = new AbortController();
      // The state already shows a lost connection; any other failure is worth showing.
      Promise.resolve(work(lost.signal)).catch((error: unknown) => {
        if (!lost.signal.aborted && !isOfConnection(error) && !isOfOldList(error)) console.error(error);
      });
      return () => lost.abort();
    });
  }

  /** At once, instead of after the pause. */
  retry(): void {
    this.#hurry();
    void this.#check();
  }

  startDaemon(): void {
    this.#startsDaemon = true;
    this.#hurry();
  }

  tellRestart(lost: number): void {
    const startedAt = this.daemon.peek()?.started_at;
    if (startedAt !== undefined) this.restart.value = { startedAt, lost };
  }

  async logOut(): Promise<void> {
    await this.#access.logOut();
    this.state.value = { kind: 'locked', reason: 'You are logged out.' };
    this.#client?.close();
  }

  async logIn(token: string): Promise<void> {
    try {
      await this.#access.logIn(token);
      this.state.value = { kind: 'connecting' };
      this.#hurry();
    } catch (error) {
      this.state.value = { kind: 'locked', reason: messageOf(error) };
    }
  }

  async run(): Promise<never> {
    await this.#useTicket();
    for (let retryMs = FIRST_RETRY_MS; ; retryMs = Math.min(retryMs * 2, LAST_RETRY_MS)) {
      const startsDaemon = this.#startsDaemon;
      const client = new ConnectedClient((signal) => this.#access.open(signal, startsDaemon));
      this.#client = client;
      const asked = this.#access.permitted();
      try {
        this.daemon.value = await daemonOf(client);
        const permitted = await asked;
        if (typeof permitted === 'object') this.permitted.value = permitted;
        this.#wasOnline = true;
        this.#startsDaemon = false;
        this.#isTicketExpired = false;
        this.state.value = { kind: 'online' };
        retryMs = FIRST_RETRY_MS;
        await client.disconnected();
        if (!this.#isLocked) {
          this.state.value = { kind: 'offline', reason: 'The connection was lost.', isStopped: false };
        }
      } catch (error) {
        await this.#failed(error, asked);
      }
      this.#client = undefined;
      client.close();
      await this.#pause(retryMs);
    }
  }

  get #isLocked(): boolean {
    return this.state.peek().kind === 'locked';
  }

  async #failed(error: unknown, asked: ReturnType<Access['permitted']>): Promise<void> {
    if ((await asked) !== 'not logged in') {
      const isStopped = error instanceof RequestError && error.code === 'DAEMON_UNREACHABLE';
      const isElsewhere = error instanceof RequestError && error.code === 'HOST_UNREACHABLE';
      const reason = isStopped
        ? 'No daemon is running.'
        : isElsewhere
          ? messageOf(error)
          : 'The gateway does not answer.';
      this.state.value = { kind: 'offline', reason, isStopped };
    } else if (this.#isTicketExpired) {
      this.state.value = { kind: 'locked', reason: EXPIRED };
    } else if (this.#wasOnline) {
      this.state.value = {
        kind: 'locked',
        reason: 'This login has ended, with the gateway that gave it or by its age.',
      };
    } else {
      this.state.value = { kind: 'locked' };
    }
  }

  /** Also in a tab that shows the page already: only the fragment of its address changes then. */
  async #useTicket(): Promise<void> {
    const ticket = await this.#access.useTicket();
    if (ticket === 'none') return;
    this.#isTicketExpired = ticket === 'expired';
    if (ticket === 'expired' && this.#isLocked) this.state.value = { kind: 'locked', reason: EXPIRED };
    if (ticket === 'used' && this.#isLocked) {
      this.state.value = { kind: 'connecting' };
      this.#hurry();
    }
  }

  /** Until the retry is due or requested; while logged out, until the login. */
  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.#hurry = resolve;
      if (this.state.value.kind !== 'locked') setTimeout(resolve, ms);
    });
  }

  async #check(): Promise<void> {
    const client = this.#client;
    if (client === undefined || this.state.value.kind !== 'online') return;
    const silence = setTimeout(() => client.close(), SILENCE_MS);
    await client.request('daemon.info', {}).catch((error: unknown) => {
      // Of a fleet: none of its hosts can be asked.
      if (error instanceof RequestError && error.code === 'HOST_UNREACHABLE') client.close();
    });
    clearTimeout(silence);
  }
}

/** undefined for a login that may see some sessions only; that, too, is an answer of the daemon's side. */
async function daemonOf(client: Client): Promise<Result<'daemon.info'> | undefined> {
  try {
    return await client.request('daemon.info', {});
  } catch (error) {
    if (error instanceof RequestError && error.code === 'FORBIDDEN') return undefined;
    throw error;
  }
}

/** A session that was asked about has been forgotten meanwhile; the next list says so, and whoever asked asks anew. */
function isOfOldList(error: unknown): boolean {
  return error instanceof RequestError && error.code === 'SESSION_NOT_FOUND';
}

function isOfConnection(error: unknown): boolean {
  if (error instanceof ConnectionError) return true;
  return error instanceof RequestError && error.code === 'DAEMON_UNREACHABLE';
}
