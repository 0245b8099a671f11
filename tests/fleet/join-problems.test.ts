/** A directory that cannot be made, or is made slowly. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { makeBucket, reachingDirectory } from '../../apps/fleet/src/directory/bucket.ts';
import { connectNats } from '../../apps/fleet/src/nats/connect.ts';
import { Pilotty } from '../harness/pilotty.ts';
import { needs } from '../harness/programs.ts';
import { NatsServer } from './nats-server.ts';

/** One that answers later has been given up by the library. */
const LATER_THAN_AN_ANSWER_MS = 5_500;

test('a host that cannot join says what is missing, and none of it is an internal error', async () => {
  needs('nats-server');
  const pilotty = new Pilotty('in process');
  const configuration = join(pilotty.directory, 'nats.conf');
  writeFileSync(configuration, '');
  const server = new NatsServer(pilotty.directory, ['-c', configuration]);
  try {
    await server.start();
    const joined = await pilotty.run('fleet', 'join', server.url, '--fleet', 'ci');
    expect([joined.code, joined.stdout]).toEqual([6, '']);
    expect(JSON.parse(joined.stderr)).toEqual({
      code: 'HOST_UNREACHABLE',
      message: 'the directory of the fleet ci cannot be used: jetstream is not enabled',
      suggestion: 'A fleet keeps its directory in JetStream: start nats-server with --jetstream.',
    });
  } finally {
    await server.kill();
    await pilotty.close();
  }
});

test('a server that takes long to make the directory is waited for', async () => {
  needs('nats-server');
  const pilotty = new Pilotty('in process');
  const server = new NatsServer(pilotty.directory);
  await server.start();
  const address = { server: `127.0.0.1:${server.port}`, isEncrypted: false };
  const nats = await connectNats(address, { credentials: undefined, inboxPrefix: undefined, name: 'test' });
  try {
    process.kill(server.pid, 'SIGSTOP');
    const made = makeBucket(nats, 'ci');
    await delay(LATER_THAN_AN_ANSWER_MS);
    process.kill(server.pid, 'SIGCONT');
    const bucket = await made;
    expect(await reachingDirectory('ci', () => bucket.get('host.a'))).toBe(null);
  } finally {
    process.kill(server.pid, 'SIGCONT');
    await nats.close();
    await server.kill();
    await pilotty.close();
  }
});
