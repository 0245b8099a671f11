export { type HostAddress, parseHostAddress } from './address.ts';
export { greetingLine, type Surroundings } from './greeting.ts';
export { callerName, createHostClient, type HostClient, type HostClientOptions } from './host-client.ts';
export { isRemotePath } from './remote-command.ts';
export { isConnected } from './shared-connection.ts';
