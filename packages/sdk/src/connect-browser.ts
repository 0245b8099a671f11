/** The SDK in a browser: the daemon behind a gateway. */
import { connectWebSocket } from '@pilotty/client/browser';
import { type GatewayOptions, gatewayLink, type WebSocketKind } from './connect-gateway.ts';
import type { CallOptions } from './link.ts';
import { openAttached, openPilotty, openSpawned } from './opening.ts';
import type { Pilotty, SpawnOptions } from './pilotty.ts';
import type { Session } from './session.ts';

/** Where to find a daemon: behind a gateway. */
export type ConnectOptions = GatewayOptions;

/** A browser reads whatever comes. */
const webSocket: WebSocketKind = { connect: connectWebSocket, holdsBack: false };

/**
 * Connects to a daemon behind a gateway.
 * @throws DaemonUnreachableError where there is none, UnauthorizedError for a wrong token
 */
export async function connect(options: ConnectOptions, call: CallOptions = {}): Promise<Pilotty> {
  return await openPilotty(gatewayLink(options, webSocket), call);
}

/**
 * Starts a program in a session of the gateway's machine, in one call.
 * @throws as `connect()` and `Pilotty.spawn()`
 */
export async function spawn(
  argv: string | readonly string[],
  params: SpawnOptions,
  options: ConnectOptions & CallOptions,
): Promise<Session> {
  return await openSpawned(gatewayLink(options, webSocket), argv, params, options);
}

/**
 * Goes on with a session that any client has started, in one call.
 * @throws as `connect()`; SessionNotFoundError
 */
export async function attach(name: string, options: ConnectOptions & CallOptions): Promise<Session> {
  return await openAttached(gatewayLink(options, webSocket), name, options);
}
