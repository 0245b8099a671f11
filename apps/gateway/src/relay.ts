/**
 * JSON-RPC 2.0 over a WebSocket, one message per frame: the same requests, stream parts and answers as on the daemon's
 * socket. Each WebSocket has one connection to the daemon, on which the gateway sends `hello` itself; a `hello` of the
 * peer is answered. It outlives the daemon: the next request connects to the next daemon. Or, where that is asked for, it
 * ends with the daemon.
 *
 * A peer that does not read pauses its own streams, and is not read from either.
 */
import {
  type Client,
  type ClientName,
  type MethodName,
  type Params,
  PROTOCOL,
  RequestError,
  VERSION,
} from '@pilotty/client';
import {
  cancelledId,
  duplicateId,
  errorMessage,
  type Message,
  PARSE_ERROR,
  parseRequest,
  type RequestId,
  resultMessage,
  streamMessage,
} from '@pilotty/protocol';
import type { WebSocket } from 'ws';
import { errorBodyOf } from './errors.ts';
import { MAX_PENDING_LENGTH, MAX_PENDING_REQUESTS, MAX_UNSENT_BYTES } from './limits.ts';
import { send } from './sending.ts';

/** RFC 6455, 7.4.1. */
const GOING_AWAY = 1001;

/** @param who is how others see the peer: what it calls itself in its `hello`, if that is its first request, and its scope */
export function relayRequests(
  webSocket: WebSocket,
  client: Client,
  who: ClientName,
  { endsWithDaemon }: { endsWithDaemon: boolean },
): void {
  const pending = new Map<RequestId, AbortController>();
  let pendingLength = 0;
  let isWatched = false;

  const say = async (message: Message): Promise<void> => {
    const sent = send(webSocket, JSON.stringify(message));
    if (webSocket.bufferedAmount > MAX_UNSENT_BYTES) {
      webSocket.pause();
      await sent;
      webSocket.resume();
    }
    await sent;
  };
  const fail = (id: RequestId | null, error: unknown) =>
    void say(errorMessage(id, errorBodyOf(error), error instanceof RequestError ? error.rpcCode : undefined));

  const answer = async (id: RequestId, length: number, ask: (signal: AbortSignal) => Promise<unknown>) => {
    if (pending.has(id)) return fail(id, duplicateId(id));
    const isRoom = pending.size < MAX_PENDING_REQUESTS && pendingLength + length <= MAX_PENDING_LENGTH;
    if (!isRoom && pending.size > 0) return fail(id, tooMany(pending.size));
    const cancelled = new AbortController();
    pending.set(id, cancelled);
    pendingLength += length;
    try {
      const result = await ask(cancelled.signal);
      if (endsWithDaemon) endWithDaemon();
      void say(resultMessage(id, result));
    } catch (error) {
      if (!cancelled.signal.aborted) fail(id, error);
    } finally {
      pending.delete(id);
      pendingLength -= length;
    }
  };

  /** To be called when there is a connection. */
  const endWithDaemon = () => {
    if (isWatched) return;
    isWatched = true;
    void client.disconnected().then(() => webSocket.close(GOING_AWAY, 'the daemon has ended'));
  };

  webSocket.on('message', (data, isBinary) => {
    const text = String(data);
    const message = isBinary ? binary() : parseRequest(text);
    if (message instanceof RequestError) return fail(null, message);
    const { id, method, params, refusal } = message;
    if (id !== undefined && refusal !== undefined) return fail(id, refusal);
    if (id === undefined) {
      const cancelled = method === 'cancel' ? cancelledId(params) : undefined;
      if (cancelled !== undefined) pending.get(cancelled)?.abort();
    } else if (method === 'hello') {
      const { name, scope } = clientOf(params);
      if (name) who.name = name.slice(0, 64);
      who.scope = scope;
      void answer(id, text.length, () => greet(client));
    } else {
      const onEvent = (event: unknown) => say(streamMessage(id, event));
      void answer(id, text.length, (signal) =>
        client.request(method as MethodName, params as Params<MethodName>, { signal, onEvent }),
      );
    }
  });
  webSocket.on('close', () => client.close());
}

/** The daemon looks at it once more. */
function clientOf(hello: object): ClientName {
  const { name, scope } = (hello as { client?: { name?: unknown; scope?: unknown } }).client ?? {};
  return {
    name: typeof name === 'string' ? name : undefined,
    scope: typeof scope === 'string' ? scope : undefined,
  };
}

/** The daemon's answer to `hello`, whatever version the peer has. */
async function greet(client: Client): Promise<object> {
  const { pid, sessions } = await about(client);
  return { protocol: PROTOCOL, version: VERSION, pid, sessions, stepping_down: false };
}

/** Where a token is for some sessions only, those are counted. */
async function about(client: Client): Promise<{ pid?: number; sessions: number }> {
  try {
    return await client.request('daemon.info', {});
  } catch (error) {
    if (!(error instanceof RequestError) || error.code !== 'FORBIDDEN') throw error;
    return { sessions: (await client.request('session.list', {})).sessions.length };
  }
}

function tooMany(count: number): RequestError {
  return new RequestError('LIMIT_REACHED', `Request limit of this WebSocket reached (${count})`, {
    suggestion: 'Wait for one, cancel one, or open another WebSocket.',
  });
}

function binary(): RequestError {
  return new RequestError('INVALID_INPUT', 'Invalid request: the frame is binary', {
    suggestion: 'Send JSON-RPC 2.0 as text, one message per frame.',
    rpcCode: PARSE_ERROR,
  });
}
