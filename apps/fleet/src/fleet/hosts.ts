/** The hosts of a fleet as clients: one connection to NATS, a link to each that is asked. Hosts that do not answer are named. */
import { type Client, type ClientName, ConnectionError, RequestError } from '@pilotty/client';
import type { FleetAddress } from '../address.ts';
import { Directory, type KnownHost } from '../directory/bucket.ts';
import type { LinkTiming } from '../link/timing.ts';
import type { Nats } from '../nats/connect.ts';
import { createHostClient } from './host-client.ts';

export interface Unreachable {
  host: string;
  reason: string;
  /** By the clock of NATS. */
  last_seen: string;
  last_sessions: { id: string; name: string; command: string; tags: string[] }[];
}

export interface HostsOptions {
  address: FleetAddress;
  nats(): Promise<Nats>;
  timing: LinkTiming;
  startsDaemon(): boolean;
  client: ClientName;
  warn(message: string): void;
}

export class Hosts {
  readonly #options: HostsOptions;
  readonly #clients = new Map<string, Client>();
  #directory: Promise<Directory> | undefined;

  constructor(options: HostsOptions) {
    this.#options = options;
  }

  get fleet(): string {
    return this.#options.address.fleet;
  }

  nats(): Promise<Nats> {
    return this.#options.nats();
  }

  /** @throws ConnectionError where the directory cannot be read */
  async known(): Promise<KnownHost[]> {
    return await (await this.#read()).hosts();
  }

  /** @throws RequestError for one that has never joined, or has left; ConnectionError */
  async knownAs(names: readonly string[]): Promise<KnownHost[]> {
    const directory = await this.#read();
    return await Promise.all(
      [...new Set(names)].map(async (name) => (await directory.host(name)) ?? this.#unknown(name)),
    );
  }

  client(host: string): Client {
    const { address, timing, startsDaemon, client, warn } = this.#options;
    const found =
      this.#clients.get(host) ??
      createHostClient({
        nats: this.#options.nats,
        address: { fleet: address.fleet, host },
        timing,
        startsDaemon,
        client,
        warn,
      });
    this.#clients.set(host, found);
    return found;
  }

  /** What is known of one that has not answered. */
  async unreachable({ host, lastSeen }: KnownHost, error: Error): Promise<Unreachable> {
    const known = await (await this.#read()).sessionsOf(host).catch(() => undefined);
    return {
      host,
      reason: error.message,
      last_seen: lastSeen.toISOString(),
      last_sessions: (known?.sessions ?? []).map(({ id, name, command, tags }) => ({
        id: `${host}/${id}`,
        name: `${host}/${name}`,
        command,
        tags,
      })),
    };
  }

  close(): void {
    for (const client of this.#clients.values()) client.close();
  }

  async #read(): Promise<Directory> {
    this.#directory ??= this.nats().then((nats) => new Directory(nats, this.fleet));
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
