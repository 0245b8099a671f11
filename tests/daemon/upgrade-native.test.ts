/** Commands of the native client run inside the daemon. Those that wait or follow go on with the one that has the sessions then. */
import { spawn } from 'node:child_process';
import { buffer, text } from 'node:stream/consumers';
import { expect } from 'vitest';
import { builtProgram, nativeClient, type Pilotty, test } from '../harness/pilotty.ts';
import { isAlive } from '../harness/processes.ts';
import { until } from '../harness/until.ts';

interface Ended {
  stdout: Buffer;
  stderr: string;
  code: number | null;
}

function begin({ env, home }: Pilotty, ...words: string[]): Promise<Ended> {
  const child = spawn(nativeClient(), words, { env, cwd: home, stdio: ['ignore', 'pipe', 'pipe'] });
  const code = new Promise<number | null>((resolve) => child.once('close', resolve));
  return Promise.all([buffer(child.stdout), text(child.stderr), code]).then(([stdout, stderr, code]) => ({
    ...{ stdout, stderr, code },
  }));
}

test('three upgrades: who waits and follows by the native client loses nothing, and the old daemons end', async ({
  pilotty,
}) => {
  const { client } = pilotty;
  const flood = 'read go; i=0; while [ $i -lt 40 ]; do seq 1 2000; i=$((i+1)); sleep 0.03; done; exit 9';
  const flooding = await pilotty.spawn('flood', ['sh', '-c', flood], { retain_bytes: 1 << 20 });
  const late = await pilotty.spawn('late', ['sh', '-c', 'read go; echo "got $go"; exit 42'], { tags: ['x'] });
  const begun = {
    bytes: begin(pilotty, 'output', '-s', 'flood', '--follow', '--ansi'),
    text: begin(pilotty, 'wait', '-s', 'late', '--text', 'got it', '-t', '1m'),
    exit: begin(pilotty, 'wait', '-s', 'late', '--exit', '-t', '1m'),
    tagged: begin(pilotty, 'wait', '--tag', 'x', '--exit', '-t', '1m'),
    events: begin(pilotty, 'events', '--type', 'exited', '-t', '1m'),
  };
  await until('all of them', async () => {
    const { connections } = await client.request('daemon.info', {});
    return connections === 1 + Object.keys(begun).length;
  });
  await client.request('session.key', { session: flooding, keys: 'Enter' });
  const before: number[] = [];
  for (let time = 0; time < 3; time++) {
    const { previous_pid } = await client.request('daemon.upgrade', {
      program: builtProgram('pilotty-daemon.cjs'),
    });
    before.push(previous_pid);
  }
  await client.request('session.type', { session: late, text: 'it', enter: true });
  const [bytes, found, exit, tagged] = await Promise.all([
    ...[begun.bytes, begun.text, begun.exit, begun.tagged],
  ] as const);
  const once = Array.from({ length: 2000 }, (_, index) => `${index + 1}\r\n`).join('');
  expect(bytes.stdout.equals(Buffer.from(`\r\n${once.repeat(40)}`))).toBe(true);
  expect([bytes.code, bytes.stderr]).toEqual([0, '']);
  expect([found, exit, tagged].map((one) => one?.stderr)).toEqual(['', '', '']);
  expect(JSON.parse(String(found?.stdout))).toMatchObject({ outcome: 'matched' });
  expect(JSON.parse(String(exit?.stdout))).toMatchObject({ exit: { exit_code: 42 } });
  expect(JSON.parse(String(tagged?.stdout))).toMatchObject({ ready: [{ session: 'late' }] });
  await client.request('daemon.stop', {});
  const events = (await begun.events).stdout.toString().split('\n');
  expect(events.filter((line) => line.includes('"exited"'))).toHaveLength(2);
  await until('the old daemons to end', () => !before.some(isAlive));
});
