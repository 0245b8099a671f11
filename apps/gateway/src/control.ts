/**
 * How `pilotty serve` talks to the gateway that runs: a Unix socket in the socket directory, so for its owner
 * only. One line of JSON each way.
 */
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import net from 'node:net';
import { BoundSocket } from '@pilotty/protocol';
import { errorBodyOf } from './errors.ts';
import { MAX_CONTROL_CONNECTIONS } from './limits.ts';

/** What can be asked, by its first word; the rest of the line is for it. Each answers one object. */
type Answers = Readonly<Record<string, (rest: string) => object | Promise<object>>>;

/** Names and tags of sessions, at most. */
const MAX_LINE_CHARACTERS = 16_384;

export class Control {
  readonly #server: net.Server;
  readonly #sockets = new Set<net.Socket>();
  #socket: BoundSocket | undefined;

  constructor(answers: Answers) {
    this.#server = net.createServer((socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
      converse(socket, answers);
    });
    this.#server.maxConnections = MAX_CONTROL_CONNECTIONS;
  }

  async listen(path: string): Promise<void> {
    this.#socket = await BoundSocket.bind(this.#server, path, {
      files: fs,
      umask: (mask) => process.umask(mask),
      nonce: () => randomBytes(2).toString('hex'),
    });
  }

  /** Ends the connections, so that those who wait for the end of the gateway see it. */
  close(): void {
    this.#socket?.remove();
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }
}

/** Stays open until the client, or the gateway, ends it. */
function converse(socket: net.Socket, answers: Answers): void {
  let text = '';
  // The client may be gone.
  socket.on('error', () => socket.destroy());
  socket.setEncoding('utf8').on('data', (more) => {
    text += more;
    if (text.length > MAX_LINE_CHARACTERS) socket.destroy();
    if (!text.includes('\n')) return;
    const asked = text.trim();
    text = '';
    const [, word = '', rest = ''] = /^(\S+)\s*(.*)$/.exec(asked) ?? [];
    const answer = async () => (Object.hasOwn(answers, word) ? await answers[word]?.(rest) : undefined);
    const say = (said: object | undefined) => void socket.write(`${JSON.stringify(said ?? {})}\n`);
    answer().then(say, (error: unknown) => say({ error: errorBodyOf(error) }));
  });
}
