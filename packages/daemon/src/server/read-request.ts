/** Reads a line as a JSON-RPC 2.0 request or notification, checking what the envelope must have. */
import { RequestError } from '@pilotty/protocol';
import { excessOf } from './json-size.ts';

export interface WireRequest {
  /** Absent in a notification. */
  id: number | undefined;
  method: string;
  params: unknown;
}

export function readRequest(line: string): WireRequest | RequestError {
  const excess = excessOf(line);
  if (excess !== undefined) return malformed(excess);
  let message: unknown;
  try {
    message = JSON.parse(line);
  } catch {
    // V8's words quote the text around the mistake, and that may be a secret.
    return malformed('it is not JSON');
  }
  if (typeof message !== 'object' || message === null || Array.isArray(message)) {
    return malformed('a request is an object');
  }
  const { jsonrpc, id, method, params } = message as Record<string, unknown>;
  if (jsonrpc !== '2.0') return malformed("it has no 'jsonrpc': '2.0'");
  if (typeof method !== 'string') return malformed("it has no 'method'");
  if (id !== undefined && !Number.isSafeInteger(id)) return malformed("its 'id' is not an integer");
  return { id: id as number | undefined, method, params: params ?? {} };
}

function malformed(reason: string): RequestError {
  return new RequestError('INVALID_INPUT', `Not a request: ${reason}`, {
    suggestion: 'Send JSON-RPC 2.0, one message a line; docs/protocol.md lists the methods.',
  });
}
