/** What the server is given by the program it runs in. */
import type { Client, Params } from '@pilotty/client';

export interface Host {
  /** A client of the daemon for one call, which closes it. */
  connect(asked: { startsDaemon: boolean }): Client;
  /** What sessions inherit. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  inheritance(): Promise<Pick<Params<'session.spawn'>, 'umask' | 'nice' | 'limits'>>;
}
