/** Waiting on many sessions as one: nobody is missed, nobody is told twice, nothing spins. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Result } from '../../packages/client/src/index.ts';
import { test } from '../harness/pilotty.ts';
import { until } from '../harness/until.ts';

test('fifty builds that end at any time: a loop gets every end once, in order, and no empty answer', async ({
  pilotty,
}) => {
  const { client } = pilotty;
  const names = Array.from({ length: 50 }, (_, index) => `build-${index}`);
  const { event_cursor: start } = await client.request('session.list', {});
  await Promise.all(
    names.map((name, index) => {
      const script = `sleep ${(((index * 37) % 50) / 100).toFixed(2)}; echo over; exit ${index % 3 === 0 ? 1 : 0}`;
      return pilotty.spawn(name, ['sh', '-c', script], { tags: ['fleet'] });
    }),
  );
  const ended: Result<'sessions.wait'>['ready'] = [];
  let cursor = start;
  let calls = 0;
  for (let remaining = 1; remaining > 0; calls++) {
    const answer = await client.request('sessions.wait', {
      tags: ['fleet'],
      exit: true,
      after: cursor,
    });
    expect(answer.ready.length).toBeGreaterThan(0);
    ended.push(...answer.ready);
    ({ event_cursor: cursor, remaining } = answer);
  }
  expect(ended.map(({ session }) => session).toSorted()).toEqual(names.toSorted());
  expect(ended).toEqual(ended.toSorted((a, b) => a.event_cursor - b.event_cursor));
  const failed = ended.filter(({ exit }) => exit?.exit_code === 1).map(({ session }) => session);
  expect(failed.toSorted()).toEqual(names.filter((_, index) => index % 3 === 0).toSorted());
  // Every call brought news, so there cannot have been more calls than ends.
  expect(calls).toBeLessThanOrEqual(names.length);
});

test('programs that end at once, several started at a time: a loop is told of each once', async ({
  pilotty,
}) => {
  const { client } = pilotty;
  const names = Array.from({ length: 120 }, (_, index) => `brief-${index}`);
  let { event_cursor: cursor } = await client.request('session.list', {});
  const starting = [...names];
  const starters = Array.from({ length: 4 }, async () => {
    for (let name = starting.shift(); name !== undefined; name = starting.shift())
      await pilotty.spawn(name, ['sh', '-c', 'exit 0'], { tags: ['brief'] });
  });
  const ended: string[] = [];
  const loop = async () => {
    while (ended.length < names.length) {
      const answer = await client.request('sessions.wait', { tags: ['brief'], exit: true, after: cursor });
      expect(answer.ready, `${ended.length} ends were told`).not.toEqual([]);
      ended.push(...answer.ready.map(({ session }) => session));
      cursor = answer.event_cursor;
    }
  };
  await Promise.all([loop(), ...starters]);
  expect(ended.toSorted()).toEqual(names.toSorted());
});

test('an end is told although the session has been evicted meanwhile', async ({ pilotty }) => {
  const daemon = pilotty.start('daemon', '--foreground', { env: { PILOTTY_REMEMBER: '0' } });
  const { client } = pilotty;
  await until('the daemon', () => pilotty.log().includes('listening'));
  const { event_cursor } = await client.request('session.list', {});
  for (const code of [0, 3])
    await pilotty.spawn(`e${code}`, ['sh', '-c', `exit ${code}`], { tags: ['brief'] });
  await until('both to be evicted', async () => {
    const { sessions, retained } = await client.request('daemon.info', {});
    return sessions === 0 && retained === 0;
  });
  const { ready } = await client.request('sessions.wait', {
    tags: ['brief'],
    exit: true,
    after: event_cursor,
  });
  expect(ready.map(({ session, holds, exit }) => [session, holds, exit?.exit_code])).toEqual([
    ['e0', true, 0],
    ['e3', true, 3],
  ]);
  await pilotty.run('stop');
  await daemon.answer;
});

test('two quiet sessions are told once each, and again only after they have been busy', async ({
  pilotty,
}) => {
  const { client } = pilotty;
  for (const name of ['a', 'b']) await pilotty.spawn(name, ['cat'], { tags: ['chat'] });
  const idle = (after?: number, timeout_ms = 30_000) =>
    client.request('sessions.wait', {
      tags: ['chat'],
      idle_ms: 200,
      all: after === undefined,
      after,
      timeout_ms,
    });
  const both = await idle();
  expect(both.ready.map(({ session, outcome }) => [session, outcome])).toEqual([
    ['a', 'idle'],
    ['b', 'idle'],
  ]);
  const quiet = await idle(both.event_cursor, 300);
  expect(quiet).toMatchObject({ outcome: 'deadline', ready: [], remaining: 0 });
  await client.request('session.type', { session: 'b', text: 'x' });
  expect((await idle(quiet.event_cursor)).ready).toMatchObject([{ session: 'b', outcome: 'idle' }]);
});

test.for([{ all: true }, { all: false }])(
  'one that was quiet before, prints without any input, and is quiet again is told: $all',
  async ({ all }, { pilotty }) => {
    const { client } = pilotty;
    const names = ['one', 'other'];
    for (const name of names) {
      const script = `mkfifo '${name}'; echo ready; while :; do cat '${name}'; done`;
      await pilotty.spawn(name, ['sh', '-c', script]);
      await client.request('session.wait', { session: name, text: 'ready' });
    }
    const wait = { sessions: names, idle_ms: 300 };
    const { event_cursor: after } = await client.request('sessions.wait', { ...wait, all: true });
    const answer = client.request('sessions.wait', { ...wait, all, after, timeout_ms: 60_000 });
    // Requests of one client are begun in their order.
    await client.request('daemon.info', {});
    for (const name of all ? names : ['one']) await writeFile(join(pilotty.home, name), 'news\n');
    const { outcome, ready } = await answer;
    expect([outcome, ready.map(({ session }) => session)]).toEqual([
      'idle',
      all ? expect.any(Array) : ['one'],
    ]);
  },
);

test('text that was told is not told again, new text is, whatever came between two calls', async ({
  pilotty,
}) => {
  const { client } = pilotty;
  const session = await pilotty.spawn('log', ['sh', '-c', 'stty -echo; echo READY; cat'], { tags: ['log'] });
  const wait = (after?: number, timeout_ms = 30_000) =>
    client.request('sessions.wait', { tags: ['log'], regex: 'READY|FAIL.*', after, timeout_ms });
  const first = await wait();
  expect(first.ready).toMatchObject([{ match: { text: 'READY' } }]);
  // More output, while the old text is still there.
  await client.request('session.type', { session, text: 'something else\n', wait: { text: 'else' } });
  const nothing = await wait(first.event_cursor, 100);
  expect(nothing.ready).toEqual([]);
  // Printed and scrolled away before anybody asks again.
  await client.request('session.type', { session, text: 'FAIL one\n', wait: { text: 'FAIL one' } });
  await client.request('session.paste', { session, text: 'x\n'.repeat(100), wait: { settle_ms: 100 } });
  expect((await wait(nothing.event_cursor)).ready).toMatchObject([{ match: { text: 'FAIL one' } }]);
});

test('sessions that start, get the tag, or end without it meanwhile take part', async ({ pilotty }) => {
  const { client } = pilotty;
  const { event_cursor } = await client.request('session.list', {});
  const waiting = client.request('sessions.wait', { tags: ['late'], text: 'here', after: event_cursor });
  await pilotty.spawn('started', ['sh', '-c', 'echo here; cat'], { tags: ['late'] });
  const first = await waiting;
  expect(first.ready).toMatchObject([{ session: 'started', holds: true }]);

  const tagged = await pilotty.spawn('tagged', ['sh', '-c', 'echo here; cat']);
  await client.request('session.wait', { session: tagged, text: 'here' });
  const next = client.request('sessions.wait', { tags: ['late'], text: 'here', after: first.event_cursor });
  await client.request('session.tag', { session: tagged, add: ['late'] });
  const second = await next;
  expect(second.ready).toMatchObject([{ session: 'tagged' }]);

  const last = client.request('sessions.wait', { tags: ['late'], text: 'never', after: second.event_cursor });
  await client.request('session.kill', { session: tagged });
  expect((await last).ready).toMatchObject([{ session: 'tagged', outcome: 'exited', holds: false }]);
});

test('several sessions by name, all of them, and a name nobody has', async ({ pilotty }) => {
  for (const name of ['build-1', 'build-2', 'other'])
    await pilotty.spawn(name, ['sh', '-c', 'read x; echo done']);
  const all = pilotty.start('wait', '-s', 'build-*', '--all', '--exit');
  await until(
    'the wait to be on',
    async () => (await pilotty.client.request('daemon.info', {})).connections === 2,
  );
  await pilotty.run('type', '-s', 'build-1', '', '--enter', '--wait-exit');
  await pilotty.run('type', '-s', 'build-2', '', '--enter');
  const answer = await all.answer;
  expect(answer.code).toBe(0);
  expect(answer.json().ready.map(({ session }: { session: string }) => session)).toEqual([
    'build-1',
    'build-2',
  ]);
  expect((await pilotty.run('wait', '-s', 'other', '-s', 'nobody', '--exit')).code).toBe(5);
  const late = await pilotty.run('wait', '-s', 'other', '-s', 'build-1', '--text', 'never', '-t', '20ms');
  expect(late.code).toBe(3);
  expect(late.json()).toMatchObject({ ready: [], waiting: [{ session: 'other' }], remaining: 1 });
});

test('a session that is ready is told with the line that matched', async ({ pilotty }) => {
  await pilotty.run('spawn', '--name', 'log', '--', 'sh', '-c', 'echo "12:00 ERROR disk full"; exec cat');
  const { ready } = (await pilotty.run('wait', '-s', 'lo*', '--text', 'disk full')).json();
  expect(ready).toMatchObject([{ match: { text: 'disk full' }, line: '12:00 ERROR disk full' }]);
});
