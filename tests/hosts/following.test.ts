/** A loop of the SDK over ssh whose connection is lost. */
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { expect } from 'vitest';
import { builtProgram } from '../harness/pilotty.ts';
import { until } from '../harness/until.ts';
import { test } from './other-host.ts';

test('a loop goes on over a new connection where it was, without a gap', async ({ pilotty, host }) => {
  const program = `
    const { connect } = await import(${JSON.stringify(builtProgram('sdk/index.mjs'))});
    const pilotty = await connect({ host: 'ssh://there' });
    const session = await pilotty.spawn(['sh', '-c', 'echo one; read x; echo two'], { name: 'two' });
    for await (const { bytes } of session.followBytes({ since: 0 })) process.stdout.write(bytes);
    await pilotty.close();`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    env: { ...pilotty.env, ...host.env },
    cwd: pilotty.home,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let seen = '';
  child.stdout.on('data', (part: Buffer) => {
    seen += part.toString();
  });
  const all = text(child.stdout);
  await until('the first line', () => seen === 'one\r\n');
  host.cut();
  await host.client.request('session.key', { session: 'two', keys: 'Enter' });
  expect(await all).toBe('one\r\n\r\ntwo\r\n');
  await until('the program to end', () => child.exitCode !== null);
  expect(child.exitCode).toBe(0);
});
