/**
 * The daemons that own the sessions of a directory. A session remembers the socket of its own, because
 * a later command may have another environment: a cron job has no XDG_RUNTIME_DIR, and must not
 * take every session for dead.
 */
import { dirname } from 'node:path';
import type { Client } from '@pilotty/client';
import { createLocalClient } from '@pilotty/client/node';
import type { Io } from '../io.ts';
import type { Log } from '../log.ts';

export class Daemons {
  readonly #io: Io;
  readonly #log: Log;
  readonly #clients = new Map<string, Client>();

  constructor(io: Io, log: Log) {
    this.#io = io;
    this.#log = log;
  }

  /** The one for new sessions; started where it does not run. */
  get own(): Client {
    return this.#client('', { env: this.#io.env, daemonProgram: this.#io.daemonProgram });
  }

  /** The one that listened here when a session was started; never started anew. */
  at(socket: string): Client {
    const directory = dirname(socket);
    return this.#client(directory, { env: { ...this.#io.env, PILOTTY_SOCKET_DIR: directory } });
  }

  #client(key: string, place: { env: Io['env']; daemonProgram?: string }): Client {
    const open = this.#clients.get(key);
    if (open !== undefined) return open;
    const client = createLocalClient({
      ...place,
      env: {
        ...place.env,
        PILOTTY_LOG_LEVEL: place.env.PILOTTY_LOG_LEVEL || this.#log.level,
        // Its sessions are found by files of its own, by whoever has the directory.
        PILOTTY_SCOPE: undefined,
      },
      cwd: this.#io.cwd,
      warn: (message) => this.#log.warn(message),
    });
    this.#clients.set(key, client);
    return client;
  }

  close(): void {
    for (const client of this.#clients.values()) client.close();
  }
}
