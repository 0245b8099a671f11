/**
 * Opens a connection to a Unix socket.
 *
 * The kernel keeps connections that the listening process has not accepted in a queue. Where that is full, Linux
 * answers EAGAIN at once: the process is busy, and takes from the queue in its next turn.
 */
import { once } from 'node:events';
import { createConnection, type Socket } from 'node:net';
import { ConnectionError } from './connection-error.ts';

/** A process that has accepted nothing for this long does not answer. */
const ACCEPTED_WITHIN_MS = 5_000;
const TRY_EVERY_MS = 10;

/**
 * The caller listens for errors of the socket before it awaits anything else.
 * @returns undefined when no process listens there
 * @throws ConnectionError, with `isQueueFull` when the queue was full for that long
 */
export async function openConnection(
  path: string,
  { signal, withinMs = ACCEPTED_WITHIN_MS }: { signal?: AbortSignal | undefined; withinMs?: number } = {},
): Promise<Socket | undefined> {
  // Not by `performance`, which loads nine modules of Node for the first command that asks.
  for (let waitedMs = 0; ; waitedMs += TRY_EVERY_MS) {
    const socket = createConnection(path);
    try {
      await once(socket, 'connect');
      return socket;
    } catch (cause) {
      const { code, message } = cause as NodeJS.ErrnoException;
      if (code === 'ENOENT' || code === 'ECONNREFUSED') return undefined;
      const isQueueFull = code === 'EAGAIN';
      if (!isQueueFull || waitedMs >= withinMs)
        throw new ConnectionError(`cannot connect to ${path}: ${message}`, { isQueueFull, cause });
    }
    signal?.throwIfAborted();
    await new Promise((resolve) => setTimeout(resolve, TRY_EVERY_MS));
    signal?.throwIfAborted();
  }
}
