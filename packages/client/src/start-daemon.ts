/** Starts a daemon and waits until it, or the one that was faster, can be talked to. */
import type { Readable } from 'node:stream';
import { type ErrorBody, RequestError, type SocketPaths } from '@pilotty/protocol';
import { ConnectionError } from './connection-error.ts';
import { makeDirectory } from './socket-directory.ts';

/** The descriptor on which a daemon says one line: that it is ready, or why not. */
export const READY_FD = 3;

/** What a daemon says once requests can be sent: to it, or to another that was there first. */
export interface Ready {
  pid: number;
  /** Programs of a daemon that was killed; they still run. */
  orphans: { pid: number; name: string; program: string }[];
}

export async function startDaemon(
  paths: SocketPaths,
  options: { program: string; env: Readonly<Record<string, string | undefined>>; signal: AbortSignal },
): Promise<Ready> {
  makeDirectory(paths.directory);
  // Loaded here, because most commands find a daemon and never need it.
  const { spawn } = await import('node:child_process');
  options.signal.throwIfAborted();
  const child = spawn(process.execPath, daemonArguments(options.program, paths), {
    cwd: '/',
    detached: true,
    env: options.env,
    // Nothing of ours: a pipe kept open by the daemon would hang `$(pilotty spawn …)`.
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  child.unref();
  return await new Promise((resolve, reject) => {
    child.once('error', (cause) => {
      reject(new ConnectionError(`the daemon could not be started: ${cause.message}`, { cause }));
    });
    // Without a pipe there is no process either, and the error above is on its way.
    const pipe = child.stdio?.[READY_FD] as Readable | undefined;
    if (pipe !== undefined) readReadyLine(pipe, paths, options.signal).then(resolve, reject);
  });
}

export function daemonArguments(program: string, paths: SocketPaths): string[] {
  return [program, '--socket-dir', paths.directory, '--ready-fd', String(READY_FD)];
}

/** Waits for the daemon's line, and closes the pipe. @throws the reason the daemon gave. */
export async function readReadyLine(pipe: Readable, paths: SocketPaths, signal: AbortSignal): Promise<Ready> {
  let text = '';
  const stop = () => pipe.destroy();
  signal.addEventListener('abort', stop, { once: true });
  try {
    for await (const chunk of pipe.setEncoding('utf8')) {
      text += chunk;
      if (text.includes('\n')) break;
    }
  } finally {
    signal.removeEventListener('abort', stop);
    pipe.destroy();
  }
  if (!text.includes('\n')) {
    throw new ConnectionError('the daemon ended before it was ready', {
      suggestion: `Its log may say why: ${paths.log}; so may 'pilotty daemon --foreground'.`,
    });
  }
  const line = JSON.parse(text) as Ready | { error: ErrorBody };
  if ('error' in line) throw RequestError.fromBody(line.error);
  return line;
}
