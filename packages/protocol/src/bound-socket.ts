/**
 * A Unix socket at its path, as the daemon and the gateway bind theirs.
 *
 * It is bound under another name and then renamed to its own. So it is there at once, with its mode, and libuv, which
 * unlinks the name it has bound when it closes, never unlinks the socket of another process that has taken the place
 * since. The caller holds the lock of the directory, so a socket file at the path is stale.
 *
 * Nothing here touches a file by itself: the caller passes its file system.
 */

/** The part of `node:net`'s server that is needed. */
export interface ListeningServer {
  listen(path: string): unknown;
  once(event: 'listening', listener: () => void): unknown;
  once(event: 'error', listener: (error: Error) => void): unknown;
  off(event: 'error', listener: (error: Error) => void): unknown;
}

interface FileIdentity {
  ino: number;
  dev: number;
}

export interface SocketFiles {
  lstatSync(path: string, options: { throwIfNoEntry: false }): FileIdentity | undefined;
  readdirSync(path: string, options: { withFileTypes: true }): { name: string; isSocket(): boolean }[];
  renameSync(from: string, to: string): void;
  rmSync(path: string, options: { force: true }): void;
}

export interface SocketSystem {
  files: SocketFiles;
  umask(mask: number): number;
  /** Four hexadecimal digits, others each time. */
  nonce(): string;
}

export class BoundSocket {
  readonly path: string;
  readonly #files: SocketFiles;
  readonly #file: FileIdentity | undefined;

  private constructor(path: string, file: FileIdentity | undefined, files: SocketFiles) {
    this.path = path;
    this.#file = file;
    this.#files = files;
  }

  /** @throws what the server emits or the file system throws */
  static async bind(server: ListeningServer, path: string, system: SocketSystem): Promise<BoundSocket> {
    const { files, umask, nonce } = system;
    // 'pilotty.12ab' for 'pilotty.sock': as long, so that it fits into a socket's path too.
    const stem = path.replace(/sock$/, '');
    removeLeft(stem, files);
    const bound = `${stem}${nonce()}`;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.once('listening', () => {
        server.off('error', reject);
        resolve();
      });
      // The mode a socket is made with is the umask's: closed from its first moment on. It is made at once.
      const before = umask(0o177);
      server.listen(bound);
      umask(before);
    });
    const file = files.lstatSync(bound, { throwIfNoEntry: false });
    files.renameSync(bound, path);
    return new BoundSocket(path, file, files);
  }

  /** One that is at its path already. @throws Error where nothing is */
  static adopt(path: string, { files }: Pick<SocketSystem, 'files'>): BoundSocket {
    const file = files.lstatSync(path, { throwIfNoEntry: false });
    if (file === undefined) throw new Error(`there is nothing at '${path}'`);
    return new BoundSocket(path, file, files);
  }

  /** Whether a client that connects to the path reaches this server. */
  get isInPlace(): boolean {
    const found = this.#files.lstatSync(this.path, { throwIfNoEntry: false });
    return found !== undefined && found.ino === this.#file?.ino && found.dev === this.#file.dev;
  }

  /** Removes the file, if it still is this socket. */
  remove(): void {
    if (this.isInPlace) this.#files.rmSync(this.path, { force: true });
  }
}

/** By a process that was killed between binding and renaming. */
function removeLeft(stem: string, files: SocketFiles): void {
  const [, directory = '', name = ''] = /^(.*)\/(.*)$/s.exec(stem) ?? [];
  for (const entry of files.readdirSync(directory, { withFileTypes: true })) {
    const isOurs = entry.name.startsWith(name) && /^[0-9a-f]{4}$/.test(entry.name.slice(name.length));
    if (isOurs && entry.isSocket()) files.rmSync(`${directory}/${entry.name}`, { force: true });
  }
}
