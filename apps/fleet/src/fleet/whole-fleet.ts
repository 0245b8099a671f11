/** `--fleet nats://SERVER/FLEET`: all hosts as one client, with a connection of its own, which its closing ends; or with one that is lent. */
import type { ClientName } from '@pilotty/client';
import type { HostClient } from '@pilotty/client/node';
import type { FleetAddress } from '../address.ts';
import { type NatsOptions, type SharedNats, shareConnection } from '../nats/connect.ts';
import { FleetClient } from './fleet-client.ts';
import { surroundingsOf } from './host-client.ts';
import { Hosts, type Unreachable } from './hosts.ts';
import { Placement, type PlacementRequest } from './placement.ts';

export interface WholeFleetOptions {
  address: FleetAddress;
  nats: NatsOptions | SharedNats;
  placement: PlacementRequest;
  startsDaemon(): boolean;
  client: ClientName;
  warn(message: string): void;
}

/** Its surroundings are those of the host that a new session is placed on. */
export interface WholeFleet extends HostClient {
  /** Hosts that some answer lacks. */
  readonly missing: ReadonlyMap<string, Unreachable>;
  /** Of which a wait does not know. Its outcome is true all the same. */
  readonly unheard: ReadonlyMap<string, Unreachable>;
}

export function createFleetClient({
  address,
  nats,
  placement: wanted,
  ...options
}: WholeFleetOptions): WholeFleet {
  const shared = shareConnection(address, nats);
  const hosts = new Hosts({ ...options, address, nats: shared.get });
  const placement = new Placement(hosts, wanted);
  const client = new FleetClient(hosts, placement);
  return {
    request: (method, params, more) => client.request(method, params, more),
    disconnected: () => client.disconnected(),
    close() {
      client.close();
      shared.close();
    },
    async surroundings(name) {
      const { host } = await placement.placeFor(name);
      return await surroundingsOf(await shared.get(), { fleet: address.fleet, host });
    },
    missing: client.missing,
    unheard: client.unheard,
  };
}
