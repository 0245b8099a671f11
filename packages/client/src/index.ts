export {
  ALL_SCOPES,
  type ClientName,
  commandLine,
  type ErrorBody,
  type ErrorCode,
  type EventType,
  type Exit,
  errors,
  eventTypes,
  LogReader,
  listedName,
  MAX_DURATION_MS,
  MAX_MESSAGE_BYTES,
  METHOD_NOT_FOUND,
  type MethodName,
  nameParts,
  type Params,
  PROTOCOL,
  parseDuration,
  RequestError,
  type Result,
  type StreamEvent,
  terminalConditions,
  VERSION,
} from '@pilotty/protocol';
export { callerEnvironment } from './caller-environment.ts';
export { type Client, type ClientOptions, ConnectedClient, type RequestOptions } from './client.ts';
export { ConnectionError } from './connection-error.ts';
export { nearest } from './nearest.ts';
export { ruleEnvironment } from './rule-environment.ts';
export { type Inherited, type StartingClient, startingClient, startingThere } from './starting-client.ts';
export { plainSentence, safeJson, terminalSafe } from './terminal-safe.ts';
export { timeoutSignal } from './timeout-signal.ts';
export type { Transport, TransportListener } from './transport.ts';
