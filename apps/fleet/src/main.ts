/** What fleets need of NATS: a program of its own, which commands load where they are about one. */
export { callerName } from '@pilotty/client/hosts';
export { isFleetAddress, parseFleet, parseFleetHost, parseServer } from './address.ts';
export { createOneHostClient } from './fleet/one-host.ts';
export { createFleetClient, type WholeFleet } from './fleet/whole-fleet.ts';
export { serveHost } from './host/serve-host.ts';
export { asName, isName } from './names.ts';
export { natsOptionsFrom, shareConnection } from './nats/connect.ts';
