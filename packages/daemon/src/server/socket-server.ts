/** Serves the Unix socket and knows its connections. */
import type net from 'node:net';
import { MAX_CONNECTIONS, RESERVED_DESCRIPTORS } from '../limits.ts';
import type { Log } from '../log.ts';
import { hasFreeDescriptors } from '../processes/free-descriptors.ts';
import { SpareDescriptors } from '../processes/spare-descriptors.ts';
import { Announcer, until } from '../until.ts';
import { Admission } from './admission.ts';
import type { Answering } from './answering.ts';
import { Connection } from './connection.ts';
import type { Listener } from './listener.ts';
import { StallWatch } from './stall.ts';

export class SocketServer {
  readonly #connections = new Admission<Connection>(MAX_CONNECTIONS, () =>
    hasFreeDescriptors(RESERVED_DESCRIPTORS),
  );
  readonly #daemon: Answering;
  readonly #log: Log;
  readonly #stall = new StallWatch();
  readonly #spare = new SpareDescriptors({
    began: () => this.#log.error('no file descriptor was left: only clients that make room can connect'),
    ended: () => this.#log.warn('file descriptors are free again'),
  });
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

  /** Serves that one, and no longer the one before; connections stay. */
  serve(listener: Listener): void {
    this.#listener?.leave();
    this.#listener = listener;
    listener.serve({
      connected: (socket) => this.#stall.pass(socket, () => this.#accept(socket)),
      failed: (error) => this.#log.error({ err: error }, 'the socket failed'),
    });
  }

  /** Whether a client that connects to the path reaches this server. */
  get isInPlace(): boolean {
    return this.#listener?.isInPlace ?? false;
  }

  #accept(socket: net.Socket): void {
    this.#connections.admit(
      socket,
      (shortage) =>
        new Connection(socket, this.#daemon, this.#log, {
          shortage,
          isAfterStall: () => this.#stall.isRecent,
        }),
    );
    socket.once('close', () => this.#left.announce());
  }

  /** Of the listening socket, where clients reach it. */
  get listenerFd(): number | undefined {
    return this.isInPlace ? this.#listener?.fd : undefined;
  }

  /** Another daemon listens now: every open request is refused, and told how it goes on there. */
  handOver(): void {
    this.#listener?.leave();
    this.#listener = undefined;
    this.#spare.close();
    for (const connection of this.#connections) connection.handOver();
  }

  /** Takes no more connections; those there are stay. The socket's file goes, if it is ours. */
  stopListening(): void {
    this.#listener?.stop();
    this.#listener = undefined;
  }

  /** Ends every connection after what it was already answered; those that do not go are cut. */
  async close(withinMs: number): Promise<void> {
    await this.#end(withinMs, () => false);
  }

  /** As close(), but for command lines, which go on with the other daemon. @returns resolves once those are over as well */
  async closeHandedOver(withinMs: number): Promise<{ commandsOver: Promise<void> }> {
    await this.#end(withinMs, ({ isCommand }) => isCommand);
    return { commandsOver: until(this.#left, () => this.#connections.count === 0).then(() => {}) };
  }

  async #end(withinMs: number, isKept: (connection: Connection) => boolean): Promise<void> {
    this.#stall.close();
    this.#spare.close();
    const others = () => [...this.#connections].filter((connection) => !isKept(connection));
    for (const connection of this.#connections) connection.close();
    await until(this.#left, () => others().length === 0, { withinMs });
    for (const connection of others()) connection.destroy();
  }
}
