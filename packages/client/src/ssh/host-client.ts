/** The client of a daemon on another host. */
import { hostname, userInfo } from 'node:os';
import { VERSION } from '@pilotty/protocol';
import type { Liveness } from '../answer-watch.ts';
import { answersHello } from '../answers-hello.ts';
import { type Client, type ClientOptions, ConnectedClient, helloOf } from '../client.ts';
import type { Surroundings } from './greeting.ts';
import { type OtherHost, openHost } from './open-host.ts';
import { unreachable } from './unreachable.ts';

/** A link can be slow, or full of output; a host that answers nothing for this long is gone. */
const ANSWER_WITHIN_MS = 15_000;
const QUIET_MS = 15_000;

export interface HostClient extends Client {
  /** What a program has that is started there. @param name of its session, which says the host where there are many */
  surroundings(name?: string): Promise<Surroundings>;
}

export interface HostClientOptions extends ClientOptions {
  /** Read when a connection is opened. */
  readonly host: OtherHost;
}

export function createHostClient(options: HostClientOptions): HostClient {
  let surroundings: Surroundings | undefined;
  let hasWarned = false;
  const open = async (signal: AbortSignal) => {
    const { host } = options;
    const opened = await openHost(host, signal);
    surroundings = opened.surroundings;
    if (opened.version !== VERSION && !hasWarned) {
      hasWarned = true;
      options.warn?.(`pilotty on ${host.address.text} is ${opened.version}, this is ${VERSION}`);
    }
    return opened.transport;
  };
  const client = new ConnectedClient(open, {
    liveness: livenessOf(options),
    ...options,
    client: {
      // Read when it says hello.
      get name() {
        return options.client?.name ?? callerName();
      },
      get scope() {
        return options.client?.scope;
      },
    },
  });
  return {
    request: (method, params, more) => client.request(method, params, more),
    disconnected: () => client.disconnected(),
    close: () => client.close(),
    async surroundings() {
      if (surroundings === undefined) await client.request('daemon.info', {});
      return surroundings as Surroundings;
    },
  };
}

/** How others see who asks from another host, unless they are told: a process of this host would be another one there. */
export function callerName(): string {
  try {
    return `${userInfo().username}@${hostname()}`;
  } catch {
    // No passwd entry.
    return hostname();
  }
}

function livenessOf({ host }: HostClientOptions): Liveness {
  return {
    withinMs: ANSWER_WITHIN_MS,
    quietMs: QUIET_MS,
    answersElsewhere: (until) => isAnswering(host, until),
    explain: async () =>
      unreachable(
        `${host.address.text} does not answer`,
        'Sessions there go on. What was asked may have been done: look before you ask it again.',
      ),
  };
}

/** Whether its daemon answers a new connection, if only to refuse it. */
async function isAnswering(host: OtherHost, until: AbortSignal): Promise<boolean> {
  const opened = await openHost({ ...host, startsDaemon: false }, until).catch(() => undefined);
  if (opened === undefined) return false;
  const { transport, version } = opened;
  return await answersHello(transport, helloOf(undefined, version), until);
}
