/**
 * A file named on the command line, as it is read. It may be a FIFO, a terminal or a device: opening it and waiting
 * for it can be interrupted, which a thread in open(2) or read(2) cannot.
 */
import { constants, createReadStream, fstat, open } from 'node:fs';
import { Socket } from 'node:net';
import { resolve } from 'node:path';
import { isatty, ReadStream } from 'node:tty';
import { promisify } from 'node:util';
import { RequestError } from '@pilotty/client';
import { isInDoubt } from '@pilotty/client/node';
import type { Io } from './io.ts';

const REASONS: Record<string, string> = {
  ENOENT: 'no such file',
  ENOTDIR: 'no such file',
  EISDIR: 'it is a directory',
  EACCES: 'permission denied',
  ENXIO: 'it is a socket or a device that is not there',
  EAGAIN: 'it is a device that has nothing to read now',
};

/** O_NONBLOCK: the open of a FIFO does not wait for its writer. O_NOCTTY: that of a terminal does not take it over. */
const FLAGS = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY;

/** @throws RequestError when it cannot be read; the signal's reason, that of `io.signal` as well */
export async function* streamFile(path: string, io: Io, until?: AbortSignal): AsyncGenerator<Uint8Array> {
  const signal = until ? AbortSignal.any([io.signal, until]) : io.signal;
  try {
    yield* await opened(pathFrom(path, io), signal);
  } catch (error) {
    signal.throwIfAborted();
    const { code = '', message } = error as NodeJS.ErrnoException;
    throw new RequestError('INVALID_INPUT', `cannot read '${path}': ${REASONS[code] ?? message}`, {
      suggestion: "Check the path, or give '-' to read from stdin.",
    });
  }
}

async function opened(path: string, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>> {
  const fd = await promisify(open)(path, FLAGS);
  const facts = await promisify(fstat)(fd);
  // Both are waited for by the event loop. A FIFO that has no writer yet does not look as if it had ended.
  if (facts.isFIFO()) return new Socket({ fd, readable: true, writable: false, signal });
  if (isatty(fd)) return abortedBy(signal, new ReadStream(fd));
  return createReadStream('', { fd, signal });
}

function abortedBy(signal: AbortSignal, stream: ReadStream): ReadStream {
  signal.addEventListener('abort', () => stream.destroy(), { once: true });
  return stream;
}

/** From where the command runs; a directory that is not UTF-8 has no path that could be written. */
function pathFrom(path: string, { cwd }: Io): string {
  return isInDoubt(cwd) ? path : resolve(cwd, path);
}
