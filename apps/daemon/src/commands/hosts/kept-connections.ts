/**
 * Connections to other hosts, kept for a moment after a command for the next one: a shell, an ssh and a `connect` there cost
 * more than most questions. Each is lent to one command at a time, and only to one that its ssh would have been started
 * for in the same way.
 */
import type { HostClient, HostClientOptions } from '@pilotty/client/node';
import { type Connect, type Connection, connectionFor } from './connection.ts';
import { LentClient } from './lent-client.ts';

/** After its last command. */
const KEPT_FOR_MS = 30_000;
/** Of the ten places that a server of ssh has by default on one connection. */
const MAX_KEPT = 4;

interface Kept {
  key: string;
  connection: Connection;
  closing: NodeJS.Timeout;
}

export class KeptConnections {
  readonly #connect: Connect;
  readonly #keptForMs: number;
  /** The one kept last stands last. */
  readonly #kept = new Set<Kept>();

  constructor(connect: Connect, keptForMs: number = KEPT_FOR_MS) {
    this.#connect = connect;
    this.#keptForMs = keptForMs;
  }

  /** @param options are read when the command first asks something */
  lend(options: HostClientOptions): HostClient {
    return new LentClient({
      open: () => connectionFor(this.#connect, options),
      take: () => this.#take(keyOf(options), options),
      giveBack: (connection) => this.#keep(keyOf(options), connection),
    });
  }

  #take(key: string, options: HostClientOptions): Connection | undefined {
    const kept = [...this.#kept].findLast((each) => each.key === key);
    if (kept === undefined) return undefined;
    this.#forget(kept);
    kept.connection.use(options);
    return kept.connection;
  }

  #keep(key: string, connection: Connection): void {
    const kept: Kept = {
      key,
      connection,
      closing: setTimeout(() => this.#end(kept), this.#keptForMs).unref(),
    };
    this.#kept.add(kept);
    void connection.client.disconnected().then(() => this.#end(kept));
    const [oldest] = this.#kept;
    if (oldest !== undefined && this.#kept.size > MAX_KEPT) this.#end(oldest);
  }

  #forget(kept: Kept): void {
    clearTimeout(kept.closing);
    this.#kept.delete(kept);
  }

  /** Nothing where it is lent. */
  #end(kept: Kept): void {
    if (!this.#kept.has(kept)) return;
    this.#forget(kept);
    kept.connection.client.close();
  }
}

/** All that ssh, the other host and the daemon there are told. */
function keyOf({ host, client }: HostClientOptions): string {
  const { address, remotePath, env, cwd } = host;
  const variables = Object.entries(env).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([address.text, remotePath, cwd, client?.name, client?.scope, variables]);
}
