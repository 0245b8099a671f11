/** What one request over a Unix socket costs when the other side does nothing. */
import { type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { Place } from './place.ts';

const SERVER = `
require('node:net').createServer((socket) => socket.pipe(socket))
  .listen(process.argv[1], () => console.log('listening'));`;

export type Echo = (line: string) => Promise<unknown>;

/** @param use gets the server's process besides */
export async function withEcho<T>(use: (echo: Echo, serverPid: number) => Promise<T>): Promise<T> {
  const place = new Place();
  try {
    const path = join(place.socketDir, 'echo');
    const args = ['-e', SERVER, path];
    const options: SpawnOptions = { env: place.env, stdio: ['ignore', 'pipe', 'inherit'] };
    const server = spawn(process.execPath, args, options);
    if (server.stdout) await once(server.stdout, 'data');
    const socket = createConnection(path);
    await once(socket, 'connect');
    // Longer lines than these come in parts.
    const echo = (line: string) => {
      const answered = new Promise<void>((resolve) => socket.once('data', () => resolve()));
      socket.write(`${line}\n`);
      return answered;
    };
    try {
      return await use(echo, server.pid ?? 0);
    } finally {
      socket.destroy();
    }
  } finally {
    place.close();
  }
}
