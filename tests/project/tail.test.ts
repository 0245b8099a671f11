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
    onLines: (lines) => void seen.push(...lines.map(({ text }) => text)),
    onGap: () => {},
  });
  expect(seen).toEqual(['first', 'brief', 'first']);
  expect(asked).toEqual([
    { session: 'first', follow: true, tail: 5 },
    { session: 'brief', follow: true, tail: 5 },
    { session: 'first', follow: true, since: 7 },
  ]);
});

test('a flood that is read as it comes is told whole, and what was dropped is counted', async ({
  pilotty,
}) => {
  // Beyond what is retained. Each waits for its follower, who has the first line.
  const flood = 'while [ ! -e go ]; do sleep 0.01; done; seq 400000';
  const sessions = {
    drawn: { command: `echo begun; ${flood}` },
    piped: { command: `echo begun; ${flood}`, pipe: true },
  };
  writeFileSync(join(pilotty.home, 'pilotty.json'), JSON.stringify({ name: 'p', sessions }));
  await pilotty.run('up');
  const following = pilotty.start('tail', '-f', '--json');
  await until('both begun', () => following.stdout().split('\n').length === 3);
  writeFileSync(join(pilotty.home, 'go'), '');
  const { stdout, code } = await following.answer;
  expect(code).toBe(0);
  const told = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { type: string; key: string; text: string; missed_bytes: number });
  for (const key of ['drawn', 'piped']) {
    const own = told.filter((one) => one.key === key);
    const numbers = own.filter(({ type }) => type === 'line').map(({ text }) => text);
    expect(numbers.shift()).toBe('begun');
    expectNumbers(numbers);
    // With what was dropped no line is without a word.
    const missed = own.filter(({ type }) => type === 'missed');
    if (missed.length === 0) expect(numbers).toHaveLength(400_000);
  }
  // What is no longer retained: its rest is no line, and it is said.
  const later = await pilotty.run('tail');
  expect(later.code).toBe(0);
  const texts = later.stdout.trim().split('\n');
  for (const key of ['drawn', 'piped']) {
    const own = texts.filter((line) => line.startsWith(key)).map((line) => line.slice('drawn | '.length));
    expectNumbers(own);
    expect(own.length).toBeLessThan(400_000);
    const { retention } = await pilotty.client.request('session.status', { session: key });
    const stream = key === 'piped' ? ' stream=stdout' : '';
    expect(later.stderr).toContain(
      `retention: key=${key}${stream} missed_bytes=${retention.dropped_bytes}\n`,
    );
  }
  // The lines that were asked for are all there.
  expect(await pilotty.run('tail', '-n', '2', 'drawn')).toMatchObject({
    stdout: 'drawn | 399999\ndrawn | 400000\n',
    stderr: '',
  });
  expect(await pilotty.run('tail', '-n', '2', 'piped')).toMatchObject({
    stdout: 'piped | 399999\npiped | 400000\n',
    stderr: '',
  });
});

/** Each greater than the one before, and the last of all. */
function expectNumbers(lines: readonly string[]): void {
  const wrong = lines.filter(
    (line, at) => !/^\d{1,6}$/.test(line) || Number(line) <= Number(lines[at - 1] ?? 0),
  );
  expect(wrong).toEqual([]);
  expect(lines.at(-1)).toBe('400000');
}

plainTest('a line that was cut is left out, and the other stream loses none', async () => {
  const file = '/p/pilotty.json';
  const parts = [
    { stream: 'stdout', output: 'whole\nbeg' },
    { stream: 'stderr', output: 'wait' },
    { stream: 'stdout', output: '', missed_bytes: 9 },
    { stream: 'stdout', output: 'un' },
    { stream: 'stderr', output: 'ed\n' },
    { stream: 'stdout', output: 'end\nnext\n' },
  ];
  const client = {
    async request(_method: string, _params: object, { onEvent }: never & object) {
      for (const part of parts) await (onEvent as (part: object) => Promise<void>)(part);
      return { next_offset: 7 };
    },
  } as unknown as Client;
  const seen: unknown[] = [];
  await tail(client, { name: 'p', file } as Project, {
    ...{ keys: [], lines: undefined, follow: false, signal: new AbortController().signal },
    list: async () => [
      { id: '1', name: 'a', state: 'running', project: { name: 'p', file, key: 'a' } } as Summary,
    ],
    onLines: (lines) => void seen.push(...lines.map(({ text }) => text)),
    onGap: ({ missed_bytes, stream }) => void seen.push([stream, missed_bytes]),
  });
  expect(seen).toEqual(['whole', ['stdout', 9], 'waited', 'next']);
});

test('of a session that was replaced only the new one is told, also when it is followed', async ({
  pilotty,
}) => {
  const sessions = { a: { command: 'echo "pid $$"' } };
  writeFileSync(join(pilotty.home, 'pilotty.json'), JSON.stringify({ name: 'p', sessions }));
  for (const words of [['up'], ['up', '--recreate']]) {
    expect((await pilotty.run(...words)).code).toBe(0);
    await pilotty.run('wait', '-s', 'a', '--exit');
  }
  const list = await pilotty.client.request('session.list', { all: true });
  expect(list.sessions).toHaveLength(2);
  const { stdout: now } = await pilotty.run('tail', '-n', '1', 'a');
  expect(now).toMatch(/^a \| pid \d+\n$/);
  expect((await pilotty.run('tail', '-f')).stdout).toBe(now);
  expect((await pilotty.run('tail')).stdout).toBe(now);
});
