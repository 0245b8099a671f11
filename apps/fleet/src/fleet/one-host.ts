/** `-H nats://SERVER/FLEET/HOST`: a client with a connection of its own, which its closing ends; or with one that is lent. */
import type { Client, ClientName, Params, RequestOptions } from '@pilotty/client';
import type { HostClient } from '@pilotty/client/node';
import type { FleetHostAddress } from '../address.ts';
import { LINK_TIMING } from '../link/timing.ts';
import { type NatsOptions, type SharedNats, shareConnection } from '../nats/connect.ts';
import { createHostClient, surroundingsOf } from './host-client.ts';
import { outputOrKept } from './kept-output.ts';

export interface OneHostOptions {
  address: FleetHostAddress;
  nats: NatsOptions | SharedNats;
  startsDaemon(): boolean;
  client: ClientName | undefined;
  warn?(message: string): void;
}

export function createOneHostClient({ address, nats, ...options }: OneHostOptions): HostClient {
  const shared = shareConnection(address, nats);
  const client: Client = createHostClient({ ...options, nats: shared.get, address, timing: LINK_TIMING });
  const output = (params: Params<'session.output'>, more: RequestOptions<'session.output'> = {}) =>
    outputOrKept(params, more, {
      nats: shared.get,
      ...{ fleet: address.fleet, host: address.host },
      scope: options.client?.scope,
      ask: (asked, how) => client.request('session.output', asked, how),
    });
  return {
    request: (method, params, more) =>
      method === 'session.output'
        ? (output(params as never, more as never) as never)
        : client.request(method, params, more),
    disconnected: () => client.disconnected(),
    close() {
      client.close();
      shared.close();
    },
    surroundings: async () => await surroundingsOf(await shared.get(), address),
  };
}
