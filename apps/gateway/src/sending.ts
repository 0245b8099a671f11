import type { WebSocket } from 'ws';

/** Resolves once the message is on its way, or will never be: this holds back the sender. */
export function send(webSocket: WebSocket, message: string | Uint8Array): Promise<void> {
  return new Promise((resolve) => webSocket.send(message, () => resolve()));
}
