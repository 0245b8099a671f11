/**
 * Connections that are kept for the next question: a login, or a link to each host of a fleet, costs more than what is
 * asked over it. Who comes in parts, and may take them slowly, has a connection of its own; so has a spawn, whose host
 * is chosen for it.
 */
import { ConnectionError } from '@pilotty/client';
import type { HostClient } from '@pilotty/client/node';
import type { Asked } from './asked.ts';

/** After its last question; a daemon that has clients does not end by itself. */
const KEPT_FOR_MS = 30_000;

/** Callers choose their names; a server of ssh has ten places on one connection. */
const MAX_KEPT = 8;

interface Kept {
  client: HostClient;
  open: number;
  closing: NodeJS.Timeout | undefined;
}

export class KeptClients {
  readonly #connect: (asked: Asked) => HostClient;
  readonly #kept = new Map<string, Kept>();

  constructor(connect: (asked: Asked) => HostClient) {
    this.#connect = connect;
  }

  borrow(asked: Asked): HostClient {
    const ended = new AbortController();
    let own: HostClient | undefined;
    const owned = () => {
      own ??= this.#connect(asked);
      return own;
    };
    return {
      request: async (method, params, options = {}) => {
        ended.signal.throwIfAborted();
        const kept = this.#keptFor(asked);
        if (options.onEvent !== undefined || method === 'session.spawn' || kept === undefined)
          return await owned().request(method, params, options);
        const signal = options.signal ? AbortSignal.any([options.signal, ended.signal]) : ended.signal;
        return await kept((client) => client.request(method, params, { signal }));
      },
      surroundings: async (name) => await owned().surroundings(name),
      disconnected: async () => await own?.disconnected(),
      close() {
        ended.abort(new ConnectionError('the client was closed'));
        own?.close();
      },
    };
  }

  close(): void {
    for (const { client, closing } of this.#kept.values()) {
      clearTimeout(closing);
      client.close();
    }
    this.#kept.clear();
  }

  /** Asks over a kept connection; undefined where there is no place for another. */
  #keptFor(asked: Asked): (<T>(ask: (client: HostClient) => Promise<T>) => Promise<T>) | undefined {
    // Others see the name of who asks, whose names count in its scope, and a daemon is started for some only.
    const startsDaemon = asked.startsDaemon();
    const name = asked.name();
    const scope = asked.scope();
    const key = JSON.stringify([startsDaemon, name, scope]);
    if (!this.#kept.has(key) && this.#kept.size >= MAX_KEPT) return undefined;
    return async (ask) => {
      const made = { startsDaemon: () => startsDaemon, name: () => name, scope: () => scope };
      const kept = this.#kept.get(key) ?? { client: this.#connect(made), open: 0, closing: undefined };
      this.#kept.set(key, kept);
      clearTimeout(kept.closing);
      kept.open++;
      try {
        return await ask(kept.client);
      } finally {
        kept.open--;
        if (kept.open === 0) kept.closing = setTimeout(() => this.#end(key, kept), KEPT_FOR_MS).unref();
      }
    };
  }

  #end(key: string, kept: Kept): void {
    kept.client.close();
    if (this.#kept.get(key) === kept) this.#kept.delete(key);
  }
}
