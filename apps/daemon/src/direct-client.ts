/** A client in the daemon's own process: the same requests and answers, without a connection between. */
import {
  type Client,
  type ClientName,
  ConnectionError,
  type MethodName,
  type Params,
  RequestError,
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
  upgraded,
} from '@pilotty/daemon';
import { asSent } from './as-sent.ts';

export interface DirectOptions {
  client?: ClientName | undefined;
  /** Asks the daemon that has the sessions after an upgrade. Without it none takes over. */
  successor?: (() => Client) | undefined;
}

/** A request that has not been answered. */
interface Open {
  call: Call;
  end(reason: unknown): void;
}

export class DirectClient implements Client {
  readonly #daemon: Answering;
  readonly #requests: RequestLog;
  readonly #open = new Set<Open>();
  readonly #identity: ClientIdentity;
  readonly #openSuccessor: (() => Client) | undefined;
  readonly #unwatch: () => void;
  #successor: Client | undefined;
  #isClosed = false;

  constructor(daemon: Answering, log: Log, { client, successor }: DirectOptions = {}) {
    this.#identity = new ClientIdentity(client);
    this.#daemon = daemon;
    this.#requests = new RequestLog(log);
    this.#openSuccessor = successor;
    this.#unwatch = daemon.handedOver?.watch(() => this.#handOver()) ?? (() => {});
  }

  async request<M extends MethodName>(
    method: M,
    params: Params<M>,
    options: RequestOptions<M> = {},
  ): Promise<Result<M>> {
    options.signal?.throwIfAborted();
    if (this.#isClosed) throw new ConnectionError('the client is closed');
    if (this.#successor !== undefined) return await this.#successor.request(method, params, options);
    const parts = new Parts(options.onEvent);
    try {
      return await this.#ask(method, params, options.signal, parts);
    } catch (error) {
      const again = elsewhere<M>(error);
      if (again === undefined || this.#openSuccessor === undefined) throw error;
      this.#successor ??= this.#openSuccessor();
      // What comes from there follows on what was given out here.
      await parts.taken;
      return await this.#successor.request(again.method, again.params, options);
    } finally {
      parts.end();
    }
  }

  async #ask<M extends MethodName>(
    method: M,
    params: Params<M>,
    signal: AbortSignal | undefined,
    parts: Parts<M>,
  ): Promise<Result<M>> {
    const cancellation = new Cancellation();
    const caller: Caller = {
      // It leaves by its signal.
      isGone: () => false,
      client: this.#identity,
      emit: async (event) => await parts.take(event),
      ready: async () => {},
    };
    const call = new Call(caller, cancellation);
    let leave = () => {};
    const over = new Promise<never>((_, reject) => {
      const end = (reason: unknown) => {
        cancellation.cancel();
        parts.end();
        reject(reason);
      };
      const aborted = () => end(signal?.reason);
      signal?.addEventListener('abort', aborted, { once: true });
      const open = { call, end };
      this.#open.add(open);
      leave = () => {
        signal?.removeEventListener('abort', aborted);
        this.#open.delete(open);
      };
    });
    const began = this.#requests.began();
    try {
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

  /** As Connection.handOver(). */
  #handOver(): void {
    for (const { call, end } of [...this.#open]) if (call.continuation !== undefined) end(upgraded(call));
  }

  /** The daemon is this process, as long as it has the sessions; no command waits for its end. */
  disconnected(): Promise<void> {
    return new Promise(() => {});
  }

  close(): void {
    this.#isClosed = true;
    this.#unwatch();
    for (const { end } of [...this.#open]) end(new ConnectionError('the client was closed'));
    this.#identity.leave();
    this.#successor?.close();
  }
}

/** What the request is to go on with in the daemon that has the sessions now. */
function elsewhere<M extends MethodName>(error: unknown): { method: M; params: Params<M> } | undefined {
  if (!(error instanceof RequestError) || error.code !== 'DAEMON_UPGRADED') return undefined;
  return error.details?.again as { method: M; params: Params<M> } | undefined;
}

/** The parts of an answer, given out one after the other; none after the end. */
class Parts<M extends MethodName> {
  readonly #onEvent: RequestOptions<M>['onEvent'];
  #isEnded = false;
  /** Resolves when all that were given out have been taken. */
  taken: Promise<unknown> = Promise.resolve();

  constructor(onEvent: RequestOptions<M>['onEvent']) {
    this.#onEvent = onEvent;
  }

  async take(event: unknown): Promise<void> {
    if (this.#isEnded || this.#onEvent === undefined) return;
    const taking = Promise.resolve(this.#onEvent(asSent(event) as never));
    this.taken = Promise.all([this.taken, taking]);
    // Where it fails, the request does, unless it goes on elsewhere.
    this.taken.catch(() => {});
    await taking;
  }

  end(): void {
    this.#isEnded = true;
  }
}
