/** What an agent that was away is told: everything that happened, in order, once. */
import { expect } from 'vitest';
import { test } from './agents.ts';

interface Answer {
  cursor: number;
  events: { type: string; session?: string; seq?: number; event_cursor: number }[];
  isMore: boolean;
}

function read(text: string): Answer {
  const [, cursor = ''] = /^events: \d+, event_cursor (\d+)/.exec(text) ?? [];
  const lines = text.split('\n').filter((line) => line.startsWith('{'));
  return {
    cursor: Number(cursor),
    events: lines.map((line) => JSON.parse(line)),
    isMore: text.includes('there are more'),
  };
}

test('by a cursor it is told what happened since, whatever it was, and output only where it asks for it', async ({
  near,
  pilotty,
}) => {
  const agent = await near({ tools: 'all' });
  await pilotty.spawn('before', ['cat']);
  const now = read(await agent.ask('events', {}));
  expect(now.events).toEqual([]);
  await pilotty.spawn('job', ['sh', '-c', 'printf "\\033]2;half way\\007"; echo printed; exit 3']);
  await pilotty.client.request('session.wait', { session: 'job', exit: true });
  const { events, cursor } = read(await agent.ask('events', { after: now.cursor, sessions: ['job'] }));
  expect(events.map(({ type }) => type).filter((type) => type !== 'state')).toEqual([
    'spawned',
    'title',
    'exited',
  ]);
  expect(read(await agent.ask('events', { after: cursor, sessions: ['job'] })).events).toEqual([]);
  const printed = read(await agent.ask('events', { after: now.cursor, types: ['output'] }));
  expect(printed.events).toMatchObject([{ type: 'output', session: 'job' }]);
});

test('where nothing has happened it waits for the first', async ({ near, pilotty }) => {
  const agent = await near({ tools: 'all' });
  await pilotty.spawn('job', ['sh', '-c', 'read -r line']);
  const { cursor: after } = read(await agent.ask('events', {}));
  const types = ['exited'];
  expect(read(await agent.ask('events', { after, types, timeout_ms: 50 })).events).toEqual([]);
  const waiting = agent.ask('events', { after, types, timeout_ms: 40_000 });
  await pilotty.client.request('session.key', { session: 'job', keys: 'Enter' });
  expect(read(await waiting).events).toMatchObject([{ type: 'exited', session: 'job' }]);
});

test('more than go into one answer come with the next, none twice', async ({ near, pilotty }) => {
  const agent = await near({ tools: 'all' });
  await pilotty.spawn('typed', ['cat']);
  const { cursor } = read(await agent.ask('events', {}));
  for (let count = 0; count < 250; count++)
    await pilotty.client.request('session.type', { session: 'typed', text: 'x' });
  const types = ['input'];
  const first = read(await agent.ask('events', { after: cursor, types }));
  const second = read(await agent.ask('events', { after: first.cursor, types }));
  expect([first.events.length, first.isMore, second.events.length, second.isMore]).toEqual([
    200,
    true,
    50,
    false,
  ]);
  const numbers = [...first.events, ...second.events].map(({ seq = 0 }) => seq);
  expect(new Set(numbers).size).toBe(250);
});
