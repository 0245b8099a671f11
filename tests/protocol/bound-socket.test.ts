/** A socket at its path: bound by its owner alone, and removed only where it still is the same. */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { BoundSocket } from '../../packages/protocol/src/index.ts';

const system = {
  files: fs,
  umask: (mask: number) => process.umask(mask),
  nonce: () => randomBytes(2).toString('hex'),
};

async function withDirectory(use: (directory: string) => Promise<void>): Promise<void> {
  const directory = fs.mkdtempSync(join(tmpdir(), 'bound-'));
  try {
    await use(directory);
  } finally {
    fs.rmSync(directory, { recursive: true });
  }
}

test('it is reached at its path, by its owner alone, and the umask is as before', () =>
  withDirectory(async (directory) => {
    const path = join(directory, 'pilotty.sock');
    const before = process.umask();
    const server = net.createServer();
    const socket = await BoundSocket.bind(server, path, system);
    expect(fs.statSync(path).mode & 0o777).toBe(0o600);
    expect([process.umask(), socket.isInPlace, fs.readdirSync(directory)]).toEqual([
      before,
      true,
      ['pilotty.sock'],
    ]);
    const client = net.connect(path);
    await once(client, 'connect');
    client.destroy();
    socket.remove();
    server.close();
    expect(fs.readdirSync(directory)).toEqual([]);
  }));

test('one that another process has replaced stays, also when the server of the first closes', () =>
  withDirectory(async (directory) => {
    const path = join(directory, 'pilotty.sock');
    const [one, other] = [net.createServer(), net.createServer()];
    const first = await BoundSocket.bind(one, path, system);
    const second = await BoundSocket.bind(other, path, system);
    expect([first.isInPlace, second.isInPlace]).toEqual([false, true]);
    first.remove();
    one.close();
    await once(one, 'close');
    expect(second.isInPlace).toBe(true);
    second.remove();
    other.close();
  }));

test('what a killed process left is removed, and nothing else', () =>
  withDirectory(async (directory) => {
    const left = net.createServer().listen(join(directory, 'pilotty.0a1f'));
    await once(left, 'listening');
    for (const name of ['pilotty.dead', 'pilotty.lock', 'gateway.0a1f'])
      fs.writeFileSync(join(directory, name), '');
    const server = net.createServer();
    await BoundSocket.bind(server, join(directory, 'pilotty.sock'), system);
    expect(fs.readdirSync(directory).sort()).toEqual(
      ['gateway.0a1f', 'pilotty.dead', 'pilotty.lock', 'pilotty.sock'].sort(),
    );
    left.close();
    server.close();
  }));

test('a directory that is gone is an error of the file system', () =>
  withDirectory(async (directory) => {
    const server = net.createServer();
    await expect(BoundSocket.bind(server, join(directory, 'gone', 'a.sock'), system)).rejects.toThrow(
      /ENOENT/,
    );
  }));
