/** The daemon as a library; apps/daemon is the program around it. */
export { endOnSignals, errors, RequestError } from '@pilotty/protocol';
export { Call, type Caller, Cancellation } from './call.ts';
export { ClientIdentity } from './client-identity.ts';
export type { Log } from './log.ts';
export { preloadServing, type RunOptions, readSettings, runDaemon } from './run-daemon.ts';
export type { Answering, CommandHost } from './server/answering.ts';
export type { CommandConnection } from './server/command-host.ts';
export { RequestLog } from './server/request-log.ts';
export { upgraded } from './server/upgraded.ts';
