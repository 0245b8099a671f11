/**
 * Messages over a WebSocket, one a frame, by the interface that browsers and Node share.
 *
 * Nothing can stop a WebSocket of a browser from reading: what comes while the client is busy waits in the client.
 */
import { ConnectionError } from './connection-error.ts';
import type { Transport } from './transport.ts';

/** RFC 6455 §7.4.1: the connection ended without a closing handshake. */
const ABNORMAL_CLOSURE = 1006;

/** `WebSocket.OPEN`, which a class that only looks like it may lack. */
const OPEN = 1;

/** What Node's have, and those of browsers have not. */
interface OfNode {
  pause(): void;
  resume(): void;
}

/** @throws ConnectionError when it cannot be opened; a browser does not give a page the reason. */
export function connectWebSocket(
  url: string,
  signal: AbortSignal,
  WebSocket: typeof globalThis.WebSocket = globalThis.WebSocket,
): Promise<Transport> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const socket = new WebSocket(url);
    const abandon = () => socket.close();
    signal.addEventListener('abort', abandon, { once: true });
    const opening = new AbortController();
    const settle = (then: () => void) => () => {
      opening.abort();
      signal.removeEventListener('abort', abandon);
      then();
    };
    const once = { signal: opening.signal };
    socket.addEventListener(
      'open',
      settle(() => resolve(webSocketTransport(socket))),
      once,
    );
    socket.addEventListener(
      'close',
      settle(() =>
        reject(new ConnectionError('the gateway cannot be reached', { suggestion: 'Is it running?' })),
      ),
      once,
    );
  });
}

function webSocketTransport(socket: WebSocket & Partial<OfNode>): Transport {
  return {
    send: (lines) => {
      // What is being closed takes nothing more, and its end is said in a moment; a browser would complain of each.
      if (socket.readyState !== OPEN) return;
      for (const line of lines.split('\n')) if (line !== '') socket.send(line);
    },
    listen: (listener) => {
      socket.addEventListener('message', ({ data }) => {
        for (const line of String(data).split('\n')) if (line !== '') listener.line(line);
      });
      socket.addEventListener('close', ({ code, reason }) => listener.closed(reasonOf(code, reason)));
    },
    pause: () => socket.pause?.(),
    resume: () => socket.resume?.(),
    close: () => socket.close(),
  };
}

function reasonOf(code: number, reason: string): Error | undefined {
  if (reason !== '') return new Error(reason);
  return code === ABNORMAL_CLOSURE ? new Error('the connection broke') : undefined;
}
