/** A session's life, as told by the commands that begin, find, change and end it. */
import { expect } from 'vitest';
import { processTest as test } from '../harness/pilotty.ts';
import { program } from '../harness/programs.ts';
import { until } from '../harness/until.ts';

test('the very first command answers with one object and nothing else', async ({ pilotty }) => {
  const answer = await pilotty.run('spawn', '--name', 'one', 'cat');
  expect(answer).toMatchObject({ code: 0, stderr: '' });
  expect(answer.stdout).toBe(`${JSON.stringify(answer.json())}\n`);
  expect(answer.json()).toMatchObject({
    type: 'session_created',
    name: 'one',
    argv: ['cat'],
    command: 'cat',
    cwd: pilotty.home,
    size: { cols: 80, rows: 24 },
  });
});

test('a session without a name is the default one, then goes by its program', async ({ pilotty }) => {
  const names: string[] = [];
  for (let i = 0; i < 3; i++) names.push((await pilotty.run('spawn', 'cat')).json().name);
  expect(names).toEqual(['default', 'cat', 'cat-2']);
});

test('the wished name of the environment is taken while it is free', async ({ pilotty }) => {
  const wish = { env: { PILOTTY_SESSION: 'editor' } };
  expect((await pilotty.run('spawn', 'cat', wish)).json().name).toBe('editor');
  expect((await pilotty.run('spawn', 'cat', wish)).json().name).not.toBe('editor');
});

test('a command goes to -s, else to the environment, else to the session used last', async ({ pilotty }) => {
  for (const name of ['a', 'b', 'c']) await pilotty.run('spawn', '--name', name, 'cat');
  const session = async (...words: Parameters<typeof pilotty.run>) =>
    (await pilotty.run(...words)).json().session;
  const env = { PILOTTY_SESSION: 'b' };
  expect(await session('key', 'x', '-s', 'a', { env })).toBe('a');
  expect(await session('key', 'x', { env })).toBe('b');
  expect(await session('key', 'x')).toBe('b');
  expect(await session('key', 'x', '-s', 'c')).toBe('c');
  expect(await session('key', 'x')).toBe('c');
});

test("the program has the caller's directory, environment and no size but its own", async ({ pilotty }) => {
  const env = { MARK: 'grüße', LINES: '99', COLUMNS: '99', PILOTTY: undefined };
  const script = 'echo "$MARK|$LINES|$COLUMNS|$PILOTTY|$PILOTTY_SESSION|$TERM|$PWD"; stty size';
  const answer = await pilotty.run('run', '--size', '100x30', '--', 'sh', '-c', script, { env, cwd: '/usr' });
  expect(answer.stdout).toBe('grüße|||1|sh|xterm-256color|/usr\n30 100\n');
});

test('the daemon of another environment does not change that', async ({ pilotty }) => {
  await pilotty.run('daemon', { env: { MARK: 'of the daemon', LEFT: 'over' } });
  const answer = await pilotty.run('run', 'sh', '-c', 'echo "$MARK|$LEFT"', { env: { MARK: 'mine' } });
  expect(answer.stdout).toBe('mine|\n');
});

test('a login shell is what there is without a program', async ({ pilotty }) => {
  expect((await pilotty.run('spawn')).json().argv).toEqual(['/bin/sh', '-l']);
});

test('sessions are listed oldest first, with their tags, until they have ended', async ({ pilotty }) => {
  for (const name of ['z', 'm', 'a']) await pilotty.run('spawn', '--name', name, '--tag', `t-${name}`, 'cat');
  await pilotty.run('tag', '-s', 'm', '+even', '-t-m');
  const list = async (...words: string[]) =>
    (await pilotty.run('ls', ...words))
      .json()
      .sessions.map(({ name, tags }: { name: string; tags: string[] }) => [name, ...tags]);
  expect(await list()).toEqual([
    ['z', 't-z'],
    ['m', 'even'],
    ['a', 't-a'],
  ]);
  expect(await list('--tag', 'even', '--tag', 't-a')).toEqual([
    ['m', 'even'],
    ['a', 't-a'],
  ]);
  await pilotty.run('kill', '-s', 'z');
  expect(await list()).toEqual([
    ['m', 'even'],
    ['a', 't-a'],
  ]);
  expect(await list('--all')).toContainEqual(['z', 't-z']);
});

test('kill ends one, those with a tag, or all', async ({ pilotty }) => {
  for (const name of ['a', 'b', 'c', 'd'])
    await pilotty.run('spawn', '--name', name, '--tag', name === 'b' ? 'x' : 'y', 'cat');
  const killed = async (...words: string[]) =>
    (await pilotty.run('kill', ...words)).json().results.map(({ session }: { session: string }) => session);
  expect(await killed('-s', 'c')).toEqual(['c']);
  expect(await killed('--tag', 'x')).toEqual(['b']);
  expect(await killed('--all')).toEqual(['a', 'd']);
  expect(await killed('--all')).toEqual([]);
});

test('a signal goes to what runs in the foreground, and its session stays', async ({ pilotty }) => {
  await pilotty.run('spawn', 'sh');
  await pilotty.run(
    'type',
    'sh -c "trap \'echo caught; exit\' USR1; echo ready; while :; do sleep 0.01; done"',
    '--enter',
  );
  await pilotty.run('wait-for', '-r', '^ready');
  expect((await pilotty.run('signal', 'USR1')).json()).toMatchObject({
    type: 'signal_sent',
    signal: 'SIGUSR1',
  });
  expect((await pilotty.run('wait-for', '-r', '^caught')).code).toBe(0);
  expect((await pilotty.run('status')).json().state).toBe('running');
});

test('rename and resize change what the session is', async ({ pilotty }) => {
  await pilotty.run('spawn', '--name', 'old', 'sh');
  expect((await pilotty.run('rename', 'new')).json()).toMatchObject({ name: 'new', previous_name: 'old' });
  expect((await pilotty.run('resize', '120', '40', '-s', 'new')).json()).toMatchObject({
    size: { cols: 120, rows: 40 },
  });
  await pilotty.run('type', 'stty size', '--enter');
  expect((await pilotty.run('wait-for', '40 120')).code).toBe(0);
  expect((await pilotty.run('status', '-s', 'old')).code).toBe(5);
});

test('how a session ended is told by its name afterwards', async ({ pilotty }) => {
  await pilotty.run('spawn', '--name', 'words', '--', ...program('last-words.sh', '3', '7'));
  const status = await until('it to end', async () => {
    const now = (await pilotty.run('status', '-s', 'words')).json();
    return now.state === 'exited' && now;
  });
  expect(status.exit).toMatchObject({ exit_code: 7, signal: null, success: false, output_complete: true });
  expect((await pilotty.run('output', '-s', 'words')).stdout).toBe('1\n2\n3\nthe end\n');
});

test('no number in an answer is too large for JavaScript and jq', async ({ pilotty }) => {
  await pilotty.run('spawn', 'cat');
  const answers = [
    await pilotty.run('status'),
    await pilotty.run('snapshot'),
    await pilotty.run('ls'),
    await pilotty.run('key', 'x'),
    await pilotty.run('info'),
  ];
  const numbers = answers.flatMap((answer) =>
    [...answer.stdout.matchAll(/:(-?\d[\d.e+]*)/g)].map(([, digits]) => digits ?? ''),
  );
  expect(numbers.length).toBeGreaterThan(20);
  expect(numbers.filter((digits) => !(Math.abs(Number(digits)) < 2 ** 53))).toEqual([]);
});
