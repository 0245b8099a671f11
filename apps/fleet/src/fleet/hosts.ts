/** The hosts of a fleet as clients: one connection to NATS, a link to each that is asked. Hosts that do not answer are named. */
import { type Client, type ClientName, ConnectionError, RequestError } from '@pilotty/client';
import type { FleetAddress } from '../address.ts';
import { AskedDirectory } from '../directory/asked-directory.ts';
import type { KnownHost } from '../directory/bucket.ts';
import { overdue } from '../directory/overdue.ts';
import type { SessionRecord } from '../directory/records.ts';
import { timingOf } from '../link/timing.ts';
import { windowFor } from '../link/window.ts';
import type { Nats } from '../nats/connect.ts';
import { createHostClient } from './host-client.ts';

export interface Unreachable {
  host: string;
  reason: string;
  /** By the clock of NATS. */
  last_seen: string;
  /** Running ones, as the host has told within a second of each change. */
  last_sessions: Omit<SessionRecord, 'created_at'>[];
}

export interface HostsOptions {
  address: FleetAddress;
  nats(): Promise<Nats>;
  startsDaemon(): boolean;
  client: ClientName;
  warn(message: string): void;
}

export class Hosts {
  readonly #options: HostsOptions;
  readonly #clients = new Map<string, Client>();
  #overdue: ReadonlySet<string> = new Set();
  /** That are asked with one connection. */
  #count = 1;
  #directory: Promise<AskedDirectory> | undefined;

  constructor(options: HostsOptions) {
    this.#options = options;
  }

  get fleet(): string {
    return this.#options.address.fleet;
  }

  /** In which names of the client count; undefined: in none. */
  get scope(): string | undefined {
    return this.#options.client.scope;
  }

  nats(): Promise<Nats> {
    return this.#options.nats();
  }

  /** @throws ConnectionError where the directory cannot be read */
  async known(): Promise<KnownHost[]> {
    const known = await (await this.#read()).hosts();
    this.#overdue = overdue(known);
    this.#count = known.length;
    return known;
  }

  /** @throws RequestError for one that has never joined, or has left; ConnectionError */
  async knownAs(names: readonly string[]): Promise<KnownHost[]> {
    const directory = await this.#read();
    return await Promise.all(
      [...new Set(names)].map(async (name) => (await directory.host(name)) ?? this.#unknown(name)),
    );
  }

  /** Another number than before: a host has joined since. @throws ConnectionError where the directory cannot be read */
  async joins(): Promise<number> {
    return await (await this.#read()).joins();
  }

  client(host: string): Client {
    return this.#client(host, false);
  }

  /** For what is asked again from where it was: it is told soon when the host is not heard of. */
  watching(host: string): Client {
    return this.#client(host, true);
  }

  #client(host: string, isWatching: boolean): Client {
    const { address, nats, startsDaemon, client, warn } = this.#options;
    const key = `${isWatching} ${host}`;
    const found =
      this.#clients.get(key) ??
      createHostClient({
        nats,
        address: { fleet: address.fleet, host },
        timing: timingOf({ isWatching, isOverdue: this.#overdue.has(host) }),
        windowBytes: windowFor(this.#count),
        startsDaemon,
        client,
        warn,
      });
    this.#clients.set(key, found);
    return found;
  }

  /** What is known of one that has not answered. */
  async unreachable({ host, lastSeen }: KnownHost, error: Error): Promise<Unreachable> {
    const known = await (await this.#read()).sessionsOf(host).catch(() => undefined);
    return {
      host,
      reason: error.message,
      last_seen: lastSeen.toISOString(),
      last_sessions: (known?.sessions ?? []).map(({ id, name, command, tags, work_state: state }) => ({
        id: `${host}/${id}`,
        name: `${host}/${name}`,
        command,
        tags,
        ...(state && { work_state: state }),
      })),
    };
  }

  close(): void {
    for (const client of this.#clients.values()) client.close();
  }

  async #read(): Promise<AskedDirectory> {
    this.#directory ??= this.nats().then((nats) => new AskedDirectory(nats, this.fleet));
    return await this.#directory.catch((error) => {
      this.#directory = undefined;
      throw error;
    });
  }

  #unknown(name: string): never {
    throw new RequestError('SESSION_NOT_FOUND', `the fleet ${this.fleet} has no host ${name}`, {
      suggestion: "'pilotty --fleet nats://SERVER/FLEET ls' shows the hosts that are known.",
    });
  }
}

/** Whether it is about the host and the way to it, and not about the request. */
export function isUnreachable(error: unknown): error is ConnectionError {
  return error instanceof ConnectionError;
}
