/** What keeps a daemon from being upgraded: each is named, and everything goes on as it was. */
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { builtProgram, type Pilotty, test } from '../harness/pilotty.ts';
import { until } from '../harness/until.ts';

async function expectRefused({ client }: Pilotty, reason: RegExp): Promise<void> {
  const { pid } = await client.request('daemon.info', {});
  const asked = client.request('daemon.upgrade', { program: builtProgram('pilotty-daemon.cjs') });
  await expect(asked).rejects.toMatchObject({
    code: 'UNAVAILABLE',
    message: expect.stringMatching(new RegExp(`not upgraded, and goes on as it was: .*${reason.source}`)),
  });
  expect((await client.request('daemon.info', {})).pid).toBe(pid);
}

async function expectUpgraded({ client }: Pilotty): Promise<void> {
  const upgraded = await client.request('daemon.upgrade', { program: builtProgram('pilotty-daemon.cjs') });
  expect(upgraded.pid).not.toBe(upgraded.previous_pid);
}

test('background jobs of exec that still write to the daemon', async ({ pilotty }) => {
  const { client } = pilotty;
  const session = await pilotty.spawn('shell', ['bash', '--norc']);
  const job = '(until [ -e go ]; do sleep 0.1; done) &';
  await client.request('session.exec', { session, command: job });
  await expectRefused(pilotty, /background jobs of exec still write/);
  await client.request('session.exec', { session, command: 'touch go; wait' });
  await until(
    'the upgrade',
    async () =>
      await expectUpgraded(pilotty).then(
        () => true,
        () => false,
      ),
  );
  expect(await client.request('session.exec', { session, command: '(exit 3)' })).toMatchObject({
    exit_code: 3,
  });
});

test('input that is kept for a script', async ({ pilotty }) => {
  const { client } = pilotty;
  const session = await pilotty.spawn('kept', ['cat'], { keep_input: true });
  await expectRefused(pilotty, /'kept' .*its input is kept for a script/);
  await client.request('session.type', {
    session,
    text: 'still there',
    enter: true,
    wait: { text: 'still there' },
  });
  await client.request('session.kill', { session });
  await expectUpgraded(pilotty);
});

test('a keyboard that was handed to a person', async ({ pilotty }) => {
  const { client } = pilotty;
  const session = await pilotty.spawn('handed', ['cat']);
  await client.request('session.hand_over', { session, message: 'please' });
  await expectRefused(pilotty, /'handed' .*a client has taken the keyboard/);
  await client.request('session.release', { session });
  await expectUpgraded(pilotty);
});

test('a program that is being ended, and does not end', async ({ pilotty }) => {
  const { client } = pilotty;
  const session = await pilotty.spawn('stays', [
    'sh',
    '-c',
    'trap "" HUP INT TERM; echo ready; until [ -e go ]; do sleep 0.1; done',
  ]);
  await client.request('session.wait', { session, text: 'ready' });
  const killed = client.request('session.kill', { session, grace_ms: 60_000 });
  await expectRefused(pilotty, /(it is being ended|session.kill .*is still being answered)/);
  writeFileSync(join(pilotty.home, 'go'), '');
  expect((await killed).results).toMatchObject([{ ok: true }]);
  await expectUpgraded(pilotty);
});

test('input that its program has not read', async ({ pilotty }) => {
  const { client } = pilotty;
  const session = await pilotty.spawn('deaf', [
    'sh',
    '-c',
    'stty raw; echo ready; until [ -e go ]; do sleep 0.1; done; cat',
  ]);
  await client.request('session.wait', { session, text: 'ready' });
  // More than a terminal takes for its program.
  const typed = client.request('session.type', { session, text: 'x'.repeat(100_000) }).catch(() => {});
  await expectRefused(
    pilotty,
    /(its program has not read all of its input|session.type .*is still being answered)/,
  );
  await client.request('session.kill', { session, signal: 'KILL' });
  await typed;
  await expectUpgraded(pilotty);
});

test('a socket that is not in its place', async ({ pilotty }) => {
  const session = await pilotty.spawn('there', ['cat']);
  const socket = join(pilotty.socketDir, 'pilotty.sock');
  renameSync(socket, `${socket}.moved`);
  await expectRefused(pilotty, /its socket is not in its place/);
  const wait = { text: 'goes on' };
  await pilotty.client.request('session.type', { session, text: 'goes on', enter: true, wait });
  renameSync(`${socket}.moved`, socket);
});

test('a daemon in the foreground, which something watches', async ({ pilotty }) => {
  const foreground = pilotty.start('daemon', '--foreground');
  await until('it to serve', async () => (await pilotty.run('info')).code === 0);
  await pilotty.spawn('there', ['cat']);
  await expectRefused(pilotty, /it runs in the foreground/);
  await pilotty.run('stop');
  expect((await foreground.answer).code).toBe(0);
});
