/** WebSockets in Node: those of ws, which Node 20 does not have, and which can be held back. */
import { connectWebSocket } from '@pilotty/client/browser';
import type { WebSocketKind } from './connect-gateway.ts';

export const nodeWebSocket: WebSocketKind = {
  async connect(url, signal) {
    // Most programs speak to the daemon of their own machine.
    const { WebSocket } = await import('ws');
    return await connectWebSocket(url, signal, WebSocket as unknown as typeof globalThis.WebSocket);
  },
  holdsBack: true,
};
