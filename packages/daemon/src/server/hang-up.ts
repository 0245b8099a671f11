/**
 * Whether a client has closed its end of a socket that is not being read. Node learns of that by reading, and the
 * kernel wakes nobody who neither reads nor writes. But it refuses a write then, also one of no bytes, which a client
 * that is there never sees.
 */
import type { Duplex } from 'node:stream';

export function hasHungUp(socket: Duplex): boolean {
  // While something waits to be sent, Node is told by the kernel.
  if (socket.writable && socket.writableLength === 0) socket.write('');
  return socket.destroyed || socket.errored !== null;
}
