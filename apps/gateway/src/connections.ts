/**
 * The gateway's connections: their number, and which one is closed to make room.
 *
 * A connection that has sent a valid token stays. Beyond the limit the oldest of the others is closed, of the address
 * that has most of them: so connections without a token cannot keep out clients with one.
 */
import type { Server, Socket } from 'node:net';

interface Known {
  socket: Socket;
  address: string;
  isTrusted: boolean;
}

type Peer = Pick<Socket, 'remoteAddress' | 'remotePort'>;

export class Connections {
  readonly #max: number;
  /** By address and port, which a TLS socket shares with the socket beneath it; the oldest first. */
  readonly #known = new Map<string, Known>();

  constructor(server: Server, max: number) {
    this.#max = max;
    // Before the handshake, where there is one.
    server.on('connection', (socket: Socket) => this.#add(socket));
  }

  #add(socket: Socket): void {
    const key = keyOf(socket);
    // Closed by its peer before it came here.
    if (key === undefined) return void socket.destroy();
    if (this.#known.size >= this.#max && !this.#makeRoom()) return void socket.destroy();
    const known = { socket, address: socket.remoteAddress ?? '', isTrusted: false };
    this.#known.set(key, known);
    socket.once('close', () => {
      if (this.#known.get(key) === known) this.#known.delete(key);
    });
  }

  /** The peer has sent a valid token. */
  trust(peer: Peer): void {
    const known = this.#known.get(keyOf(peer) ?? '');
    if (known !== undefined) known.isTrusted = true;
  }

  /** Destroys every connection, in whatever state it is. */
  destroy(): void {
    for (const { socket } of this.#known.values()) socket.destroy();
  }

  #makeRoom(): boolean {
    const counts = new Map<string, number>();
    for (const { address, isTrusted } of this.#known.values()) {
      if (!isTrusted) counts.set(address, (counts.get(address) ?? 0) + 1);
    }
    const [busiest] = [...counts].sort(([, one], [, other]) => other - one)[0] ?? [];
    for (const [key, { socket, address, isTrusted }] of this.#known) {
      if (isTrusted || address !== busiest) continue;
      this.#known.delete(key);
      socket.destroy();
      return true;
    }
    return false;
  }
}

function keyOf({ remoteAddress, remotePort }: Peer): string | undefined {
  return remoteAddress === undefined ? undefined : `${remoteAddress} ${remotePort}`;
}
