/** Hosts that join while events are followed, and while a wait is open; and hosts that have nothing of what is waited for. */
import { afterAll, beforeEach, expect, test } from 'vitest';
import type { Running } from '../harness/pilotty.ts';
import { needs } from '../harness/programs.ts';
import { until } from '../harness/until.ts';
import { TestFleet } from './test-fleet.ts';

let starting: Promise<TestFleet> | undefined;
let fleet: TestFleet;

beforeEach(async () => {
  needs('nats-server');
  starting ??= TestFleet.withHosts('a', 'b');
  fleet = await starting;
});

afterAll(async () => {
  await (await starting)?.close();
});

interface Told {
  type: string;
  session?: string;
  event_cursor: string;
}

function told(lines: string): Told[] {
  return lines
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Told);
}

function begin(...words: string[]): Running {
  return fleet.pilotty.start('--fleet', fleet.address, ...words);
}

async function leave(name: string): Promise<void> {
  fleet.host(name).joining?.child.kill('SIGTERM');
  await fleet.host(name).joining?.answer;
}

const SLEEP = 'sleep 1000';

test('a host that joins while events are followed is followed from its join on, and nothing is told twice', async () => {
  // It has been here before, and goes on without the fleet.
  await fleet.join('c');
  await leave('c');
  const { event_cursor: first } = (await fleet.all('list-sessions')).json();
  const following = begin('events', '--after', first, '--type', 'spawned', '--type', 'exited');
  const named = () => told(following.stdout()).map(({ type, session }) => `${type} ${session}`);
  await fleet.spawnOn('a', 'early', SLEEP);
  await fleet.spawnOn('c', 'meanwhile', SLEEP);
  await until('an event of a host that was there', () => named().includes('spawned a/early'));
  const [{ event_cursor: early = '' } = {}] = told(following.stdout());

  await fleet.join('c');
  await fleet.spawnOn('c', 'late', SLEEP);
  await until('an event of the host that has joined', () => named().includes('spawned c/late'));
  await fleet.endOn('c', 'late');
  await fleet.spawnOn('b', 'last', SLEEP);
  await until(
    'what came after it',
    () => named().includes('exited c/late') && named().includes('spawned b/last'),
  );
  following.child.kill('SIGINT');
  const all = told((await following.answer).stdout).filter(({ session }) => session !== undefined);
  const names = all.map(({ type, session }) => `${type} ${session}`);
  expect(names.sort()).toEqual(['exited c/late', 'spawned a/early', 'spawned b/last', 'spawned c/late']);

  const past = async (after: string) => {
    const { stdout } = await fleet.all(
      'events',
      '--past',
      '--after',
      after,
      '--type',
      'spawned',
      '--type',
      'exited',
    );
    return told(stdout).flatMap(({ type, session }) => (session === undefined ? [] : [`${type} ${session}`]));
  };
  // The last cursor has the host in it.
  const cursors = all.map(({ event_cursor }) => event_cursor);
  expect(cursors.at(-1)).toMatch(/^f1,a:.*,b:.*,c:/);
  expect(await past(cursors.at(-1) as string)).toEqual([]);
  // One of before its join goes on with what it has done since.
  expect(early).not.toContain('c:');
  expect(await past(early)).toEqual(
    expect.arrayContaining(['spawned c/late', 'exited c/late', 'spawned b/last']),
  );
  await fleet.endOn('a', 'early');
  await fleet.endOn('b', 'last');
  await fleet.endOn('c', 'meanwhile');
});

test('sessions of a host that joins while a wait is open are sessions to come', async () => {
  const waiting = begin('wait', '-s', 'new-*', '--any', '--exit', '--text', 'never shown', '-t', '50s');
  // No host of this name is there yet.
  const ofPattern = begin('wait', '-s', 'd*/new-*', '--exit', '-t', '50s');
  expect((await fleet.all('wait', '-s', 'd/new-*', '--exit', '-t', '50s')).code).toBe(5);
  await fleet.join('d');
  await fleet.spawnOn('d', 'new-1', 'read x');
  await fleet.endOn('d', 'new-1');
  for (const wait of [waiting, ofPattern]) {
    const answer = await wait.answer;
    expect(answer.code, answer.stderr).toBe(0);
    const { ready, event_cursor, outcome } = answer.json();
    expect({ ready, outcome }).toMatchObject({ ready: [{ session: 'd/new-1' }], outcome: 'exited' });
    expect(event_cursor).toContain(',d:');
    // Reported once.
    const next = await fleet.all('wait', '-s', 'new-*', '--exit', '-t', '0', '--after', event_cursor);
    expect(next.json()).toMatchObject({ outcome: 'deadline', ready: [] });
  }
});

test('a wait for all is for those that there are: hosts without any do not hold it up, also one that joins', async () => {
  await fleet.spawnOn('a', 'one', SLEEP, ['all']);
  const waiting = begin('wait', '--tag', 'all', '--all', '--exit', '-t', '50s');
  await fleet.join('e');
  await fleet.spawnOn('e', 'two', SLEEP, ['all']);
  await fleet.spawnOn('e', 'other', SLEEP);
  const ofBoth = begin('wait', '--tag', 'all', '--all', '--exit', '-t', '50s');
  await fleet.endOn('a', 'one');
  const both = (await Promise.all([waiting.answer, fleet.endOn('e', 'two').then(() => ofBoth.answer)])).map(
    (answer) => answer.json(),
  );
  const readyIn = both.map(({ ready }) => ready.map(({ session }: { session: string }) => session).sort());
  expect(both).toMatchObject([
    { outcome: 'exited', waiting: [] },
    { outcome: 'exited', waiting: [] },
  ]);
  // The first may have been over before it saw the host that has joined.
  expect(readyIn[0]).toContain('a/one');
  expect(readyIn[1]).toEqual(['a/one', 'e/two']);
  await fleet.endOn('e', 'other');
});

test('the cursor of a session that was started is one of all hosts', async () => {
  await fleet.spawnOn('b', 'before', 'exit 0', ['begun']);
  expect((await fleet.all('wait', '-s', '*/before', '--tag', 'begun', '--exit')).code).toBe(0);
  const spawned = (await fleet.all('spawn', '--name', 'a/first', '--tag', 'begun', 'sleep', '1000')).json();
  const after = String(spawned.event_cursor);
  const wait = async (cursor: string) => {
    const answer = (await fleet.all('wait', '--tag', 'begun', '--exit', '--after', cursor)).json();
    expect(answer.unreachable).toEqual([]);
    return answer;
  };
  await fleet.spawnOn('b', 'second', 'exit 0', ['begun']);
  const { ready, event_cursor } = await wait(after);
  expect(ready).toMatchObject([{ session: 'b/second' }]);
  await fleet.endOn('a', 'first');
  expect((await wait(event_cursor)).ready).toMatchObject([{ session: 'a/first' }]);
  const past = await fleet.all('events', '--past', '--after', after, '--tag', 'begun', '--type', 'spawned');
  expect(told(past.stdout).flatMap(({ session = [] }) => session)).toEqual(
    expect.arrayContaining(['a/first', 'b/second']),
  );
  expect(past.stdout).not.toContain('b/before');
  // As on one host, what lies ahead was given out by nobody.
  const ahead = String(Number(after) + 3_600_000_000);
  expect((await fleet.all('wait', '--tag', 'begun', '--exit', '--after', ahead)).code).toBe(2);
});

test('a name that no host has is refused at once, and one that only some have is of those', async () => {
  await fleet.spawnOn('b', 'only', 'echo only here; sleep 1000');
  for (const words of [
    ['wait', '-s', 'nosuch', '-s', 'neither', '--exit', '-t', '50s'],
    ['wait', '-s', '*/nosuch', '-s', 'nosuch', '--exit', '-t', '50s'],
    ['events', '-s', 'nosuch'],
    ['events', '-s', '*/nosuch'],
  ])
    expect((await fleet.all(...words)).code, words.join(' ')).toBe(5);
  const waited = await fleet.all('wait', '-s', '*/only', '--tag', 'x', '--text', 'only here');
  expect(waited.json()).toMatchObject({ outcome: 'matched', ready: [{ session: 'b/only' }] });
  const events = await fleet.all('events', '-s', '*/only', '--past', '--after', '0', '--type', 'spawned');
  expect(told(events.stdout).filter(({ session }) => session === 'b/only')).toHaveLength(1);
  await fleet.endOn('b', 'only');
});
