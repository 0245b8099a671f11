/** Other hosts, for the commands of the native client that this process runs: only those that a way leads to without a question. */
import { statSync } from 'node:fs';
import {
  type HostAddress,
  type HostClient,
  type HostClientOptions,
  loadHosts,
  type Place,
} from '@pilotty/client/node';
import { KeptConnections } from './kept-connections.ts';

type SshOfClient = Awaited<ReturnType<typeof loadHosts>>;

export class Hosts {
  #ssh: SshOfClient | undefined;
  #kept: KeptConnections | undefined;

  /**
   * Whether a command that comes from that place can be run here: its ssh finds a connection. Asks nobody, and makes none.
   * @param signal ends the question
   */
  async isConnected(host: HostAddress, { env, cwd }: Place, signal: AbortSignal): Promise<boolean> {
    try {
      this.#ssh ??= await loadHosts();
      // ssh is started in it.
      return statSync(cwd).isDirectory() && (await this.#ssh.isConnected(host, { env, cwd }, signal));
    } catch {
      // The command says what is wrong.
      return false;
    }
  }

  /** For a command of which isConnected() has said yes. */
  lend(options: HostClientOptions): HostClient {
    const { createHostClient } = this.#ssh as SshOfClient;
    this.#kept ??= new KeptConnections(createHostClient);
    return this.#kept.lend(options);
  }
}
