/** `--fleet nats://SERVER/FLEET`: all hosts as one client, with a connection of its own, which its closing ends. */
import type { Client, ClientName } from '@pilotty/client';
import type { Surroundings } from '@pilotty/client/node';
import type { FleetAddress } from '../address.ts';
import { connectNats, type NatsOptions } from '../nats/connect.ts';
import { FleetClient } from './fleet-client.ts';
import { surroundingsOf } from './host-client.ts';
import { Hosts, type Unreachable } from './hosts.ts';
import { shareConnection } from './one-host.ts';
import { Placement, type PlacementRequest } from './placement.ts';

export interface WholeFleetOptions {
  address: FleetAddress;
  nats: NatsOptions;
  placement: PlacementRequest;
  startsDaemon(): boolean;
  client: ClientName;
  warn(message: string): void;
}

export interface WholeFleet extends Client {
  /** Of the host that a new session is placed on. */
  surroundings(): Promise<Surroundings>;
  /** Hosts that some answer lacks. */
  readonly missing: ReadonlyMap<string, Unreachable>;
}

export function createFleetClient({
  address,
  nats: settings,
  placement: wanted,
  ...options
}: WholeFleetOptions): WholeFleet {
  const shared = shareConnection(() => connectNats(address, settings));
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
    surroundings: async () =>
      await surroundingsOf(await shared.get(), { fleet: address.fleet, host: await placement.host() }),
    missing: client.missing,
  };
}
