/**
 * Listens on the Unix socket. Connections that come before there is something to answer them wait: the kernel has
 * taken them, and nothing of what they say is lost.
 */
import fs from 'node:fs';
import net from 'node:net';
import {
  BoundSocket,
  encodeMessage,
  errorMessage,
  type RequestError,
  socketProblem,
} from '@pilotty/protocol';
import { randomHex } from '../random-hex.ts';

const SYSTEM = { files: fs, umask: setUmask, nonce: () => randomHex(2) };

/** A worker thread cannot set it; a daemon in one is a test's own, in a directory that only its user can enter. */
function setUmask(mask: number): number {
  try {
    return process.umask(mask);
  } catch {
    return process.umask();
  }
}

export class Listener {
  readonly #server: net.Server;
  readonly #socket: BoundSocket;
  #adopted: number | undefined;
  /** Those that came before there was anything to answer them; undefined once there is. */
  #early: net.Socket[] | undefined;

  private constructor(server: net.Server, socket: BoundSocket, early: net.Socket[]) {
    this.#server = server;
    this.#socket = socket;
    this.#early = early;
  }

  /** @throws when listening there fails. The caller has the lock, so a socket file at the path is stale. */
  static async bind(path: string): Promise<Listener> {
    refuseForeign(path);
    const early: net.Socket[] = [];
    const server = net.createServer();
    server.on('connection', (socket) => wait(socket, early));
    try {
      return new Listener(server, await BoundSocket.bind(server, path, SYSTEM), early);
    } catch (error) {
      server.close();
      throw error;
    }
  }

  /**
   * Of a socket that another daemon has bound at the path, and hands over; it listens once listen() is called.
   * @throws where the path does not lead to a socket
   */
  static adopt(fd: number, path: string): Listener {
    const early: net.Socket[] = [];
    const server = net.createServer();
    server.on('connection', (socket) => wait(socket, early));
    const listener = new Listener(server, BoundSocket.adopt(path, SYSTEM), early);
    listener.#adopted = fd;
    return listener;
  }

  /** Takes connections from an adopted socket. */
  listen(): void {
    if (this.#adopted !== undefined) this.#server.listen({ fd: this.#adopted });
  }

  /** Of the socket; undefined where it does not listen. */
  get fd(): number | undefined {
    const { _handle: handle } = this.#server as unknown as { _handle?: { fd?: number } | null };
    return handle?.fd === undefined || handle.fd < 0 ? undefined : handle.fd;
  }

  /** Hands over what has come, and what will. */
  serve({ connected, failed }: { connected(socket: net.Socket): void; failed(error: Error): void }): void {
    const early = this.#early ?? [];
    this.#early = undefined;
    this.#server.removeAllListeners('connection');
    this.#server.on('connection', connected);
    this.#server.on('error', failed);
    for (const socket of early) {
      socket.off('error', ignore);
      if (!socket.destroyed) connected(socket);
    }
  }

  /** Whether a client that connects to the path reaches this server. */
  get isInPlace(): boolean {
    return this.#socket.isInPlace;
  }

  /** Takes no more connections. The socket's file goes, if it is ours. */
  stop(): void {
    this.#socket.remove();
    this.leave();
  }

  /** Takes no more connections; the file is another's now. */
  leave(): void {
    this.#server.close();
  }

  /** Nothing will answer them: clients that connect get the reason. */
  async refuse(reason: RequestError, withinMs: number = REFUSE_WITHIN_MS): Promise<void> {
    await new Promise<void>((resolve) => {
      const late = setTimeout(resolve, withinMs);
      const connected = (socket: net.Socket) => {
        socket.on('error', ignore).once('close', () => {
          clearTimeout(late);
          resolve();
        });
        socket.resume().end(encodeMessage(errorMessage(null, reason.toBody())));
      };
      this.serve({ connected, failed: ignore });
    });
    this.stop();
  }
}

/** The client that started the daemon comes at once. */
const REFUSE_WITHIN_MS = 2_000;

function ignore(): void {}

/** Not read: what reads it finds everything. */
function wait(socket: net.Socket, early: net.Socket[]): void {
  socket.on('error', ignore);
  early.push(socket);
}

/** @throws when there is something that is no socket of ours, which is left alone */
function refuseForeign(path: string): void {
  const facts = fs.lstatSync(path, { throwIfNoEntry: false });
  const problem = facts && socketProblem(facts, process.getuid?.() ?? -1);
  if (problem) throw new Error(`'${path}' ${problem}, so it is not replaced`);
}
