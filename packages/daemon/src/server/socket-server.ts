/** Listens on the Unix socket and knows its connections. */
import fs from 'node:fs';
import net from 'node:net';
import { isMainThread } from 'node:worker_threads';
import { BoundSocket, socketProblem } from '@pilotty/protocol';
import { MAX_CONNECTIONS } from '../limits.ts';
import type { Log } from '../log.ts';
import { hasFreeDescriptors } from '../processes/free-descriptors.ts';
import { randomHex } from '../random-hex.ts';
import { Announcer, until } from '../until.ts';
import { Admission, RESERVED_DESCRIPTORS } from './admission.ts';
import type { Answering } from './answering.ts';
import { Connection } from './connection.ts';
import { StallWatch } from './stall.ts';

const SYSTEM = { files: fs, umask: setUmask, nonce: () => randomHex(2) };

/** A worker thread cannot set it; a daemon in one is a test's own, in a directory that only its user can enter. */
function setUmask(mask: number): number {
  return isMainThread ? process.umask(mask) : process.umask();
}

interface Listener {
  server: net.Server;
  socket: BoundSocket;
}

export class SocketServer {
  readonly #connections = new Admission<Connection>(MAX_CONNECTIONS, () =>
    hasFreeDescriptors(RESERVED_DESCRIPTORS),
  );
  readonly #daemon: Answering;
  readonly #log: Log;
  readonly #stall = new StallWatch();
  #listener: Listener | undefined;
  /** A connection has ended. */
  readonly #left = new Announcer();

  constructor(daemon: Answering, log: Log) {
    this.#daemon = daemon;
    this.#log = log;
  }

  get connectionCount(): number {
    return this.#connections.count;
  }

  /**
   * Listens there, and no longer where it has listened; connections stay. The caller has the lock, so a
   * socket file at the path is stale.
   */
  async listen(path: string): Promise<void> {
    refuseForeign(path);
    const server = net.createServer((socket) => this.#stall.pass(socket, () => this.#accept(socket)));
    server.on('error', (error) => this.#log.error({ err: error }, 'the socket failed'));
    try {
      const socket = await BoundSocket.bind(server, path, SYSTEM);
      this.#listener?.server.close();
      this.#listener = { server, socket };
    } catch (error) {
      server.close();
      throw error;
    }
  }

  /** Whether a client that connects to the path reaches this server. */
  get isInPlace(): boolean {
    return this.#listener?.socket.isInPlace ?? false;
  }

  #accept(socket: net.Socket): void {
    this.#connections.admit(
      socket,
      (shortage) => new Connection(socket, this.#daemon, this.#log, { shortage }),
    );
    socket.once('close', () => this.#left.announce());
  }

  /** Takes no more connections; those there are stay. The socket's file goes, if it is ours. */
  stopListening(): void {
    if (this.#listener === undefined) return;
    this.#listener.socket.remove();
    this.#listener.server.close();
    this.#listener = undefined;
  }

  /** Ends every connection after what it was already answered; those that do not go are cut. */
  async close(withinMs: number): Promise<void> {
    this.#stall.close();
    for (const connection of this.#connections) connection.close();
    if (await until(this.#left, () => this.#connections.count === 0, { withinMs })) return;
    for (const connection of this.#connections) connection.destroy();
  }
}

/** @throws when there is something that is no socket of ours, which is left alone */
function refuseForeign(path: string): void {
  const facts = fs.lstatSync(path, { throwIfNoEntry: false });
  const problem = facts && socketProblem(facts, process.getuid?.() ?? -1);
  if (problem) throw new Error(`'${path}' ${problem}, so it is not replaced`);
}
