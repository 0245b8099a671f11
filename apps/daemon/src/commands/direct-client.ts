/** A client in the daemon's own process: the same requests and answers, without a connection between. */
import type { Client, MethodName, Params, RequestOptions, Result } from '@pilotty/client';
import { type Answering, type Call, Cancellation, type Log } from '@pilotty/daemon';
import { asSent } from './as-sent.ts';

export class DirectClient implements Client {
  readonly #daemon: Answering;
  readonly #log: Log;
  readonly #open = new Set<Cancellation>();

  constructor(daemon: Answering, log: Log) {
    this.#daemon = daemon;
    this.#log = log;
  }

  async request<M extends MethodName>(
    method: M,
    params: Params<M>,
    { signal, onEvent }: RequestOptions<M> = {},
  ): Promise<Result<M>> {
    signal?.throwIfAborted();
    const cancellation = new Cancellation();
    this.#open.add(cancellation);
    let leave = () => {};
    const over = new Promise<never>((_, reject) => {
      const end = (reason: unknown) => {
        cancellation.cancel();
        reject(reason);
      };
      const aborted = () => end(signal?.reason);
      signal?.addEventListener('abort', aborted, { once: true });
      leave = () => signal?.removeEventListener('abort', aborted);
    });
    const call: Call = {
      get signal() {
        return cancellation.signal;
      },
      get isOver() {
        return cancellation.isOver;
      },
      whenOver: (listener) => cancellation.whenOver(listener),
      emit: async (event) => await onEvent?.(asSent(event) as never),
      ready: async () => {},
    };
    const began = performance.now();
    try {
      const answer = await Promise.race([this.#daemon.answer(method, asSent(params), call), over]);
      return asSent(answer) as Result<M>;
    } finally {
      leave();
      this.#open.delete(cancellation);
      this.#log.debug({ method, duration_ms: Math.round(performance.now() - began) }, 'answered');
    }
  }

  /** The daemon is this process. */
  disconnected(): Promise<void> {
    return new Promise(() => {});
  }

  close(): void {
    for (const cancellation of this.#open) cancellation.cancel();
  }
}
