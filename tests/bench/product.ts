/** The built programs in a place of their own: as a command, and over one connection. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from '../../packages/client/src/index.ts';
import { createLocalClient } from '../../packages/client/src/node.ts';
import { leaveSnapshotIn } from '../harness/startup-snapshot.ts';
import { Place } from './place.ts';

export class Product {
  readonly place = new Place();
  readonly client: Client;
  readonly #dist: string;
  readonly #clients: Client[] = [];

  constructor(dist: string) {
    this.#dist = dist;
    this.client = this.connect();
  }

  connect(): Client {
    const { env } = this.place;
    const daemonProgram = join(this.#dist, 'pilotty-daemon.cjs');
    const client = createLocalClient({ env, cwd: '/', daemonProgram });
    this.#clients.push(client);
    return client;
  }

  /** The words that run a command in a process of its own. */
  words(...args: string[]): [string, string[]] {
    return [process.execPath, [join(this.#dist, 'pilotty.cjs'), ...args]];
  }

  /** The same of the native client; undefined where this build has none. */
  nativeWords(...args: string[]): [string, string[]] | undefined {
    const native = join(this.#dist, 'native', `${process.platform}-${process.arch}`, 'pilotty');
    return existsSync(native) ? [native, args] : undefined;
  }

  run(...args: string[]): string {
    return this.place.run(...this.words(...args));
  }

  time(...args: string[]): number {
    return this.place.time(...this.words(...args));
  }

  /** What Node itself takes, the bound of every command. */
  timeNode(): number {
    return this.place.time(process.execPath, ['-e', '0']);
  }

  async spawn(name: string, ...argv: string[]): Promise<{ pid: number }> {
    const { env } = this.place;
    return await this.client.request('session.spawn', { argv, name, cwd: this.place.directory, env });
  }

  async shows(session: string, text: string): Promise<void> {
    const { outcome } = await this.client.request('session.wait', { session, text, timeout_ms: 600_000 });
    if (outcome !== 'matched') throw new Error(`${session} ended without showing ${text}`);
  }

  async daemonPid(): Promise<number> {
    return (await this.client.request('daemon.info', {})).pid;
  }

  /** What a daemon that has been at rest leaves for the next ones. */
  async leaveSnapshot(): Promise<void> {
    await leaveSnapshotIn(this.#dist);
  }

  /** Ends the sessions and the daemon; the next request starts another. */
  async stop(): Promise<void> {
    const { client } = this;
    await client.request('daemon.stop', {});
    await client.disconnected();
  }

  close(): void {
    for (const client of this.#clients) client.close();
    this.place.close();
  }
}

export async function withProduct<T>(dist: string, use: (product: Product) => Promise<T>): Promise<T> {
  const product = new Product(dist);
  try {
    return await use(product);
  } finally {
    product.close();
  }
}
