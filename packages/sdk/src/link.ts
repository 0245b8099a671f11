/** What Pilotty and Session ask a daemon through, whatever carries it. Not part of the SDK's own interface. */
import type { Client, MethodName, Params, StreamEvent } from '@pilotty/client';
import { asPilottyError } from './errors.ts';
import type { Projects } from './projects.ts';
import type { ProtocolMethods, SpawnParams, SpawnResult } from './protocol-types.ts';

/** What every method takes last. */
export interface CallOptions {
  /** Ends the request, here and in the daemon; the promise is rejected with the signal's reason. */
  signal?: AbortSignal | undefined;
}

export type Method = keyof ProtocolMethods;

export interface PartOptions<M extends Method> extends CallOptions {
  /** Takes the parts of an answer; a promise holds back the next ones, where the connection can. */
  onPart?: ((part: ProtocolMethods[M]['part']) => void | Promise<void>) | undefined;
}

/** One conversation with a daemon. */
export interface Requests {
  request<M extends Method>(
    method: M,
    params: ProtocolMethods[M]['params'],
    options?: PartOptions<M>,
  ): Promise<ProtocolMethods[M]['result']>;
  close(): void;
}

/** What a session is started with; what a program inherits may be left out. */
export type SpawnRequest = Omit<SpawnParams, 'cwd' | 'env' | 'in'> & {
  in?: string | undefined;
  cwd?: string | undefined;
  env?: Readonly<Record<string, string | undefined>> | undefined;
  clean_env?: boolean | undefined;
};

export interface Link {
  readonly main: Requests;
  /** A conversation of its own: a reader that is slow must delay nothing else. The caller closes it. */
  open(): Requests;
  /** Whether a slow reader can hold back what is sent; else it is cut off, and goes on later from where it was. */
  readonly holdsBack: boolean;
  /** Whether the sessions are still there when a connection breaks, so that a stream can go on. */
  readonly outlivesConnection: boolean;
  /** The directory of the daemon's socket, on this machine. */
  readonly socketDir: string | undefined;
  /** Starts a session. */
  spawn(params: SpawnRequest, options: CallOptions): Promise<SpawnResult>;
  /** Those whose files this process reads; undefined where the sessions are on another machine, or in a browser. */
  readonly projects?: Projects | undefined;
  /** Aborted by `close()`: what was asked is refused from then on. */
  readonly closed: AbortSignal;
  close(): Promise<void>;
}

/** The client as the SDK uses it: with the SDK's types, which tests/sdk/types.ts holds to be the same, and its errors. */
function requestsOf(client: Client): Requests {
  return {
    async request(method, params, { signal, onPart } = {}) {
      try {
        const options = {
          ...(signal && { signal }),
          ...(onPart && { onEvent: onPart as (event: StreamEvent<MethodName>) => void | Promise<void> }),
        };
        return (await client.request(method, params as Params<MethodName>, options)) as never;
      } catch (error) {
        throw asPilottyError(error);
      }
    },
    close: () => client.close(),
  };
}

export interface Conversations extends Pick<Link, 'main' | 'open' | 'closed' | 'close'> {
  /** One for a work that asks with the client itself. */
  converse<T>(work: (client: Client) => Promise<T>): Promise<T>;
}

/** The conversations of one link: the one of its requests, and those of its streams. */
export function conversations(openClient: () => Client): Conversations {
  const clients = new Set<Client>();
  const closing = new AbortController();
  const openOne = (): { client: Client; close(): void } => {
    const client = openClient();
    if (closing.signal.aborted) client.close();
    else clients.add(client);
    return {
      client,
      close() {
        clients.delete(client);
        client.close();
      },
    };
  };
  const open = (): Requests => {
    const { client, close } = openOne();
    return { ...requestsOf(client), close };
  };
  return {
    main: open(),
    open,
    async converse(work) {
      const { client, close } = openOne();
      try {
        return await work(client);
      } finally {
        close();
      }
    },
    closed: closing.signal,
    async close() {
      closing.abort();
      for (const client of clients) client.close();
      clients.clear();
    },
  };
}
