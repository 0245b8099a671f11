/**
 * Listens on the Unix socket and knows its connections.
 *
 * The socket is bound under another name and then renamed to its own. So it is there at once, with its
 * mode, and libuv, which unlinks the name it has bound when it closes, never unlinks the socket of
 * another daemon that has taken the place since.
 */
import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import { dirname, join } from 'node:path';
import { socketProblem } from '@pilotty/protocol';
import { MAX_CONNECTIONS } from '../limits.ts';
import type { Log } from '../log.ts';
import { hasFreeDescriptors } from '../processes/free-descriptors.ts';
import { isSameFile } from '../processes/same-file.ts';
import { randomHex } from '../random-hex.ts';
import { Announcer, until } from '../until.ts';
import { Admission, RESERVED_DESCRIPTORS } from './admission.ts';
import { type Answering, Connection } from './connection.ts';
import { StallWatch } from './stall.ts';

/** As long as pilotty.sock, which fits into a socket's path. */
const UNNAMED_SOCKET = /^pilotty\.[0-9a-f]{4}$/;

interface Listener {
  server: net.Server;
  path: string;
  file: { ino: number; dev: number };
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
    removeUnnamed(dirname(path));
    const server = net.createServer((socket) => this.#stall.pass(socket, () => this.#accept(socket)));
    const unnamed = join(dirname(path), `pilotty.${randomHex(2)}`);
    // The mode a socket is made with is the umask's: closed from its first moment on. It is made at once.
    const umask = process.umask(0o177);
    server.listen(unnamed);
    process.umask(umask);
    await once(server, 'listening');
    server.on('error', (error) => this.#log.error({ err: error }, 'the socket failed'));
    try {
      const { ino, dev } = fs.lstatSync(unnamed);
      fs.renameSync(unnamed, path);
      this.#listener?.server.close();
      this.#listener = { server, path, file: { ino, dev } };
    } catch (error) {
      server.close();
      throw error;
    }
  }

  /** Whether a client that connects to the path reaches this server. */
  get isInPlace(): boolean {
    return this.#listener !== undefined && isSameFile(this.#listener.path, this.#listener.file);
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
    if (this.isInPlace) fs.rmSync(this.#listener.path, { force: true });
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

/** Left by a daemon that was killed between binding and renaming. */
function removeUnnamed(directory: string): void {
  for (const entry of fs.readdirSync(directory, { withFileTypes: true })) {
    if (entry.isSocket() && UNNAMED_SOCKET.test(entry.name)) {
      fs.rmSync(join(directory, entry.name), { force: true });
    }
  }
}
