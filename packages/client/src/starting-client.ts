/** A client for those who start sessions: it knows what a session inherits on the host that it is started on. */
import type { Client } from './client.ts';
import type { Inheritance } from './inheritance.ts';
import type { HostClient } from './ssh/index.ts';

export interface StartingClient extends Client {
  /** @param name of the session, which says its host where there are many. @throws as request() */
  surroundings(name?: string): Promise<Inherited>;
}

export interface Inherited extends Inheritance {
  env: Readonly<Record<string, string | undefined>>;
  /** Where a relative directory begins. */
  cwd: string;
}

export function startingClient(client: Client, surroundings: StartingClient['surroundings']): StartingClient {
  return {
    request: (method, params, options) => client.request(method, params, options),
    disconnected: () => client.disconnected(),
    close: () => client.close(),
    surroundings,
  };
}

/** On another host, where a shell begins in the home directory. */
export function startingThere(client: HostClient): StartingClient {
  return startingClient(client, async (name) => {
    const { home, ...inherited } = await client.surroundings(name);
    return { ...inherited, cwd: home };
  });
}
