/** A silence is none where the daemon has not listened. */
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { lookAfter, lookEvery, timeToLook } from '../../packages/daemon/src/after-reading.ts';
import { test as processTest } from '../harness/pilotty.ts';
import { until } from '../harness/until.ts';

const LOOKS = {
  lookAfter: (look: () => void) => void lookAfter(5, look),
  lookEvery: (look: () => void) => {
    const timer = lookEvery(5, () => {
      clearInterval(timer);
      look();
    });
  },
  timeToLook: (look: () => void) => void timeToLook(5).then(look),
};

test.for(Object.entries(LOOKS))(
  '%s looks once what came during a stall is read and drawn',
  async ([, lookLater]) => {
    const { near, far, close } = await connected();
    const order: string[] = [];
    near.on('data', () => {
      order.push('read');
      setImmediate(() => order.push('drawn'));
    });
    const looked = new Promise<void>((resolve) => {
      lookLater(() => {
        order.push('looked');
        resolve();
      });
    });
    far.write('x');
    // The event loop turns no more until the timer is long due, and the byte has arrived.
    for (const began = performance.now(); performance.now() - began < 50; );
    await looked;
    close();
    expect(order).toEqual(['read', 'drawn', 'looked']);
  },
);

processTest(
  'a daemon that was stopped reads before it says that nothing was printed',
  async ({ pilotty }) => {
    const at = (name: string) => join(pilotty.home, name);
    const script = 'echo one; until [ -e go ]; do sleep 0.02; done; echo two; touch printed; cat';
    await pilotty.run('spawn', '--name', 'x', '--wait-text', 'one', 'sh', '-c', script);
    const { pid } = (await pilotty.run('info')).json();
    const settled = pilotty.client.request('session.snapshot', {
      session: 'x',
      format: 'text',
      settle_ms: 1500,
      timeout_ms: 60_000,
    });
    // The daemon has it once a later request is answered.
    await pilotty.client.request('session.list', {});
    process.kill(pid, 'SIGSTOP');
    const stopped = performance.now();
    try {
      writeFileSync(at('go'), '');
      await until('it to print', () => existsSync(at('printed')));
      await until('the silence to be due', () => performance.now() - stopped > 1600);
    } finally {
      process.kill(pid, 'SIGCONT');
    }
    expect(await settled).toMatchObject({ text: expect.stringContaining('two') });
  },
);

async function connected(): Promise<{ near: net.Socket; far: net.Socket; close(): void }> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as net.AddressInfo;
  const far = net.connect(port, '127.0.0.1');
  const [[near]] = (await Promise.all([once(server, 'connection'), once(far, 'connect')])) as [
    [net.Socket],
    unknown,
  ];
  return {
    near,
    far,
    close() {
      far.destroy();
      near.destroy();
      server.close();
    },
  };
}
