/** Acts that wait behind another act: what becomes of them when their time is over or their client leaves. */

import { expect } from 'vitest';
import type { Params } from '../../packages/client/src/index.ts';
import { type Pilotty, test } from '../harness/pilotty.ts';
import { program } from '../harness/programs.ts';
import { until } from '../harness/until.ts';

/** Sends 'a', and holds the input lock until the function it returns is called. */
async function holdInput(pilotty: Pilotty, session: string): Promise<() => Promise<void>> {
  const leave = new AbortController();
  const params = { session, keys: 'a b', delay_ms: 10_000 };
  const held = pilotty.client.request('session.key', params, { signal: leave.signal });
  await pilotty.client.request('session.wait', { session, text: '61' });
  return async () => {
    leave.abort();
    await held.catch(() => {});
  };
}

/** A program that shows its input in hexadecimal. @returns the session's id */
async function echoKeys(pilotty: Pilotty, name: string): Promise<string> {
  const session = await pilotty.spawn(name, program('echo-keys.cjs'));
  await pilotty.client.request('session.wait', { session, text: 'ready' });
  return session;
}

/** All it has read, once it has read 'z' as well. */
async function readAfterZ(pilotty: Pilotty, session: string): Promise<string> {
  await pilotty.client.request('session.type', { session, text: 'z', wait: { text: '7a' } });
  const { stdout } = await pilotty.run('output', '-s', session);
  return stdout.replace('ready', '').replaceAll(/\s/g, '');
}

test('an act whose deadline passes while it waits is answered then, and never sent', async ({ pilotty }) => {
  const session = await echoKeys(pilotty, 'keys');
  const release = await holdInput(pilotty, session);
  const short = { session, timeout_ms: 50 };
  for (const asked of [
    pilotty.client.request('session.type', { ...short, text: 'echo X', enter: true }),
    pilotty.client.request('session.paste', { ...short, text: 'echo X' }),
    pilotty.client.request('session.choose', { ...short, text: 'ready' }),
  ]) {
    await expect(asked).rejects.toMatchObject({
      code: 'TIMEOUT',
      message: expect.stringContaining('nothing was sent'),
      details: { sent_bytes: 0 },
    });
  }
  const many = {
    sessions: [session],
    method: 'session.type' as const,
    params: { text: 'X', timeout_ms: 50 },
  };
  expect((await pilotty.client.request('sessions.each', many)).results).toMatchObject([
    { ok: false, error: { code: 'TIMEOUT', details: { sent_bytes: 0 } } },
  ]);
  const batch = await pilotty.run('batch', { input: `type -s ${session} -t 50ms X\n` });
  expect(JSON.parse(batch.stdout)).toMatchObject({ exit_code: 3, error: { code: 'TIMEOUT' } });
  // The act in front still holds the lock: all of these were answered before their turn.
  await release();
  expect(await readAfterZ(pilotty, session)).toBe('617a');
});

test('an act whose client leaves while it waits is never sent', async ({ pilotty }) => {
  const { client } = pilotty;
  const session = await echoKeys(pilotty, 'keys');
  const release = await holdInput(pilotty, session);
  const leave = new AbortController();
  const options = { signal: leave.signal };
  const at = { session, row: 1, col: 1, force: true };
  const requests = [
    client.request('session.type', { session, text: 'X', enter: true }, options),
    client.request('session.key', { session, keys: 'X' }, options),
    client.request('session.paste', { session, text: 'X' }, options),
    client.request('session.click', at, options),
    client.request('session.scroll', { ...at, direction: 'up' }, options),
    client.request('session.mouse', { ...at, action: 'press' }, options),
    client.request('session.choose', { session, text: 'ready' }, options),
    client.request(
      'sessions.each',
      { sessions: [session], method: 'session.key', params: { keys: 'X' } },
      options,
    ),
  ].map((asked) =>
    asked.then(
      () => 'answered',
      () => 'left',
    ),
  );
  const killed = pilotty.start('type', '-s', session, 'X', '--enter');
  // All of them have reached the daemon: what is asked now over the same connection is answered after that.
  await client.request('session.status', { session });
  await until('the command to wait', async () => (await client.request('daemon.info', {})).connections >= 2);
  leave.abort();
  killed.child.kill('SIGKILL');
  await killed.answer;
  expect(await Promise.all(requests)).toEqual(requests.map(() => 'left'));
  await until(
    'the daemon to see it',
    async () => (await client.request('daemon.info', {})).connections === 1,
  );
  await release();
  expect(await readAfterZ(pilotty, session)).toBe('617a');
});

test('an act whose deadline passes between two of its parts reports how much was sent', async ({
  pilotty,
}) => {
  const { client } = pilotty;
  const deaf = await pilotty.spawn('deaf', ['sh', '-c', 'stty raw -echo; echo ready; exec sleep 1000']);
  await client.request('session.wait', { session: deaf, text: 'ready' });
  const text = 'x'.repeat(300_000);
  const error = await client
    .request('session.type', { session: deaf, text, timeout_ms: 3_000 })
    .catch((reason: { code: string; details: { sent_bytes: number } }) => reason);
  const { code, details } = error as { code: string; details: { sent_bytes: number } };
  expect(code).toBe('TIMEOUT');
  expect(details.sent_bytes).toBeGreaterThan(0);
  expect(details.sent_bytes).toBeLessThan(text.length);
});

test('a program that does not read can be signalled, resized, renamed, tagged and ended', async ({
  pilotty,
}) => {
  const { client } = pilotty;
  const trap =
    'trap "echo got-usr1" USR1; trap "stty size" WINCH; stty raw -echo; echo ready; while :; do sleep 0.1; done';
  const session = await pilotty.spawn('deaf', ['bash', '-c', trap]);
  await client.request('session.wait', { session, text: 'ready' });
  const leave = new AbortController();
  const params: Params<'session.type'> = { session, text: 'x'.repeat(300_000), timeout_ms: 600_000 };
  let isAnswered = false;
  const stuck = client.request('session.type', params, { signal: leave.signal }).then(
    () => {
      isAnswered = true;
    },
    () => {},
  );
  const queued = client
    .request('session.key', { session, keys: 'q' }, { signal: leave.signal })
    .catch(() => {});
  const { seq } = await client.request('session.status', { session });
  const signalled = await client.request('session.signal', {
    session,
    signal: 'USR1',
    wait: { text: 'got-usr1' },
  });
  expect(signalled.wait?.outcome).toBe('matched');
  const resized = await client.request('session.resize', {
    session,
    cols: 90,
    rows: 30,
    wait: { text: '30 90' },
  });
  expect(resized.wait?.outcome).toBe('matched');
  expect(resized.seq).toBeGreaterThan(seq);
  await client.request('session.rename', { session, name: 'other' });
  await client.request('session.tag', { session, add: ['stuck'] });
  expect(await client.request('session.status', { session })).toMatchObject({
    name: 'other',
    tags: ['stuck'],
  });
  expect(isAnswered).toBe(false);
  const killed = await client.request('session.kill', { session, grace_ms: 0 });
  expect(killed.results).toMatchObject([{ session: 'other' }]);
  leave.abort();
  await Promise.all([stuck, queued]);
});

test('a signal between two keys of an act leaves the act, and its wait, whole', async ({ pilotty }) => {
  const { client } = pilotty;
  const shows =
    'trap "echo got-usr1" USR1; stty -echo; echo ready; while :; do IFS= read -rsn1 key && echo "<$key>"; done';
  const session = await pilotty.spawn('reads', ['bash', '-c', shows]);
  await client.request('session.wait', { session, text: 'ready' });
  const act = client.request('session.key', {
    session,
    keys: 'a b',
    delay_ms: 500,
    wait: { text: ['<a>', '<b>'] },
  });
  await client.request('session.wait', { session, text: '<a>' });
  const signalled = await client.request('session.signal', {
    session,
    signal: 'USR1',
    wait: { text: 'got-usr1' },
  });
  expect(signalled.wait?.outcome).toBe('matched');
  // What was printed before the signal still counts as an answer to the act.
  expect(await act).toMatchObject({ bytes: 2, wait: { outcome: 'matched' } });
});
