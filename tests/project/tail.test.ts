/** Which sessions a tail follows: all that run, and all that are started while it does. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test as plainTest } from 'vitest';
import type { Client } from '../../packages/client/src/index.ts';
import { type Project, type Summary, tail } from '../../packages/project/src/index.ts';
import { test } from '../harness/pilotty.ts';
import { until } from '../harness/until.ts';

test('what is restarted is followed again: what ran, what had ended, and what ended at once', async ({
  pilotty,
}) => {
  const sessions = {
    runs: { command: 'echo runs; exec cat' },
    killed: { command: 'echo killed; exec cat' },
    brief: { command: 'echo brief' },
    piped: { command: 'echo piped; exec cat', pipe: true },
  };
  writeFileSync(join(pilotty.home, 'pilotty.json'), JSON.stringify({ name: 'p', sessions }));
  await pilotty.run('up');
  const following = pilotty.start('tail', '-f');
  const lines = () => following.stdout().split('\n').sort();
  const told = async (count: number) => await until(`${count} lines`, () => lines().length > count);
  await told(4);
  for (const name of ['killed', 'piped']) await pilotty.run('kill', '-s', name);
  for (const name of ['runs', 'killed', 'brief', 'piped']) await pilotty.run('restart', '-s', name);
  await told(8);
  await pilotty.run('restart', '-s', 'brief');
  await told(9);
  await pilotty.run('down');
  expect((await following.answer).code).toBe(0);
  // No line is told twice, and what empties the screen between two programs is none.
  const twice = ['killed', 'piped ', 'runs  '].flatMap((key) => Array(2).fill(`${key} | ${key.trim()}`));
  expect(lines().filter(Boolean)).toEqual([...Array(3).fill('brief  | brief'), ...twice]);
});

plainTest('one that began and has ended before the last of the others is told, and none twice', async () => {
  const file = '/p/pilotty.json';
  const session = (key: string, more: Partial<Summary> = {}) =>
    ({ id: key, name: key, state: 'exited', project: { name: 'p', file, key }, ...more }) as Summary;
  const lists = [
    [session('first', { state: 'running' })],
    [session('first'), session('brief')],
    [session('first', { restarts: 1 }), session('brief')],
  ];
  const asked: unknown[] = [];
  const client = {
    async request(method: string, params: { session?: string }, { signal, onEvent }: never & object) {
      if (method === 'session.list') return { event_cursor: 1 };
      if (method === 'session.output') {
        asked.push(params);
        await (onEvent as (part: object) => Promise<void>)({ output: `${params.session}\n` });
        return { next_offset: 7 };
      }
      // No event is told.
      return await new Promise((_, reject) =>
        (signal as AbortSignal).addEventListener('abort', () => reject(new Error('aborted'))),
      );
    },
  } as unknown as Client;
  const seen: string[] = [];
  await tail(client, { name: 'p', file } as Project, {
    keys: [],
    lines: 5,
    follow: true,
    list: async () => lists.shift() ?? [session('first', { restarts: 1 }), session('brief')],
    signal: new AbortController().signal,
    onLine: ({ text }) => void seen.push(text),
  });
  expect(seen).toEqual(['first', 'brief', 'first']);
  expect(asked).toEqual([
    { session: 'first', follow: true, tail: 5 },
    { session: 'brief', follow: true, tail: 5 },
    { session: 'first', follow: true, since: 7 },
  ]);
});
