/**
 * JSON-RPC 2.0 over a WebSocket, a message a frame: the same requests, parts and answers as on the daemon's
 * socket. One connection to the daemon stands behind it, which the gateway greets by itself; a peer's own
 * `hello` is answered. It outlives the daemon: the next request finds the next one.
 *
 * A peer that does not read holds back its own answers in parts, and is itself not read from.
 */
import { type Client, type MethodName, type Params, PROTOCOL, RequestError, VERSION } from '@pilotty/client';
import type { WebSocket } from 'ws';
import { errorBodyOf } from './errors.ts';
import { MAX_PENDING_REQUESTS, MAX_UNSENT_BYTES } from './limits.ts';
import { send } from './sending.ts';

/** JSON-RPC 2.0 §5.1: server-defined errors, as the daemon sends them. */
const APPLICATION_ERROR = -32000;

type Id = number | string;

interface Message {
  id?: Id;
  method: string;
  params: unknown;
}

export function relayRequests(webSocket: WebSocket, client: Client): void {
  const pending = new Map<Id, AbortController>();

  const say = async (message: object): Promise<void> => {
    const sent = send(webSocket, JSON.stringify({ jsonrpc: '2.0', ...message }));
    if (webSocket.bufferedAmount > MAX_UNSENT_BYTES) {
      webSocket.pause();
      await sent;
      webSocket.resume();
    }
    await sent;
  };
  const fail = (id: Id | null, error: unknown) => {
    const body = errorBodyOf(error);
    void say({ id, error: { code: APPLICATION_ERROR, message: body.message, data: body } });
  };

  const answer = async (id: Id, method: string, params: unknown): Promise<void> => {
    if (pending.has(id)) return fail(id, invalid(`Request ${id} is already being answered`));
    if (pending.size >= MAX_PENDING_REQUESTS) {
      return fail(
        id,
        new RequestError('LIMIT_REACHED', `Request limit of this WebSocket reached (${pending.size})`, {
          suggestion: 'Wait for one, cancel one, or open another WebSocket.',
        }),
      );
    }
    const cancelled = new AbortController();
    pending.set(id, cancelled);
    try {
      const result = await client.request(method as MethodName, params as Params<MethodName>, {
        signal: cancelled.signal,
        onEvent: (event) => say({ method: 'stream', params: { id, event } }),
      });
      void say({ id, result });
    } catch (error) {
      if (!cancelled.signal.aborted) fail(id, error);
    } finally {
      pending.delete(id);
    }
  };

  webSocket.on('message', (data, isBinary) => {
    const message = isBinary ? invalid('the message is binary') : readMessage(String(data));
    if (message instanceof RequestError) return fail(null, message);
    const { id, method, params } = message;
    if (id === undefined) {
      if (method === 'cancel') pending.get((params as { id: Id }).id)?.abort();
    } else if (method === 'hello') {
      void greet(client).then(
        (result) => say({ id, result }),
        (error: unknown) => fail(id, error),
      );
    } else {
      void answer(id, method, params);
    }
  });
  webSocket.on('close', () => client.close());
}

/** What the daemon would say, without a connection that a peer's version could end. */
async function greet(client: Client): Promise<object> {
  const { pid, sessions } = await client.request('daemon.info', {});
  return { protocol: PROTOCOL, version: VERSION, pid, sessions, stepping_down: false };
}

function readMessage(text: string): Message | RequestError {
  let message: unknown;
  try {
    message = JSON.parse(text);
  } catch (error) {
    return invalid((error as Error).message);
  }
  if (typeof message !== 'object' || message === null || Array.isArray(message)) {
    return invalid('a request is an object');
  }
  const { jsonrpc, id, method, params = {} } = message as Record<string, unknown>;
  if (jsonrpc !== '2.0') return invalid("it has no 'jsonrpc': '2.0'");
  if (typeof method !== 'string') return invalid("it has no 'method'");
  if (typeof params !== 'object' || params === null) return invalid("its 'params' are not an object");
  if (id !== undefined && typeof id !== 'string' && !Number.isSafeInteger(id)) {
    return invalid("its 'id' is neither an integer nor a string");
  }
  return { ...(id !== undefined && { id: id as Id }), method, params };
}

function invalid(reason: string): RequestError {
  return new RequestError('INVALID_INPUT', `Invalid request: ${reason}`, {
    suggestion: 'Send JSON-RPC 2.0, one message per frame; docs/protocol.md lists the methods.',
  });
}
