/**
 * The limit on connections. Beyond it, each new connection replaces the oldest one that has not sent `hello`. Where all
 * have, a few more are accepted, only for methods that free resources, and a further one replaces the oldest of these.
 * So silent connections cannot keep `pilotty stop` out.
 */
import type { Duplex } from 'node:stream';
import { ROOM_MAKING_CONNECTIONS as RESERVE } from '../limits.ts';

export interface Admitted {
  readonly isGreeted: boolean;
  destroy(): void;
}

export class Admission<Connection extends Admitted> {
  readonly #most: number;
  readonly #canOpenMore: () => boolean;
  readonly #connections = new Set<Connection>();
  readonly #reserve = new Set<Connection>();

  constructor(most: number, canOpenMore: () => boolean) {
    this.#most = most;
    this.#canOpenMore = canOpenMore;
  }

  get count(): number {
    return this.#connections.size + this.#reserve.size;
  }

  /** @param open gets the reason why the connection may only make room, where it may do no more */
  admit(socket: Duplex, open: (shortage: string | undefined) => Connection): void {
    let shortage = this.#shortage();
    if (shortage !== undefined && this.#cutOldestSilent()) shortage = undefined;
    if (shortage !== undefined && this.#reserve.size >= RESERVE)
      this.#cut(this.#reserve.values().next().value);
    const connection = open(shortage);
    const set = shortage === undefined ? this.#connections : this.#reserve;
    set.add(connection);
    socket.once('close', () => set.delete(connection));
  }

  *[Symbol.iterator](): Iterator<Connection> {
    yield* this.#connections;
    yield* this.#reserve;
  }

  #shortage(): string | undefined {
    if (this.#connections.size >= this.#most) return `All ${this.#most} connections of the daemon are in use`;
    return this.#canOpenMore() ? undefined : 'The daemon has no file descriptor left for another connection';
  }

  #cutOldestSilent(): boolean {
    for (const connection of this.#connections) {
      if (connection.isGreeted) continue;
      this.#cut(connection);
      return true;
    }
    return false;
  }

  /** Its place is free at once, whenever its socket has closed. */
  #cut(connection: Connection | undefined): void {
    if (connection === undefined) return;
    this.#connections.delete(connection);
    this.#reserve.delete(connection);
    connection.destroy();
  }
}
