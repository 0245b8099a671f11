/** Which session is meant: by its name, by the words it was named with, by its id, and where none is named. */
import { expect } from 'vitest';
import { test } from '../harness/pilotty.ts';

test('a session is found by the words that it was named with', async ({ pilotty }) => {
  const { client } = pilotty;
  for (const [wish, name] of [
    ['my app', 'my-app'],
    ['~', '_'],
    ['@e1', '_e1'],
    ['-x', '_x'],
    ['ÄÖ*?', '_---'],
  ] as const) {
    const session = await pilotty.spawn(wish, ['cat']);
    expect(await client.request('session.status', { session: wish })).toMatchObject({ id: session, name });
    expect((await pilotty.run('status', '-s', name)).json().id).toBe(session);
  }
  const found = await client.request('session.list', { sessions: ['my a*'] });
  expect(found.sessions.map(({ name }) => name)).toEqual(['my-app']);
  const renamed = await client.request('session.rename', { session: 'my app', name: 'my new' });
  expect(renamed.name).toBe('my-new');
  await expect(client.request('session.rename', { session: '~', name: 'my new' })).rejects.toMatchObject({
    code: 'SESSION_EXISTS',
  });
  const env = { PILOTTY_SESSION: 'q q' };
  expect((await pilotty.run('spawn', 'cat', { env })).json().name).toBe('q-q');
  expect((await pilotty.run('status', { env })).json().name).toBe('q-q');
  const killed = await pilotty.run('kill', '-s', 'my new', '-s', 'q q');
  expect(killed.json().results).toMatchObject([{ session: 'my-new' }, { session: 'q-q' }]);
});

test('a name never takes away the id of another session', async ({ pilotty }) => {
  const { client } = pilotty;
  const id = await pilotty.spawn('first', ['cat']);
  await expect(pilotty.spawn(id, ['cat'])).rejects.toMatchObject({ code: 'SESSION_EXISTS' });
  await pilotty.spawn('second', ['cat']);
  await expect(client.request('session.rename', { session: 'second', name: id })).rejects.toMatchObject({
    code: 'SESSION_EXISTS',
  });
  await client.request('session.kill', { session: id });
  await expect(pilotty.spawn(id, ['cat'])).rejects.toMatchObject({ code: 'SESSION_EXISTS' });
  expect((await client.request('session.status', { session: id })).name).toBe('first');
});

test('where none is named, the running session that was started or acted on last is meant', async ({
  pilotty,
}) => {
  const { client } = pilotty;
  const meant = async () => (await client.request('session.status', {})).name;
  for (const name of ['a', 'b', 'c']) await pilotty.spawn(name, ['cat']);
  expect(await meant()).toBe('c');
  await client.request('session.type', { session: 'a', text: 'x' });
  expect(await meant()).toBe('a');
  // Looks, waits and requests to many change nothing, whoever makes them.
  await client.request('session.snapshot', { session: 'b' });
  await client.request('session.status', { session: 'b' });
  await client.request('session.output', { session: 'b' });
  await client.request('session.wait', { session: 'b', settle_ms: 0 });
  await pilotty.run('grep', '-s', 'b', 'x');
  await client.request('sessions.each', {
    sessions: ['b', 'c'],
    method: 'session.key',
    params: { keys: 'x' },
  });
  await pilotty.run('run', 'true');
  expect(await meant()).toBe('a');
  await client.request('session.resize', { session: 'b', cols: 70, rows: 20 });
  expect(await meant()).toBe('b');
  // One that has ended is not meant while another runs.
  await client.request('session.kill', { session: 'b' });
  expect(await meant()).toBe('a');
  expect((await pilotty.run('type', 'hi')).code).toBe(0);
  await client.request('session.kill', { session: 'a' });
  expect(await meant()).toBe('c');
  await client.request('session.kill', {});
  // None runs: the last one can still be looked at.
  expect(await meant()).toBe('a');
});

test('a session that has ended is ended: to kill it again is no failure', async ({ pilotty }) => {
  await pilotty.run('spawn', '--name', 'one', 'cat');
  await pilotty.run('spawn', '--name', 'two', 'cat');
  const first = await pilotty.run('kill', '-s', 'one');
  expect([first.code, first.json()]).toMatchObject([0, { results: [{ session: 'one', ok: true }] }]);
  const second = await pilotty.run('kill', '-s', 'one');
  expect([second.code, second.json()]).toMatchObject([
    0,
    { results: [{ session: 'one', ok: true, already_ended: true }] },
  ]);
  const again = (await pilotty.run('kill', '-s', 'on*', '--tag', 'none')).json();
  expect(again).toMatchObject({ results: [{ already_ended: true }], message: "'one' had already ended" });
  const both = await pilotty.run('kill', '-s', 'one', '-s', 'two');
  expect([both.code, both.json().results]).toMatchObject([
    0,
    [
      { session: 'two', survivors: [] },
      { session: 'one', already_ended: true },
    ],
  ]);
  for (const words of [
    ['-s', 'zz*'],
    ['-s', 'zz'],
    ['--tag', 'zz'],
  ]) {
    const none = await pilotty.run('kill', ...words);
    expect([none.code, none.error().code]).toEqual([5, 'SESSION_NOT_FOUND']);
  }
  expect((await pilotty.run('kill', '--all')).code).toBe(0);
});
