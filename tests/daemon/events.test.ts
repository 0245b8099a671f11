import { expect } from 'vitest';
import { test } from '../harness/pilotty.ts';
import { until } from '../harness/until.ts';

interface Event {
  type: string;
  event_cursor: number;
  session?: string;
  [fact: string]: unknown;
}

function eventsIn(stdout: string): Event[] {
  const whole = stdout.slice(0, stdout.lastIndexOf('\n') + 1);
  return whole
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

/** Without the facts that differ from run to run, and without what depends on how reads fall together. */
function steadyIn(stdout: string): Record<string, unknown>[] {
  return eventsIn(stdout)
    .filter(({ type }) => type !== 'changed' && type !== 'output' && type !== 'state')
    .map(({ event_cursor: _, occurred_at: __, session_id: ___, tags: ____, pid: _____, ...facts }) => facts);
}

test('what happens to a session is told in its order, with its facts', async ({ pilotty }) => {
  const script = [
    'stty -echo',
    'printf "\\033]2;a title\\007\\a\\a\\033]777;notify;news;it works\\007\\033]9;4;1;50\\007\\033]9;4;0\\007\\033]7;file://h/tmp\\007"',
    'printf "\\033]133;A\\007\\033]133;B\\007\\033]633;E;make all\\007\\033]133;C\\007\\033]133;D;2\\007"',
    'echo ready; read x; exit 3',
  ].join('; ');
  await pilotty.run('spawn', '--name', 'a', '--cwd', '/', '--tag', 'ci', 'sh', '-c', script);
  await pilotty.run('wait-for', '-s', 'a', 'ready');
  const following = pilotty.start('events', '--after', '0', '-s', 'a', '-s', 'b*');
  await until('it to be idle', () => following.stdout().includes('"idle"'));
  await pilotty.run('resize', '-s', 'a', '100', '30');
  await pilotty.run('rename', '-s', 'a', 'b');
  await pilotty.run('tag', '-s', 'b', '+x', '-ci');
  await pilotty.run('tag', '-s', 'b', '+x');
  await pilotty.run('key', '-s', 'b', 'Enter');
  await until('it to end', () => following.stdout().includes('"exited"'));
  following.child.kill('SIGINT');
  const { stdout, code, stderr } = await following.answer;
  expect({ code, stderr }).toEqual({ code: 130, stderr: '' });
  expect(steadyIn(stdout)).toEqual([
    { type: 'spawned', session: 'a', argv: ['sh', '-c', script], cwd: '/' },
    { type: 'title', session: 'a', title: 'a title' },
    { type: 'bell', session: 'a', count: 2 },
    { type: 'notification', session: 'a', title: 'news', body: 'it works' },
    { type: 'progress', session: 'a', progress: { state: 'running', percent: 50 } },
    { type: 'progress', session: 'a' },
    { type: 'cwd', session: 'a', cwd: '/tmp' },
    { type: 'command_started', session: 'a', command: 'make all' },
    { type: 'command_finished', session: 'a', command: 'make all', exit_code: 2 },
    { type: 'idle', session: 'a', idle_ms: expect.any(Number) },
    { type: 'resized', session: 'a', size: { cols: 100, rows: 30 } },
    { type: 'renamed', session: 'b', previous_name: 'a' },
    { type: 'tagged', session: 'b' },
    { type: 'input', session: 'b', seq: expect.any(Number), client: expect.any(String) },
    { type: 'exited', session: 'b', exit: expect.objectContaining({ exit_code: 3 }) },
  ]);
  const cursors = eventsIn(stdout).map(({ event_cursor }) => event_cursor);
  expect(cursors).toEqual([...new Set(cursors)].sort((a, b) => a - b));
});

test('of output and changes the last is kept, and tells where it is', async ({ pilotty }) => {
  await pilotty.run('run', '--', 'sh', '-c', 'seq 1 50000');
  const events = eventsIn((await pilotty.run('events', '--past')).stdout).filter(
    ({ type }) => type !== 'state',
  );
  expect(events.map(({ type }) => type)).toEqual(['spawned', 'output', 'changed', 'exited', 'events_end']);
  expect(events[1]).toMatchObject({ offset: 338_894 });
});

test('a reader that comes back goes on where it was', async ({ pilotty }) => {
  const past = async (...words: string[]) =>
    eventsIn((await pilotty.run('events', '--past', ...words)).stdout);
  await pilotty.run('spawn', '--name', 'a', 'cat');
  const { event_cursor } = (await past()).at(-1) as Event;
  await pilotty.run('resize', '-s', 'a', '90', '30');
  const since = await past('--after', String(event_cursor), '--type', 'spawned', '--type', 'resized');
  expect(since.map(({ type }) => type)).toEqual(['resized', 'events_end']);
  expect(await past('--after', String(since[1]?.event_cursor), '--type', 'resized')).toMatchObject([
    { type: 'events_end' },
  ]);
  // A cursor of a daemon before this one: how much was missed cannot be known.
  expect((await past('--after', '1', '--type', 'resized')).map(({ type, count }) => [type, count])).toEqual([
    ['missed', null],
    ['resized', undefined],
    ['events_end', undefined],
  ]);
  const ahead = await pilotty.run('events', '--after', '9000000000000000');
  expect([ahead.code, ahead.error().code]).toEqual([2, 'INVALID_INPUT']);
});

test('tags and names count as they were when it happened', async ({ pilotty }) => {
  await pilotty.run('spawn', '--name', 'a', '--tag', 'old', 'cat');
  await pilotty.run('tag', '-s', 'a', '+new', '-old');
  await pilotty.run('resize', '-s', 'a', '90', '30');
  const typesOf = async (...words: string[]) =>
    eventsIn((await pilotty.run('events', '--past', ...words)).stdout)
      .map(({ type }) => type)
      .filter((type) => !['idle', 'state', 'output', 'changed', 'events_end'].includes(type));
  expect(await typesOf('--tag', 'old')).toEqual(['spawned']);
  expect(await typesOf('--tag', 'new')).toEqual(['tagged', 'resized']);
  expect(await typesOf('-s', 'a*')).toEqual(['spawned', 'tagged', 'resized']);
  expect(await typesOf('-s', 'b*')).toEqual([]);
});

test('a reader that stops gets the number of events it missed, and a flood drops no event of another session', async ({
  pilotty,
}) => {
  const titles = 6000;
  const flood = `read x; i=0; while [ $i -lt ${titles} ]; do printf '\\033]2;%0900d\\007.' $i; i=$((i+1)); done; echo; echo done; read x`;
  await pilotty.run('spawn', '--name', 'flood', 'sh', '-c', flood);
  const reading = pilotty.start(
    'events',
    '--after',
    '0',
    '--type',
    'spawned',
    '--type',
    'title',
    '--type',
    'exited',
  );
  await until('the reader to read', () => reading.stdout().includes('spawned'));
  reading.child.kill('SIGSTOP');
  await pilotty.run('run', 'true');
  await pilotty.run('key', '-s', 'flood', 'Enter');
  expect((await pilotty.run('wait-for', '-s', 'flood', 'done')).code).toBe(0);
  await pilotty.run('kill', '-s', 'flood');
  reading.child.kill('SIGCONT');
  await until('the end of the flood', () => reading.stdout().includes('"SIG'));
  reading.child.kill('SIGINT');
  const events = eventsIn((await reading.answer).stdout);
  const count = (type: string) => events.filter((event) => event.type === type).length;
  const missed = events.reduce((sum, { type, count }) => sum + (type === 'missed' ? Number(count) : 0), 0);
  expect(missed).toBeGreaterThan(0);
  expect(count('title') + missed).toBe(titles);
  expect([count('spawned'), count('exited')]).toEqual([2, 2]);
});

test('a daemon that stops ends what is followed', async ({ pilotty }) => {
  await pilotty.run('spawn', '--name', 'a', 'cat');
  const following = pilotty.start('events', '--after', '0', '--type', 'spawned', '--type', 'exited');
  await until('the reader to be there', () => following.stdout().includes('"spawned"'));
  await pilotty.run('stop');
  const { stdout, stderr, code } = await following.answer;
  expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
  expect(eventsIn(stdout).map(({ type }) => type)).toEqual(['spawned', 'exited', 'events_end']);
});
