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
import { effect, signal } from '@preact/signals';
import type { Access } from './access.ts';

export type LinkState =
  | { kind: 'connecting' }
  | { kind: 'online' }
  /** Tries again by itself; `reason` is a sentence. */
  | { kind: 'offline'; reason: string }
  /** Not logged in; `reason` says what was wrong with the last attempt. */
  | { kind: 'locked'; reason?: string };

const FIRST_RETRY_MS = 250;
const LAST_RETRY_MS = 5_000;
/** A laptop that slept has connections that look open; a ping unanswered for this long means it is dead. */
const SILENCE_MS = 10_000;
const HEARTBEAT_MS = 30_000;

export class Link {
  readonly state = signal<LinkState>({ kind: 'connecting' });
  readonly #open: (signal: AbortSignal) => ReturnType<Access['open']>;
  readonly #access: Access;
  #client: Client | undefined;
  /** Ends the pause before the next attempt. */
  #hurry = () => {};

  constructor(access: Access) {
    this.#access = access;
    this.#open = (signal) => access.open(signal);
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
        if (!lost.signal.aborted && !isOfConnection(error)) console.error(error);
      });
      return () => lost.abort();
    });
  }

  /** At once, instead of after the pause. */
  retry(): void {
    this.#hurry();
    void this.#check();
  }

  async logIn(token: string): Promise<void> {
    try {
      await this.#access.logIn(token);
      this.state.value = { kind: 'connecting' };
      this.#hurry();
    } catch (error) {
      this.state.value = { kind: 'locked', reason: sentence(error) };
    }
  }

  async run(): Promise<never> {
    await this.#access.useTicket();
    for (let retryMs = FIRST_RETRY_MS; ; retryMs = Math.min(retryMs * 2, LAST_RETRY_MS)) {
      const client = new ConnectedClient(this.#open);
      this.#client = client;
      try {
        await client.request('daemon.info', {});
        this.state.value = { kind: 'online' };
        retryMs = FIRST_RETRY_MS;
        await client.disconnected();
        this.state.value = { kind: 'offline', reason: 'The connection was lost.' };
      } catch (error) {
        this.state.value = (await this.#access.isLoggedIn())
          ? { kind: 'offline', reason: sentence(error) }
          : { kind: 'locked' };
      }
      this.#client = undefined;
      client.close();
      await this.#pause(retryMs);
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
    await client.request('daemon.info', {}).catch(() => {});
    clearTimeout(silence);
  }
}

function isOfConnection(error: unknown): boolean {
  if (error instanceof ConnectionError) return true;
  return error instanceof RequestError && error.code === 'DAEMON_UNREACHABLE';
}

function sentence(error: unknown): string {
  if (error instanceof RequestError || error instanceof ConnectionError) {
    return `${capital(error.message)}. ${error.suggestion ?? ''}`.trim();
  }
  return error instanceof Error ? error.message : String(error);
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
