/** A client in the daemon's own process: the same requests and answers, without a connection between. */
import {
  type Client,
  type ClientName,
  ConnectionError,
  type MethodName,
  type Params,
  type RequestOptions,
  type Result,
} from '@pilotty/client';
import {
  type Answering,
  Call,
  type Caller,
  Cancellation,
  ClientIdentity,
  type Log,
  RequestLog,
} from '@pilotty/daemon';
import { asSent } from './as-sent.ts';

export class DirectClient implements Client {
  readonly #daemon: Answering;
  readonly #requests: RequestLog;
  /** Ends each request that has not been answered. */
  readonly #open = new Set<(reason: unknown) => void>();
  readonly #identity: ClientIdentity;
  #isClosed = false;

  constructor(daemon: Answering, log: Log, client?: ClientName) {
    this.#identity = new ClientIdentity(client);
    this.#daemon = daemon;
    this.#requests = new RequestLog(log);
  }

  async request<M extends MethodName>(
    method: M,
    params: Params<M>,
    { signal, onEvent }: RequestOptions<M> = {},
  ): Promise<Result<M>> {
    signal?.throwIfAborted();
    if (this.#isClosed) throw new ConnectionError('the client is closed');
    const cancellation = new Cancellation();
    let leave = () => {};
    const over = new Promise<never>((_, reject) => {
      const end = (reason: unknown) => {
        cancellation.cancel();
        reject(reason);
      };
      const aborted = () => end(signal?.reason);
      signal?.addEventListener('abort', aborted, { once: true });
      this.#open.add(end);
      leave = () => {
        signal?.removeEventListener('abort', aborted);
        this.#open.delete(end);
      };
    });
    const caller: Caller = {
      // It leaves by its signal.
      isGone: () => false,
      client: this.#identity,
      emit: async (event) => await onEvent?.(asSent(event) as never),
      ready: async () => {},
    };
    const began = this.#requests.began();
    try {
      const call = new Call(caller, cancellation);
      const answer = await Promise.race([this.#daemon.answer(method, asSent(params), call), over]);
      this.#requests.answered(method, began);
      return asSent(answer) as Result<M>;
    } catch (error) {
      this.#requests.refused(method, began, error);
      throw error;
    } finally {
      leave();
    }
  }

  /** The daemon is this process. */
  disconnected(): Promise<void> {
    return new Promise(() => {});
  }

  close(): void {
    this.#isClosed = true;
    for (const end of [...this.#open]) end(new ConnectionError('the client was closed'));
    this.#identity.leave();
  }
}
