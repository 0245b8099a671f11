/** What the server is given by the program it runs in. */
import type { StartingClient } from '@pilotty/client';

export interface Host {
  /** A client of the daemon for one call, which closes it. */
  connect(asked: { startsDaemon: boolean }): StartingClient;
  /** Of the server: passwords that tools are given the names of. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether files of projects are read: not where the sessions are elsewhere, or the server answers for others than its user. */
  readonly readsProjects?: boolean | undefined;
}
