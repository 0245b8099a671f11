/**
 * The JSON-RPC 2.0 envelope: how each message is made and read, on the daemon's socket and on a WebSocket alike.
 * What a method takes and answers is not looked at here.
 */
import { type ErrorBody, type ErrorCode, RequestError } from './errors.ts';
import { hasLoneSurrogate, parseJson } from './parse-json.ts';

export type RequestId = number | string;

export interface RequestMessage {
  jsonrpc: '2.0';
  id: RequestId;
  method: string;
  params?: unknown;
}

/** Ends a request before its answer, as LSP's `$/cancelRequest` does. */
export interface CancelMessage {
  jsonrpc: '2.0';
  method: 'cancel';
  params: { id: RequestId };
}

export interface ResultMessage {
  jsonrpc: '2.0';
  id: RequestId;
  result: unknown;
}

export interface ErrorMessage {
  jsonrpc: '2.0';
  /** null when the error belongs to no request, or to one that could not be read. */
  id: RequestId | null;
  /** `code` is JSON-RPC's number; ours, with its suggestion, travels in `data`. */
  error: { code: number; message: string; data?: unknown };
}

/** A part of an answer that comes in parts: belongs to the request with this id, which stays open. */
export interface StreamMessage {
  jsonrpc: '2.0';
  method: 'stream';
  params: { id: RequestId; event: unknown };
}

export type ServerMessage = ResultMessage | ErrorMessage | StreamMessage;
export type Message = RequestMessage | CancelMessage | ServerMessage;

/** JSON-RPC 2.0 §5.1: what is wrong with a request as such, and the number of errors that a server defines. */
export const PARSE_ERROR = -32700;
const INVALID_REQUEST = -32600;
export const METHOD_NOT_FOUND = -32601;
const INVALID_PARAMS = -32602;
const SERVER_ERROR = -32000;

/** Not to be concluded from our own code. */
const FAULTS_OF_REQUEST = [PARSE_ERROR, INVALID_REQUEST, METHOD_NOT_FOUND];

/** What can be wrong with parameters. */
const PARAMETER_ERRORS: readonly ErrorCode[] = ['INVALID_INPUT', 'INVALID_KEY', 'INVALID_NAME'];

export function requestMessage(id: RequestId, method: string, params: unknown): RequestMessage {
  return { jsonrpc: '2.0', id, method, params };
}

export function cancelMessage(id: RequestId): CancelMessage {
  return { jsonrpc: '2.0', method: 'cancel', params: { id } };
}

export function resultMessage(id: RequestId, result: unknown): ResultMessage {
  return { jsonrpc: '2.0', id, result };
}

export function streamMessage(id: RequestId, event: unknown): StreamMessage {
  return { jsonrpc: '2.0', method: 'stream', params: { id, event } };
}

export function errorMessage(id: RequestId | null, body: ErrorBody, rpcCode?: number): ErrorMessage {
  const code = rpcCode ?? (PARAMETER_ERRORS.includes(body.code) ? INVALID_PARAMS : SERVER_ERROR);
  return { jsonrpc: '2.0', id, error: { code, message: body.message, data: body } };
}

/** A request, or a notification where it has no id, as a client sent it. */
export interface ReceivedRequest {
  id: RequestId | undefined;
  method: string;
  params: object;
  /** Why it is not run: the envelope is in order, so this one request is answered, and the connection goes on. */
  refusal?: RequestError;
}

/** @returns RequestError INVALID_INPUT for what is no request; its answer has the id null, as JSON-RPC wants it */
export function parseRequest(text: string): ReceivedRequest | RequestError {
  const parsed = parseJson(text);
  if ('problem' in parsed) return invalid(parsed.problem, PARSE_ERROR);
  if (!isObject(parsed.value)) return invalid('a request is an object');
  const { jsonrpc, id, method, params: given } = parsed.value;
  const params = given ?? {};
  if (jsonrpc !== '2.0') return invalid("it has no 'jsonrpc': '2.0'");
  if (typeof method !== 'string') return invalid("its 'method' is not a string");
  if (id !== undefined && !isRequestId(id)) return invalid("its 'id' is neither an integer nor a string");
  if (!isObject(params)) return invalid("its 'params' are not an object");
  return hasLoneSurrogate(text) ? { id, method, params, refusal: notCharacters() } : { id, method, params };
}

/** The request that a notification `cancel` ends; undefined when it names none. */
export function cancelledId(params: object): RequestId | undefined {
  const { id } = params as { id?: unknown };
  return isRequestId(id) ? id : undefined;
}

/** @throws Error for what no server sends */
export function parseServerMessage(text: string): ServerMessage {
  const message: unknown = JSON.parse(text);
  if (isObject(message)) {
    const { id, method, params, error } = message;
    if (method === 'stream' && isObject(params)) return message as unknown as StreamMessage;
    if (isObject(error)) return message as unknown as ErrorMessage;
    if (method === undefined && isRequestId(id)) return message as unknown as ResultMessage;
  }
  throw new Error('neither an answer nor a part of one');
}

/** The error as the server has raised it. */
export function requestErrorOf({ error }: ErrorMessage): RequestError {
  const body = (error.data ?? {}) as Partial<ErrorBody>;
  const { code, message } = error;
  const rpcCode = FAULTS_OF_REQUEST.includes(code) ? code : undefined;
  return RequestError.fromBody({ ...body, message } as ErrorBody, rpcCode);
}

/** A second request with the id of one that has not been answered yet. */
export function duplicateId(id: RequestId): RequestError {
  return invalid(`request ${id} is already being answered`);
}

function notCharacters(): RequestError {
  return new RequestError(
    'INVALID_INPUT',
    'A text has half of a surrogate pair in it (\\ud800 to \\udfff), which is no character; nothing was done',
    { suggestion: 'Send whole characters; session.type takes any bytes as data_base64.' },
  );
}

function invalid(reason: string, rpcCode = INVALID_REQUEST): RequestError {
  return new RequestError('INVALID_INPUT', `Invalid request: ${reason}`, {
    suggestion: 'Send JSON-RPC 2.0, one message per line or frame; docs/protocol.md lists the methods.',
    rpcCode,
  });
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isRequestId(value: unknown): value is RequestId {
  return typeof value === 'string' || Number.isSafeInteger(value);
}
