/** What the server is given by the program it runs in. */
import type { StartingClient } from '@pilotty/client';

export interface Host {
  /** A client of the daemon for one call, which closes it. */
  connect(asked: { startsDaemon: boolean }): StartingClient;
  /** Of the server: passwords that tools are given the names of. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /**
   * Reads a text file of the host of the sessions; missing where the server is elsewhere, or answers for others than its user.
   * @throws Error that says why it cannot be read
   */
  readonly readProjectFile?: ((path: string) => Promise<string>) | undefined;
}
