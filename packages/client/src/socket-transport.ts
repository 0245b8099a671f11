import type { Socket } from 'node:net';
import { LineSplitter } from '@pilotty/protocol';
import { gatherLines } from './gathered-lines.ts';
import { openConnection } from './open-connection.ts';
import type { Transport } from './transport.ts';

/**
 * Connects to a daemon's socket; undefined when no daemon listens there.
 * @throws ConnectionError; its `isQueueFull` when the daemon has not accepted what waits before this for seconds
 */
export async function connectSocket(path: string, signal?: AbortSignal): Promise<Transport | undefined> {
  const socket = await openConnection(path, { signal });
  return socket && socketTransport(socket);
}

function socketTransport(socket: Socket): Transport {
  const splitter = new LineSplitter();
  let failure: Error | undefined;
  const gathered = gatherLines((lines) => {
    if (!socket.destroyed) socket.write(lines);
  });
  socket.on('error', (error) => {
    failure = error;
  });
  return {
    send: (lines) => gathered.add(lines),
    listen(listener) {
      socket.on('data', (chunk) => {
        try {
          for (const line of splitter.push(chunk)) listener.line(line);
        } catch (error) {
          socket.destroy(error as Error);
        }
      });
      socket.once('close', () => listener.closed(failure));
    },
    pause: () => void socket.pause(),
    resume: () => void socket.resume(),
    keepProcess: (isKept) => void (isKept ? socket.ref() : socket.unref()),
    close: () => {
      gathered.flush();
      // What the kernel has taken it delivers; waiting for a shutdown would only take a moment more.
      if (socket.writableLength === 0) socket.destroy();
      else socket.destroySoon();
    },
  };
}
