/** What a client names may be anything that a file system has: looking at it never makes the daemon wait. */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { join } from 'node:path';
import { expect } from 'vitest';
import { type Pilotty, test } from '../harness/pilotty.ts';

/** Names in the home directory of the test: nothing but a regular file can be run. */
async function makeSpecialFiles({ home }: Pilotty): Promise<net.Server> {
  execFileSync('mkfifo', ['-m', '755', join(home, 'fifo')]);
  mkdirSync(join(home, 'directory'));
  const script = (name: string, interpreter: string) => {
    writeFileSync(join(home, name), `#!${interpreter}\n`);
    chmodSync(join(home, name), 0o755);
  };
  script('of-fifo', join(home, 'fifo'));
  script('of-script-of-fifo', join(home, 'of-fifo'));
  script('of-itself', join(home, 'of-itself'));
  const server = net.createServer();
  await new Promise<void>((resolve) => server.listen(join(home, 'socket'), resolve));
  return server;
}

test('a program or a directory that is no such thing is refused, and the daemon goes on', async ({
  pilotty,
}) => {
  const server = await makeSpecialFiles(pilotty);
  try {
    const { client, home } = pilotty;
    const file = (name: string) => join(home, name);
    const programs = ['fifo', 'directory', 'socket', 'of-fifo', 'of-script-of-fifo', 'of-itself'].map(file);
    for (const program of [...programs, './fifo', '/dev/null', '/dev/tty', '/dev/ptmx']) {
      const asked = client.request('session.spawn', { argv: [program], cwd: home, env: pilotty.env });
      await expect(asked, program).rejects.toMatchObject({ code: 'SPAWN_FAILED' });
    }
    const env = { ...pilotty.env, PATH: home };
    await expect(client.request('session.spawn', { argv: ['fifo'], cwd: home, env })).rejects.toMatchObject({
      code: 'SPAWN_FAILED',
      message: expect.stringContaining('not a regular file'),
    });
    for (const cwd of ['fifo', 'socket', 'of-fifo'].map(file)) {
      const asked = client.request('session.spawn', { argv: ['true'], cwd, env: pilotty.env });
      await expect(asked, cwd).rejects.toMatchObject({ code: 'SPAWN_FAILED' });
    }
    expect((await client.request('daemon.info', {})).sessions).toBe(0);
  } finally {
    server.close();
  }
});

test('a gateway refuses a token or a certificate that is not a regular file', async ({ pilotty }) => {
  const fifo = join(pilotty.home, 'fifo');
  execFileSync('mkfifo', ['-m', '600', fifo]);
  for (const words of [
    ['--token-file', fifo],
    ['--token-file', pilotty.home],
    ['--tls-cert', fifo, '--tls-key', fifo],
  ]) {
    const answer = await pilotty.run('serve', '--detach', '--bind', '127.0.0.1:0', ...words);
    expect([answer.code, answer.error()]).toEqual([
      2,
      expect.objectContaining({
        code: 'INVALID_INPUT',
        message: expect.stringContaining('not a regular file'),
      }),
    ]);
  }
});
