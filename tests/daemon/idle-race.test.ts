/** Which of many falls silent first: ended sessions do not answer, no silence is reported twice, and all quiet sessions have their turn. */
import { expect } from 'vitest';
import type { Client, Params } from '../../packages/client/src/index.ts';
import { test } from '../harness/pilotty.ts';

const BUSY = ['sh', '-c', 'while :; do date +%N; sleep 0.05; done'];

function race(client: Client, more: Partial<Params<'sessions.idle'>> = {}) {
  return client.request('sessions.idle', { tags: ['t'], idle_ms: 200, timeout_ms: 20_000, ...more });
}

test('sessions that had ended before answer no race, and leave their name to the one that has it now', async ({
  pilotty,
}) => {
  const { client } = pilotty;
  const old = await pilotty.spawn('a', ['cat'], { tags: ['t'] });
  await client.request('session.kill', { session: old });
  await pilotty.spawn('busy', BUSY, { tags: ['t'] });
  // A machine with other work holds up a busy program for some hundred milliseconds.
  const idle = { idle_ms: 800 };
  const short = { ...idle, timeout_ms: 1200 };
  expect(await race(client, short)).toMatchObject({
    outcome: 'deadline',
    ready: [],
    waiting: [{ session: 'busy' }],
  });
  const waited = await client.request('sessions.wait', { tags: ['t'], ...short });
  expect(waited).toMatchObject({ outcome: 'deadline', ready: [] });
  const settled = await client.request('sessions.wait', { tags: ['t'], settle_ms: 800, timeout_ms: 1200 });
  expect(settled).toMatchObject({ outcome: 'deadline', ready: [] });
  // Named, it answers.
  expect(await race(client, { tags: undefined, sessions: [old] })).toMatchObject({
    outcome: 'exited',
    session: 'a',
  });
  await pilotty.spawn('a', ['cat'], { tags: ['t'] });
  const first = await race(client, idle);
  expect(first).toMatchObject({ outcome: 'idle', session: 'a', screen: { text: '' } });
  const { session: last_session, generation: last_generation } = first;
  for (const last of [{ last_session, last_generation }, { last_session }])
    expect(await race(client, { ...last, ...short })).toMatchObject({ outcome: 'deadline' });
});

test.for([
  ['its generation', true],
  ['its name alone', false],
] as const)(
  'quiet sessions have their turn and a third that falls silent later as well, with %s',
  async ([, withGeneration], { pilotty }) => {
    const { client } = pilotty;
    for (const name of ['a', 'b']) await pilotty.spawn(name, ['cat'], { tags: ['t'] });
    await client.request('sessions.wait', { tags: ['t'], idle_ms: 200, all: true });
    const told: (string | undefined)[] = [];
    let last: Partial<Params<'sessions.idle'>> = {};
    const next = async (more: Partial<Params<'sessions.idle'>> = {}) => {
      const answer = await race(client, { ...last, ...more });
      if (answer.outcome === 'deadline') return undefined;
      told.push(answer.session);
      last = {
        ...(answer.session && { last_session: answer.session }),
        ...(withGeneration && answer.generation && { last_generation: answer.generation }),
      };
      return answer;
    };
    await next();
    await next();
    expect(await next({ timeout_ms: 500 })).toBeUndefined();
    // While the loop works on b, a answers; and b itself is sent something.
    await client.request('session.type', { session: 'a', text: 'x' });
    await client.request('session.type', { session: 'b', text: 'y' });
    await client.request('sessions.wait', { tags: ['t'], idle_ms: 200, all: true });
    await next();
    await next();
    await pilotty.spawn('c', ['cat'], { tags: ['t'] });
    await next();
    expect(told.toSorted()).toEqual(['a', 'a', 'b', 'b', 'c']);
    expect(told.at(-1)).toBe('c');
    // One that ends is told once, and one that gets the tag late.
    await client.request('session.kill', { session: 'a' });
    expect(await next()).toMatchObject({ session: 'a', outcome: 'exited' });
    await pilotty.spawn('d', ['cat']);
    await client.request('sessions.wait', { sessions: ['d'], idle_ms: 200 });
    await client.request('session.tag', { session: 'd', add: ['t'] });
    expect(await next()).toMatchObject({ session: 'd', outcome: 'idle' });
    // Sooner after that than a session becomes idle.
    await client.request('session.kill', { session: 'b', signal: 'KILL' });
    expect(await next()).toMatchObject({ session: 'b', outcome: 'exited' });
    expect(await next({ timeout_ms: 500 })).toBeUndefined();
  },
);

test('a session that is named and ends soon after it was told is told again', async ({ pilotty }) => {
  const { client } = pilotty;
  await pilotty.spawn('a', ['cat']);
  const one = { tags: undefined, sessions: ['a'] };
  const { generation } = await race(client, one);
  const waiting = race(client, { ...one, idle_ms: 60_000, last_generation: generation as number });
  await client.request('session.kill', { session: 'a' });
  expect(await waiting).toMatchObject({ outcome: 'exited', session: 'a' });
});

test('a cursor that lies ahead of now is refused, wherever one is taken', async ({ pilotty }) => {
  const { client } = pilotty;
  await pilotty.spawn('a', ['cat'], { tags: ['t'] });
  const { event_cursor } = await client.request('session.list', {});
  const after = event_cursor + 3_600_000_000;
  const asked = [
    client.request('sessions.wait', { tags: ['t'], exit: true, after, timeout_ms: 1000 }),
    client.request('sessions.gather', { after }),
    client.request('events.follow', { after }),
    race(client, { after }),
    race(client, { last_session: 'a', last_generation: after }),
  ];
  for (const { reason } of (await Promise.allSettled(asked)) as PromiseRejectedResult[])
    expect(reason).toMatchObject({ code: 'INVALID_INPUT' });
});

test('the last line of a session that is not ready is a whole line', async ({ pilotty }) => {
  const line = `${'0'.repeat(100)} END`;
  await pilotty.spawn('a', ['sh', '-c', `printf '%s\n\n' '${line}'; cat`], { tags: ['t'] });
  await pilotty.client.request('session.wait', { session: 'a', text: 'END' });
  const { waiting } = await pilotty.client.request('sessions.wait', {
    tags: ['t'],
    text: 'never',
    timeout_ms: 20,
  });
  expect(waiting).toMatchObject([{ last_line: line }]);
});
