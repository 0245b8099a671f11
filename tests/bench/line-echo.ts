/** What one request over a Unix socket costs when the other side does nothing, or the least there is to do. */
import { type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { root } from './floods.ts';
import { Place } from './place.ts';

const SERVER = `
require('node:net').createServer((socket) => socket.pipe(socket))
  .listen(process.argv[1], () => console.log('listening'));`;

export type Echo = (line: string) => Promise<unknown>;

/** @param use gets the server's process besides */
export function withEcho<T>(use: (echo: Echo, serverPid: number) => Promise<T>): Promise<T> {
  return withLineServer(['-e', SERVER], use);
}

/** A Node that parses each line, writes a byte to a terminal and answers: no daemon in Node does less for a key. */
export function withBareKey<T>(use: (key: () => Promise<unknown>) => Promise<T>): Promise<T> {
  return withLineServer([join(root, 'tests/bench/programs/bare-key.cjs')], (ask) => {
    let id = 0;
    const params = { session: 'quiet', keys: 'Enter' };
    return use(async () => {
      id += 1;
      return JSON.parse(
        String(await ask(JSON.stringify({ jsonrpc: '2.0', id, method: 'session.key', params }))),
      );
    });
  });
}

async function withLineServer<T>(
  program: readonly string[],
  use: (ask: Echo, serverPid: number) => Promise<T>,
): Promise<T> {
  const place = new Place();
  try {
    const path = join(place.socketDir, 'echo');
    const options: SpawnOptions = { env: place.env, stdio: ['ignore', 'pipe', 'inherit'] };
    const server = spawn(process.execPath, [...program, path], options);
    if (server.stdout) await once(server.stdout, 'data');
    const socket = createConnection(path);
    await once(socket, 'connect');
    // Longer lines than these come in parts.
    const ask = (line: string) => {
      const answered = new Promise<unknown>((resolve) => socket.once('data', resolve));
      socket.write(`${line}\n`);
      return answered;
    };
    try {
      return await use(ask, server.pid ?? 0);
    } finally {
      socket.destroy();
    }
  } finally {
    place.close();
  }
}
