/**
 * JSON-RPC 2.0 over a WebSocket, a message a frame: the same requests, parts and answers as on the daemon's
 * socket. One connection to the daemon stands behind it, which the gateway greets by itself; a peer's own
 * `hello` is answered. It outlives the daemon: the next request finds the next one.
 *
 * A peer that does not read holds back its own answers in parts, and is itself not read from.
 */
import { type Client, type MethodName, type Params, PROTOCOL, RequestError, VERSION } from '@pilotty/client';
import {
  cancelledId,
  duplicateId,
  errorMessage,
  type Message,
  parseRequest,
  type RequestId,
  resultMessage,
  streamMessage,
} from '@pilotty/protocol';
import type { WebSocket } from 'ws';
import { errorBodyOf } from './errors.ts';
import { MAX_PENDING_REQUESTS, MAX_UNSENT_BYTES } from './limits.ts';
import { send } from './sending.ts';

export function relayRequests(webSocket: WebSocket, client: Client): void {
  const pending = new Map<RequestId, AbortController>();

  const say = async (message: Message): Promise<void> => {
    const sent = send(webSocket, JSON.stringify(message));
    if (webSocket.bufferedAmount > MAX_UNSENT_BYTES) {
      webSocket.pause();
      await sent;
      webSocket.resume();
    }
    await sent;
  };
  const fail = (id: RequestId | null, error: unknown) => void say(errorMessage(id, errorBodyOf(error)));

  const answer = async (id: RequestId, method: string, params: object): Promise<void> => {
    if (pending.has(id)) return fail(id, duplicateId(id));
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
        onEvent: (event) => say(streamMessage(id, event)),
      });
      void say(resultMessage(id, result));
    } catch (error) {
      if (!cancelled.signal.aborted) fail(id, error);
    } finally {
      pending.delete(id);
    }
  };

  webSocket.on('message', (data, isBinary) => {
    const message = isBinary ? binary() : parseRequest(String(data));
    if (message instanceof RequestError) return fail(null, message);
    const { id, method, params } = message;
    if (id === undefined) {
      const cancelled = method === 'cancel' ? cancelledId(params) : undefined;
      if (cancelled !== undefined) pending.get(cancelled)?.abort();
    } else if (method === 'hello') {
      void greet(client).then(
        (result) => say(resultMessage(id, result)),
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

function binary(): RequestError {
  return new RequestError('INVALID_INPUT', 'Invalid request: the frame is binary', {
    suggestion: 'Send JSON-RPC 2.0 as text, one message per frame.',
  });
}
