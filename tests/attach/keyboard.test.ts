/** Who may type: everyone, or the one who took the keyboard, or the person it was handed to. */
import { expect } from 'vitest';
import type { Client } from '../../packages/client/src/index.ts';
import { createLocalClient } from '../../packages/client/src/node.ts';
import { test as base } from '../harness/pilotty.ts';
import { until } from '../harness/until.ts';

const test = base.extend<{ connect: (name: string) => Client }>({
  connect: async ({ pilotty }, use) => {
    const clients: Client[] = [];
    await pilotty.spawn('s', ['/bin/sh', '-c', 'echo ready; exec cat']);
    await pilotty.run('wait-for', '-s', 's', 'ready');
    await use((name) => {
      const client = createLocalClient({ env: pilotty.env, cwd: '/', client: { name } });
      clients.push(client);
      return client;
    });
    for (const client of clients) client.close();
  },
});

const session = 's';
const typing = (client: Client, text: string) =>
  client.request('session.type', { session, text, enter: true });
const keyboardOf = async (client: Client) => (await client.request('session.status', { session })).keyboard;

test('what others send is refused, with the name of the holder and nothing sent', async ({
  connect,
  pilotty,
}) => {
  const [ada, bob] = [connect('ada'), connect('bob')];
  await ada.request('session.take', { session, for_ms: 60_000 });
  const { seq } = await bob.request('session.status', { session });
  const refused = { code: 'KEYBOARD_TAKEN', details: { holder: 'ada' } };
  await expect(typing(bob, 'x')).rejects.toMatchObject(refused);
  await expect(bob.request('session.key', { session, keys: 'a' })).rejects.toMatchObject(refused);
  await expect(bob.request('session.send', { session, parts: [{ text: 'x' }] })).rejects.toMatchObject(
    refused,
  );
  await expect(bob.request('session.paste', { session, text: 'x' })).rejects.toMatchObject(refused);
  await expect(bob.request('session.exec', { session, command: 'x' })).rejects.toMatchObject(refused);
  await expect(bob.request('session.click', { session, row: 0, col: 0, force: true })).rejects.toMatchObject(
    refused,
  );
  await expect(bob.request('session.take', { session })).rejects.toMatchObject(refused);
  await expect(bob.request('session.release', { session })).rejects.toMatchObject(refused);
  expect((await bob.request('session.status', { session })).seq).toBe(seq);
  expect((await pilotty.run('type', '-s', 's', 'x', '--as', 'bob')).stderr).toContain('ada has the keyboard');
  expect(await pilotty.run('type', '-s', 's', 'from another connection of ada', '--as', 'ada')).toMatchObject(
    { code: 0 },
  );
});

test('it is held up to its time, its release or the end of its connection', async ({ connect }) => {
  const [ada, bob] = [connect('ada'), connect('bob')];
  await ada.request('session.take', { session });
  await expect(typing(bob, 'x')).rejects.toMatchObject({ code: 'KEYBOARD_TAKEN' });
  ada.close();
  await until('the keyboard to be free', async () => (await keyboardOf(bob)) === null);
  await typing(bob, 'one');
  const eve = connect('eve');
  await eve.request('session.take', { session, for_ms: 20 });
  await until('the keyboard to be free', async () => (await keyboardOf(bob)) === null);
  await eve.request('session.take', { session, for_ms: 60_000 });
  await eve.request('session.release', { session });
  await typing(bob, 'two');
  expect(await eve.request('session.release', { session })).toMatchObject({ was_held: false });
});

test('it is stolen only openly', async ({ connect }) => {
  const [ada, bob] = [connect('ada'), connect('bob')];
  await ada.request('session.take', { session, for_ms: 60_000 });
  expect(await bob.request('session.take', { session, steal: true, for_ms: 60_000 })).toMatchObject({
    holder: 'bob',
    taken_from: 'ada',
  });
  await expect(typing(ada, 'x')).rejects.toMatchObject({ details: { holder: 'bob' } });
  const events: object[] = [];
  await ada.request(
    'events.follow',
    { sessions: [session], types: ['keyboard_taken'], after: 0, follow: false },
    { onEvent: (event) => void events.push(event) },
  );
  expect(events).toMatchObject([{ client: 'ada' }, { client: 'bob', taken_from: 'ada' }]);
});

test('an act that waited while the keyboard was taken is refused', async ({ connect }) => {
  const [ada, bob] = [connect('ada'), connect('bob')];
  const cut = new AbortController();
  const options = { signal: cut.signal };
  // It has its turn until it is cancelled.
  const slow = ada
    .request('session.key', { session, keys: 'a b', delay_ms: 10_000 }, options)
    .catch(() => {});
  await until(
    'the first key',
    async () => (await ada.request('session.status', { session })).typed_last !== null,
  );
  const refused = expect(typing(bob, 'x')).rejects.toMatchObject({ code: 'KEYBOARD_TAKEN' });
  await ada.request('session.take', { session, for_ms: 60_000 });
  cut.abort();
  await refused;
  await slow;
});

test('signals, resizes and kills are a way out', async ({ connect }) => {
  const [ada, bob] = [connect('ada'), connect('bob')];
  await ada.request('session.take', { session, for_ms: 60_000 });
  await bob.request('session.resize', { session, cols: 90, rows: 30 });
  await bob.request('session.signal', { session, signal: 'CONT' });
  expect(await bob.request('session.kill', { session })).toMatchObject({ results: [{ ok: true }] });
});

test('status and events say who typed last', async ({ connect }) => {
  const [ada, bob] = [connect('ada'), connect('bob')];
  await typing(ada, 'x');
  await typing(bob, 'x');
  const { typed_last } = await bob.request('session.status', { session });
  expect(typed_last).toEqual({ client: 'bob', ago_ms: expect.any(Number) });
  const clients: unknown[] = [];
  await bob.request(
    'events.follow',
    { sessions: [session], types: ['input'], after: 0, follow: false },
    { onEvent: ({ client }) => void clients.push(client) },
  );
  expect([...new Set(clients)]).toEqual(['ada', 'bob']);
});

test('who says nothing is known by its program and process', async ({ pilotty, connect }) => {
  connect('ada');
  await pilotty.client.request('session.type', { session, text: 'x' });
  const { typed_last } = await pilotty.client.request('session.status', { session });
  expect(typed_last?.client).toMatch(new RegExp(`^\\S.*\\[${process.pid}\\]$`));
});

test('a hand-over waits until a person has released the keyboard, and answers with the screen', async ({
  connect,
  pilotty,
}) => {
  const [agent, person, other] = [connect('agent'), connect('person'), connect('other')];
  const handed = agent.request('session.hand_over', {
    session,
    message: 'the password, please',
    until_released: true,
    snapshot: { format: 'text' },
  });
  await until(
    'the offer',
    async () => (await keyboardOf(other))?.hand_over?.message === 'the password, please',
  );
  await expect(typing(agent, 'x')).rejects.toMatchObject({
    code: 'KEYBOARD_TAKEN',
    details: { holder: null, hand_over: { by: 'agent' } },
  });
  await expect(typing(other, 'x')).rejects.toMatchObject({ code: 'KEYBOARD_TAKEN' });
  const left = new AbortController();
  const attached = person.request('session.attach', { session }, { signal: left.signal });
  await until(
    'the person',
    async () => (await other.request('session.status', { session })).attached.length === 1,
  );
  await typing(person, 'secret');
  // Its echo comes when the kernel has the time.
  await pilotty.untilShown('secret', session);
  expect(await keyboardOf(other)).toMatchObject({ holder: 'person' });
  await person.request('session.release', { session });
  expect(await handed).toMatchObject({
    released: true,
    person: 'person',
    screen: { text: expect.stringContaining('secret') },
  });
  await typing(agent, 'thanks');
  left.abort();
  await expect(attached).rejects.toBeDefined();
});

/** Attached until the function it answers is called; `others` has what it was told of the others. */
async function attach(client: Client, asked: { read_only?: boolean } = {}) {
  const left = new AbortController();
  const others: unknown[] = [];
  let label = '';
  client
    .request(
      'session.attach',
      { session, ...asked },
      {
        signal: left.signal,
        onEvent: (event) => {
          if (event.type === 'attached') label = event.client;
          else if (event.type === 'others') others.push(event.attached);
        },
      },
    )
    .catch(() => {});
  await until('it to be attached', () => label !== '');
  return { label, others, leave: () => left.abort() };
}

test('who is attached is told of the others, who come and go', async ({ connect }) => {
  const ada = await attach(connect('ada'));
  expect(ada.label).toBe('ada');
  const bob = await attach(connect('bob'), { read_only: true });
  await until('both to know', () => ada.others.length === 1 && bob.others.length === 1);
  bob.leave();
  await until('it to be known', () => ada.others.length === 2);
  expect(ada.others).toEqual([[{ client: 'bob', read_only: true }], []]);
  expect(bob.others).toEqual([[{ client: 'ada', read_only: false }]]);
});

test('who is attached to look only is no activity, no input and no use of the session', async ({
  connect,
  pilotty,
}) => {
  const [agent, looker] = [connect('agent'), connect('looker')];
  await agent.request('session.type', {
    session,
    text: 'result',
    enter: true,
    wait: { text: 'result', new: true, timeout_ms: 20_000 },
  });
  // The end of its line may be drawn after it.
  await until(
    'the whole line',
    async () => (await agent.request('session.snapshot', { session })).cursor?.col === 0,
  );
  await pilotty.spawn('used-last', ['/bin/cat']);
  const facts = async () => {
    const { seq, typed_last: last, size } = await agent.request('session.status', { session });
    const { revision } = await agent.request('session.snapshot', { session });
    return { seq, client: last?.client, size, revision };
  };
  const before = await facts();
  const idleMs = async () => (await agent.request('session.status', { session })).idle_ms;
  const [idleBefore, at] = [await idleMs(), performance.now()];
  const { leave } = await attach(looker, { read_only: true });
  expect(await facts()).toEqual(before);
  leave();
  await until(
    'it to have left',
    async () => (await agent.request('session.status', { session })).attached.length === 0,
  );
  const passedMs = performance.now() - at;
  // Both are rounded.
  expect(await idleMs()).toBeGreaterThanOrEqual(Math.floor(idleBefore + passedMs) - 1);
  const wait = { session, timeout_ms: 0 };
  expect((await agent.request('session.wait', { ...wait, text: 'result', new: true })).outcome).toBe(
    'matched',
  );
  expect((await agent.request('session.wait', { ...wait, text: 'nothing' })).outcome).toBe('deadline');
  expect((await agent.request('session.status', {})).name).toBe('used-last');
});

test('a person who leaves has released it', async ({ connect }) => {
  const [agent, person] = [connect('agent'), connect('person')];
  const handed = agent.request('session.hand_over', { session, message: 'x', until_released: true });
  await until('the offer', async () => (await keyboardOf(agent)) !== null);
  await person.request('session.take', { session });
  person.close();
  expect(await handed).toMatchObject({ released: true, person: 'person' });
});

test('what nobody takes up is withdrawn: in time, or with the one who asked', async ({ connect }) => {
  const [agent, other] = [connect('agent'), connect('other')];
  await expect(
    agent.request('session.hand_over', { session, message: 'x', until_released: true, timeout_ms: 20 }),
  ).rejects.toMatchObject({ code: 'TIMEOUT' });
  await typing(other, 'x');
  void agent.request('session.hand_over', { session, message: 'x', until_released: true }).catch(() => {});
  await until('the offer', async () => (await keyboardOf(other)) !== null);
  agent.close();
  await until('the withdrawal', async () => (await keyboardOf(other)) === null);
  await other.request('session.hand_over', { session, message: 'x', timeout_ms: 20 });
  await until('the withdrawal', async () => (await keyboardOf(other)) === null);
});

test('a program that ends ends the hand-over', async ({ connect }) => {
  const [agent, other] = [connect('agent'), connect('other')];
  const handed = agent.request('session.hand_over', { session, message: 'x', until_released: true });
  await until('the offer', async () => (await keyboardOf(other)) !== null);
  await other.request('session.kill', { session });
  expect(await handed).toMatchObject({ released: false, exit: { killed_by_client: true } });
});

test('take, release and hand-over from a script', async ({ pilotty, connect }) => {
  connect('ada');
  const taken = await pilotty.run('take', '-s', 's', '--for', '1m', '--as', 'ci');
  expect(taken.json()).toMatchObject({ type: 'keyboard_taken', holder: 'ci' });
  expect(await pilotty.run('key', '-s', 's', 'a', '--as', 'other')).toMatchObject({ code: 1 });
  expect((await pilotty.run('release', '-s', 's', '--as', 'ci')).json()).toMatchObject({ was_held: true });
  const handed = await pilotty.run('hand-over', '-s', 's', '--message', 'look', '--as', 'ci');
  expect(handed.json()).toMatchObject({ type: 'handed_over', released: false });
});
