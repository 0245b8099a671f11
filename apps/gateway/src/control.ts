/**
 * How `pilotty serve` talks to the gateway that runs: a Unix socket in the socket directory, so for its owner
 * only. One line of JSON each way. Whoever listens there is the directory's gateway; a second one is refused.
 */
import { existsSync, unlinkSync } from 'node:fs';
import net from 'node:net';
import { RequestError } from '@pilotty/client';

/** What can be asked; each answers one object. */
type Answers = Readonly<Record<string, () => object>>;

const MAX_LINE_CHARACTERS = 1000;

export class Control {
  readonly #server: net.Server;
  readonly #sockets = new Set<net.Socket>();

  constructor(answers: Answers) {
    this.#server = net.createServer((socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
      converse(socket, answers);
    });
  }

  /** @throws RequestError when another gateway listens there */
  async listen(path: string): Promise<void> {
    if (existsSync(path)) {
      if (await isServed(path)) {
        throw new RequestError('UNAVAILABLE', 'A gateway of this socket directory is running already', {
          suggestion: "'pilotty serve --show-token' says where it is, 'pilotty serve --stop' ends it.",
        });
      }
      unlinkSync(path);
    }
    const umask = process.umask(0o177);
    try {
      await new Promise<void>((resolve, reject) => {
        this.#server.once('error', reject);
        this.#server.listen(path, () => resolve());
      });
    } finally {
      process.umask(umask);
    }
  }

  /** Ends the conversations: whoever waited for the end of the gateway learns of it. */
  close(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }
}

/** Stays open until the asker, or the gateway, ends it. */
function converse(socket: net.Socket, answers: Answers): void {
  let text = '';
  // Whoever asked may be gone.
  socket.on('error', () => socket.destroy());
  socket.setEncoding('utf8').on('data', (more) => {
    text += more;
    if (text.length > MAX_LINE_CHARACTERS) socket.destroy();
    if (!text.includes('\n')) return;
    const asked = text.trim();
    text = '';
    const answer = Object.hasOwn(answers, asked) ? answers[asked]?.() : undefined;
    socket.write(`${JSON.stringify(answer ?? {})}\n`);
  });
}

function isServed(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
