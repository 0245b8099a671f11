/** The client of one host of a fleet: as that of a host over ssh, with NATS as the way. */
import {
  type Client,
  type ClientName,
  ConnectedClient,
  PROTOCOL,
  RequestError,
  VERSION,
} from '@pilotty/client';
import type { Surroundings } from '@pilotty/client/node';
import type { FleetHostAddress } from '../address.ts';
import { openLink } from '../link/client-link.ts';
import type { LinkTiming } from '../link/timing.ts';
import { methodSubject, SURROUNDINGS } from '../names.ts';
import type { Nats } from '../nats/connect.ts';
import { reasonOf, unreachable } from '../nats/problems.ts';

export interface HostClientOptions {
  nats(): Promise<Nats>;
  address: Pick<FleetHostAddress, 'fleet' | 'host'>;
  timing: LinkTiming;
  /** Read when a link is opened. */
  startsDaemon(): boolean;
  /** Of answers, see link/window.ts; absent: the usual. */
  windowBytes?: number;
  client: ClientName | undefined;
  warn?(message: string): void;
}

/** Links watch over each other: no liveness of the client's. */
export function createHostClient(options: HostClientOptions): Client {
  const { address, timing, windowBytes, client, warn } = options;
  let hasWarned = false;
  return new ConnectedClient(
    async (signal) => {
      const nats = await options.nats();
      const request = {
        version: VERSION,
        protocol: PROTOCOL,
        starts_daemon: options.startsDaemon(),
        ...(windowBytes !== undefined && { window_bytes: windowBytes }),
      };
      const { transport, version, protocol } = await openLink(nats, address, request, timing, signal);
      if (protocol !== PROTOCOL) {
        transport.close();
        throw new RequestError(
          'PROTOCOL_MISMATCH',
          `pilotty on ${address.host} is ${version}, with version ${protocol} of the protocol; this one has version ${PROTOCOL}`,
          { suggestion: 'Install the same version of pilotty on both hosts.' },
        );
      }
      if (version !== VERSION && !hasWarned) {
        hasWarned = true;
        warn?.(`pilotty on ${address.host} is ${version}, this is ${VERSION}`);
      }
      return transport;
    },
    { warn, client },
  );
}

const SURROUNDINGS_WITHIN_MS = 5_000;

/** What a program has that is started on that host. @throws ConnectionError */
export async function surroundingsOf(
  { connection }: Nats,
  { fleet, host }: Pick<FleetHostAddress, 'fleet' | 'host'>,
): Promise<Surroundings> {
  const subject = methodSubject(fleet, host, 'act', SURROUNDINGS);
  try {
    const answer = await connection.request(subject, '', { timeout: SURROUNDINGS_WITHIN_MS });
    return answer.json<Surroundings>();
  } catch (error) {
    throw unreachable(
      `host ${host} of the fleet ${fleet} does not say what a program there has: ${reasonOf(error)}`,
    );
  }
}
