/** What the SDK has in Node and in a browser alike. */
export type { GatewayOptions } from './connect-gateway.ts';
export * from './error-classes.ts';
export type { ExecAnswer, ExecOptions, ExecOutput } from './exec.ts';
export type { Follow } from './follow.ts';
export type { Bounds, ElementOptions, Found, TextOptions } from './found.ts';
export type { CallOptions, Method, PartOptions } from './link.ts';
export type {
  Locator,
  LocatorChooseParams,
  LocatorClickParams,
  LocatorParams,
  LocatorWaitParams,
} from './locator.ts';
export type { Pilotty, SpawnOptions } from './pilotty.ts';
export { type ErrorMore, PilottyError } from './pilotty-error.ts';
export type {
  DownAnswer,
  DownParams,
  DownSession,
  ProjectAnswer,
  ProjectLeftBehind,
  ProjectOrphan,
  ProjectParams,
  ProjectSession,
  TailLine,
  TailParams,
  UpAnswer,
  UpParams,
  UpSession,
} from './projects.ts';
export type * from './protocol-types.ts';
export type { Killed, SendPart, Session } from './session.ts';
export type {
  BytesPart,
  OutputAnswer,
  OutputBytesAnswer,
  OutputTextPart,
  ViewUpdate,
} from './streams.ts';
