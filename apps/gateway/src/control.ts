/**
 * How `pilotty serve` talks to the gateway that runs: a Unix socket in the socket directory, so for its owner
 * only. One line of JSON each way.
 */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { lstatSync, renameSync, rmSync } from 'node:fs';
import net from 'node:net';
import { dirname, join } from 'node:path';

/** What can be asked; each answers one object. */
type Answers = Readonly<Record<string, () => object>>;

const MAX_LINE_CHARACTERS = 1000;

export class Control {
  readonly #server: net.Server;
  readonly #sockets = new Set<net.Socket>();
  #file: { path: string; ino: number; dev: number } | undefined;

  constructor(answers: Answers) {
    this.#server = net.createServer((socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
      converse(socket, answers);
    });
  }

  /**
   * The caller has the directory's lock, so a socket that is there is stale. Bound under another name and
   * renamed: when it closes, libuv unlinks the name it has bound, which by then may be another gateway's.
   */
  async listen(path: string): Promise<void> {
    // As long as gateway.sock, which fits into a socket's path.
    const unnamed = join(dirname(path), `gateway.${randomBytes(2).toString('hex')}`);
    const umask = process.umask(0o177);
    this.#server.listen(unnamed);
    process.umask(umask);
    await once(this.#server, 'listening');
    const { ino, dev } = lstatSync(unnamed);
    renameSync(unnamed, path);
    this.#file = { path, ino, dev };
  }

  /** Ends the connections, so that those who wait for the end of the gateway see it. */
  close(): void {
    const found = this.#file && lstatSync(this.#file.path, { throwIfNoEntry: false });
    if (this.#file && found?.ino === this.#file.ino && found.dev === this.#file.dev) {
      rmSync(this.#file.path, { force: true });
    }
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
    const answer = Object.hasOwn(answers, asked) ? answers[asked]?.() : undefined;
    socket.write(`${JSON.stringify(answer ?? {})}\n`);
  });
}
