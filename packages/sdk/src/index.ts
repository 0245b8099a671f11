/**
 * `import 'pilotty'`: sessions, locators and streams as objects; ../sdk.md is the guide.
 *
 * @module pilotty
 */
export { attach, type ConnectOptions, connect, type DaemonOptions, spawn } from './connect.ts';
export type { HostOptions } from './connect-host.ts';
export * from './everywhere.ts';
