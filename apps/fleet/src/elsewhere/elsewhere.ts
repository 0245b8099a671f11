/**
 * What a face that serves others is pointed at, by PILOTTY_HOST or PILOTTY_FLEET: a host over ssh or NATS, or a fleet. The
 * face gets clients as of a daemon of its own host, and knows neither ssh nor NATS.
 */
import { type ClientName, RequestError } from '@pilotty/client';
import { type HostClient, loadHosts, type Place } from '@pilotty/client/node';
import { asking, clientOfOurs, loadFleet, noAddress } from '../load.ts';
import type { Asked } from './asked.ts';
import { KeptClients } from './kept-clients.ts';

export interface Elsewhere {
  /** As it was given, for messages. */
  readonly address: string;
  /** Many hosts: sessions are called HOST/NAME. */
  readonly isFleet: boolean;
  /** A client with connections of its own. Its surroundings are those of a new session there. */
  connect(asked: Asked): HostClient;
  /** One for a few questions, whose answers come whole: over a connection that others of the same name use too. */
  borrow(asked: Asked): HostClient;
  close(): void;
}

export interface ElsewhereOptions extends Place {
  /** Where the build's programs lie side by side. */
  programs: string;
  warn(message: string): void;
}

/** @returns undefined where neither variable is set. @throws RequestError for what is no address */
export async function openElsewhere(options: ElsewhereOptions): Promise<Elsewhere | undefined> {
  const { PILOTTY_HOST: host, PILOTTY_FLEET: fleet } = options.env;
  if (host) {
    const { connect, close } = /^(?:nats|tls):/.test(host)
      ? await overNats('PILOTTY_HOST', host, options)
      : await overSsh(host, options);
    return elsewhere({ address: host, isFleet: false, connect, close });
  }
  if (!fleet) return undefined;
  return elsewhere({
    address: fleet,
    isFleet: true,
    ...(await overNats('PILOTTY_FLEET', fleet, options)),
  });
}

interface Way {
  connect(asked: Asked): HostClient;
  close(): void;
}

function elsewhere({ connect, close, ...about }: Pick<Elsewhere, 'address' | 'isFleet'> & Way): Elsewhere {
  const kept = new KeptClients(connect);
  return {
    ...about,
    connect,
    borrow: (asked) => kept.borrow(asked),
    close() {
      kept.close();
      close();
    },
  };
}

async function overSsh(text: string, { env, cwd, warn }: ElsewhereOptions): Promise<Way> {
  const { callerName, createHostClient, isRemotePath, parseHostAddress } = await loadHosts();
  const address = parseHostAddress(text);
  if ('problem' in address) {
    const none = noAddress(text, (one) => !('problem' in parseHostAddress(one)));
    throw invalid('PILOTTY_HOST', text, none?.problem ?? address.problem, none?.suggestion);
  }
  const remotePath = env.PILOTTY_REMOTE_PATH || undefined;
  if (remotePath !== undefined && !isRemotePath(remotePath))
    throw invalid('PILOTTY_REMOTE_PATH', remotePath, 'and must be a path without characters of a shell');
  const connect = (asked: Asked) =>
    createHostClient({
      get host() {
        return { address, remotePath, startsDaemon: asked.startsDaemon(), env, cwd };
      },
      client: clientName(asked, env, callerName),
      warn,
    });
  return { connect, close: () => {} };
}

async function overNats(
  variable: 'PILOTTY_HOST' | 'PILOTTY_FLEET',
  text: string,
  { env, programs, warn }: ElsewhereOptions,
): Promise<Way> {
  const fleet = await loadFleet(programs);
  const options = (asked: Asked) => ({
    startsDaemon: () => asked.startsDaemon(),
    client: clientName(asked, env, fleet.callerName),
    warn,
  });
  const settings = await asking(() => fleet.natsOptionsFrom(env, 'pilotty'));
  if (variable === 'PILOTTY_HOST') {
    const address = fleet.parseFleetHost(text);
    if ('problem' in address) throw invalid(variable, text, address.problem);
    const nats = fleet.shareConnection(address, settings);
    const connect = (asked: Asked) =>
      clientOfOurs(fleet.createOneHostClient({ ...options(asked), address, nats }));
    return { connect, close: () => nats.close() };
  }
  const address = fleet.parseFleet(text);
  if ('problem' in address) throw invalid(variable, text, address.problem);
  const nats = fleet.shareConnection(address, settings);
  const connect = (asked: Asked) =>
    clientOfOurs(fleet.createFleetClient({ ...options(asked), address, nats, placement: { labels: {} } }));
  return { connect, close: () => nats.close() };
}

/** Read when it says hello. */
function clientName(asked: Asked, env: Place['env'], callerName: () => string): ClientName {
  return {
    get name() {
      return asked.name() ?? (env.PILOTTY_CLIENT || callerName());
    },
    get scope() {
      return asked.scope();
    },
  };
}

function invalid(variable: string, text: string, problem: string, suggestion?: string): RequestError {
  return new RequestError('INVALID_INPUT', `${variable} is '${text}', ${problem}`, {
    ...(suggestion !== undefined && { suggestion }),
  });
}
