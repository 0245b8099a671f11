/** What can be said between a daemon and everyone else, without the cost of a validator: see `./schemas` for that. */
import type * as z from 'zod';
import type { methods } from './methods/index.ts';
import type * as values from './values.ts';

export { BoundSocket } from './bound-socket.ts';
export { BoundedMap } from './bounded-map.ts';
export { type CLibrary, glibcVersion, MUSL_SUGGESTION, muslProblem } from './c-library.ts';
export { MAX_DURATION_MS, parseDuration } from './duration.ts';
export { endOnSignals } from './end-signals.ts';
export {
  cancelledId,
  cancelMessage,
  duplicateId,
  type ErrorMessage,
  errorMessage,
  METHOD_NOT_FOUND,
  type Message,
  PARSE_ERROR,
  parseRequest,
  parseServerMessage,
  type ReceivedRequest,
  type RequestId,
  requestErrorOf,
  requestMessage,
  resultMessage,
  type ServerMessage,
  streamMessage,
} from './envelope.ts';
export { type ErrorBody, type ErrorCode, errors, RequestError } from './errors.ts';
export { type EventType, eventTypes } from './events.ts';
export { encodeMessage, LineSplitter, MAX_MESSAGE_BYTES, tooManyBytes } from './framing.ts';
export {
  ALWAYS_ANSWERED,
  type ClientName,
  type Hello,
  type HelloAnswer,
  isOlder,
  PROTOCOL,
  VERSION,
} from './handshake.ts';
export {
  heldLock,
  type Lock,
  type LockFiles,
  type LockOwner,
  type LockSystem,
  type ProcessIdentity,
  readLock,
  takeLock,
} from './lock.ts';
export { type LogFileSystem, LogReader } from './log-reader.ts';
export { MAX_JSON_DEPTH, MAX_JSON_VALUES, parseJson } from './parse-json.ts';
export { RotatingFile, type RotatingFileSystem } from './rotating-file.ts';
export { type RunningProgram, readRunning } from './running.ts';
export {
  ALL_SCOPES,
  fullName,
  listedName,
  meansUsedLast,
  nameParts,
  SCOPE_PATTERN,
  SCOPE_RULE,
  SCOPE_SEPARATOR,
  scopeOf,
} from './scope.ts';
export { type Settings, settingsFrom } from './settings.ts';
export { commandLine, shellQuote, singleQuoted } from './shell-quote.ts';
export {
  type DirectoryCandidate,
  directoryCandidates,
  directoryProblem,
  type FileFacts,
  furtherDirectories,
  maxSocketPathBytes,
  type SocketPaths,
  socketPathsIn,
  socketProblem,
} from './socket-path.ts';
export { terminalConditions } from './terminal-conditions.ts';
export { type WorkStateName, type WorkStateReason, workStates } from './work-states.ts';

export type MethodTable = typeof methods;
export type MethodName = keyof MethodTable;
/** What a client sends: defaults may be left out. */
export type Params<M extends MethodName> = z.input<MethodTable[M]['params']>;
/** What the daemon works with: defaults filled in. */
export type ParsedParams<M extends MethodName> = z.output<MethodTable[M]['params']>;
export type Result<M extends MethodName> = z.output<MethodTable[M]['result']>;
export type StreamEvent<M extends MethodName> = z.output<NonNullable<MethodTable[M]['stream']>>;

export type Exit = z.output<typeof values.exit>;
export type Foreground = z.output<typeof values.foreground>;
export type Job = z.output<typeof values.job>;
export type Terminal = z.output<typeof values.terminal>;
export type Retention = z.output<typeof values.retention>;
export type Question = z.output<typeof values.question>;
export type SessionStatus = z.output<typeof values.sessionStatus>;
export type SessionSummary = z.output<typeof values.sessionSummary>;
export { type Limit, type LimitName, lowerLimit, type ProcessLimits, parseLimits } from './process-limits.ts';
