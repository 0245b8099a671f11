/** Listens on the Unix socket and knows its connections. */
import fs from 'node:fs';
import net from 'node:net';
import { socketProblem } from '@pilotty/protocol';
import { MAX_CONNECTIONS } from '../limits.ts';
import type { Log } from '../log.ts';
import { hasFreeDescriptors } from '../processes/free-descriptors.ts';
import { Admission, RESERVED_DESCRIPTORS } from './admission.ts';
import { type Answering, Connection } from './connection.ts';

export class SocketServer {
  readonly #server = net.createServer((socket) => this.#accept(socket));
  readonly #connections = new Admission<Connection>(MAX_CONNECTIONS, () =>
    hasFreeDescriptors(RESERVED_DESCRIPTORS),
  );
  readonly #daemon: Answering;
  readonly #log: Log;

  constructor(daemon: Answering, log: Log) {
    this.#daemon = daemon;
    this.#log = log;
  }

  get connectionCount(): number {
    return this.#connections.count;
  }

  /** Whoever calls holds the lock, so a socket that is there is a dead daemon's. */
  async listen(socketPath: string): Promise<void> {
    removeStale(socketPath);
    // The mode a socket is made with is the umask's: closed from its first moment on.
    const umask = process.umask(0o177);
    try {
      await new Promise<void>((resolve, reject) => {
        this.#server.once('error', reject);
        this.#server.listen(socketPath, () => resolve());
      });
    } finally {
      process.umask(umask);
    }
    this.#server.on('error', (error) => this.#log.error({ err: error }, 'the socket failed'));
  }

  #accept(socket: net.Socket): void {
    this.#connections.admit(
      socket,
      (shortage) => new Connection(socket, this.#daemon, this.#log, { shortage }),
    );
  }

  /** Takes no more connections; those there are stay. The socket's file goes. */
  stopListening(): void {
    this.#server.close();
  }

  /** Ends every connection after what it was already answered; those that do not go are cut. */
  async close(withinMs: number): Promise<void> {
    for (const connection of this.#connections) connection.close();
    if (this.#connections.count === 0) return;
    await new Promise<void>((resolve) => {
      const cut = setTimeout(() => {
        for (const connection of this.#connections) connection.destroy();
        resolve();
      }, withinMs);
      this.#server.once('close', () => {
        clearTimeout(cut);
        resolve();
      });
    });
  }
}

function removeStale(socketPath: string): void {
  const facts = fs.lstatSync(socketPath, { throwIfNoEntry: false });
  if (!facts) return;
  const problem = socketProblem(facts, process.getuid?.() ?? -1);
  if (problem) throw new Error(`'${socketPath}' ${problem}, so it is not replaced`);
  fs.unlinkSync(socketPath);
}
