/** `-H nats://SERVER/FLEET/HOST`: a client with a connection of its own, which its closing ends. */
import type { Client, ClientName } from '@pilotty/client';
import type { HostClient } from '@pilotty/client/node';
import type { FleetHostAddress } from '../address.ts';
import { LINK_TIMING } from '../link/timing.ts';
import { connectNats, type Nats, type NatsOptions } from '../nats/connect.ts';
import { createHostClient, surroundingsOf } from './host-client.ts';

export interface OneHostOptions {
  address: FleetHostAddress;
  nats: NatsOptions;
  startsDaemon(): boolean;
  client: ClientName;
  warn(message: string): void;
}

export function createOneHostClient({ address, nats: settings, ...options }: OneHostOptions): HostClient {
  const shared = shareConnection(() => connectNats(address, settings));
  const client: Client = createHostClient({ ...options, nats: shared.get, address, timing: LINK_TIMING });
  return {
    request: (method, params, more) => client.request(method, params, more),
    disconnected: () => client.disconnected(),
    close() {
      client.close();
      shared.close();
    },
    surroundings: async () => await surroundingsOf(await shared.get(), address),
  };
}

/** One connection for all that is asked, made with the first; again where that failed. */
export function shareConnection(connect: () => Promise<Nats>): { get(): Promise<Nats>; close(): void } {
  let connecting: Promise<Nats> | undefined;
  return {
    get() {
      connecting ??= connect().catch((error) => {
        connecting = undefined;
        throw error;
      });
      return connecting;
    },
    close: () => void connecting?.then((nats) => nats.close()).catch(() => {}),
  };
}
