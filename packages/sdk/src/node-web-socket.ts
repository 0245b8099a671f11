/** WebSockets in Node: those of ws, which Node 20 does not have, and which can be held back. */
import type { Socket } from 'node:net';
import { connectWebSocket } from '@pilotty/client/browser';
import type { WebSocketKind } from './connect-gateway.ts';

export const nodeWebSocket: WebSocketKind = {
  async connect(url, signal) {
    // Most programs speak to the daemon of their own machine.
    const { WebSocket } = await import('ws');
    let socket: Socket | undefined;
    class Upgraded extends WebSocket {
      constructor(address: string) {
        super(address);
        this.once('upgrade', (response) => {
          socket = response.socket;
        });
        // What fails is closed too, which is what is listened for.
        this.on('error', () => {});
      }
    }
    const transport = await connectWebSocket(url, signal, Upgraded as unknown as typeof globalThis.WebSocket);
    return { ...transport, keepProcess: (isKept) => void (isKept ? socket?.ref() : socket?.unref()) };
  },
  holdsBack: true,
};
