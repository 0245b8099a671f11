/** What begins while a host says nothing: its cursor has a place for the host, and what happens there is told at its return. */
import { afterAll, beforeEach, expect, test } from 'vitest';
import type { KnownHost } from '../../apps/fleet/src/directory/bucket.ts';
import { followAll } from '../../apps/fleet/src/fleet/follow-all.ts';
import type { Hosts } from '../../apps/fleet/src/fleet/hosts.ts';
import { waitForAny } from '../../apps/fleet/src/fleet/wait-many.ts';
import { unreachable } from '../../apps/fleet/src/nats/problems.ts';
import { pathsIn } from '../harness/paths-in.ts';
import type { Running } from '../harness/pilotty.ts';
import { needs } from '../harness/programs.ts';
import { until } from '../harness/until.ts';
import { TestFleet } from './test-fleet.ts';

/** Of the silence of a host. */
const SOME_TIME = { deadlineMs: 45_000 };

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

/** Until the directory has as many sessions of the host. */
async function told(count: number): Promise<void> {
  await until('the directory to know', async () => {
    const { hosts } = (await fleet.all('info')).json();
    return hosts.some(
      ({ host, sessions }: { host: string; sessions: number }) => host === 'b' && sessions === count,
    );
  });
}

/** The host says nothing, and the directory has that session of it; its daemon goes on. @returns ends the silence */
async function silentWith(session: string): Promise<() => void> {
  await told(0);
  await fleet.spawnOn('b', session, 'sleep 1000', ['built']);
  await told(1);
  const { child } = fleet.host('b').joining as Running;
  child.kill('SIGSTOP');
  return () => child.kill('SIGCONT');
}

test('a loop that begins while a host is silent is told what ends there after it was heard of, and nothing from before', async () => {
  const begins: [string, string[]][] = [
    ['listed', ['list-sessions']],
    ['gathered', ['gather', '--json']],
  ];
  for (const [session, words] of begins) {
    const goOn = await silentWith(session);
    try {
      const first = (await fleet.all(...words)).json();
      expect(first.unreachable).toMatchObject([{ host: 'b' }]);
      expect(first.event_cursor).toContain('b:');
      await fleet.endOn('b', session);
      goOn();
      const answer = await fleet.all(
        'wait',
        '--tag',
        'built',
        '--exit',
        '-t',
        '20s',
        '--after',
        first.event_cursor,
      );
      const { ready, event_cursor: next } = answer.json();
      expect(ready).toMatchObject([{ session: `b/${session}` }]);
      expect(
        (await fleet.all('wait', '--tag', 'built', '--exit', '-t', '0', '--after', next)).json().ready,
      ).toEqual([]);
    } finally {
      goOn();
    }
  }
});

test('events that are followed from now on have those of a silent host once it is back', async () => {
  const goOn = await silentWith('followed');
  const events = fleet.pilotty.start('--fleet', fleet.address, 'events', '--type', 'exited');
  const seen = (type: string) =>
    events
      .stdout()
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line))
      .filter((event) => event.type === type && event.host === 'b');
  try {
    await until('the stream to miss it', () => seen('host_unreachable').length > 0, SOME_TIME);
    await fleet.endOn('b', 'followed');
    goOn();
    await until('it to be back', () => seen('host_back').length > 0, SOME_TIME);
    await until('the end', () => seen('exited').length > 0, SOME_TIME);
    expect(seen('exited').map(({ session }) => session)).toEqual(['b/followed']);
  } finally {
    goOn();
    events.child.kill('SIGINT');
    await events.answer;
  }
});

test('a host is back once it has answered, and not while it is only asked again', async () => {
  const told: string[] = [];
  let questions = 0;
  const known = { host: 'b', record: { beat_ms: 8_000 }, lastSeen: new Date() } as KnownHost;
  const hosts = {
    fleet: 'ci',
    knownAs: async () => [known],
    watching: () => ({
      request: async (method: string) => {
        questions++;
        // Each look is one question, as long as it is refused.
        if (questions <= 3) throw unreachable('it does not answer');
        told.push(`asked ${method}`);
        return { event_cursor: 8 };
      },
    }),
    unreachable: async () => ({ reason: 'it does not answer', last_sessions: [] }),
  } as unknown as Hosts;
  const onEvent = ({ type }: { type: string }) => told.push(type);
  await followAll(hosts, { sessions: ['b/x'], after: 'f1,b:7' } as never, { onEvent } as never);
  expect(told).toEqual(['host_unreachable', 'asked daemon.info', 'host_back', 'asked events.follow']);
});

test('of a host that is killed it is told once that it is gone, and once that it is back', async () => {
  const back = (stdout: string) =>
    stdout
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line))
      .filter(({ type }) => type.startsWith('host_'))
      .map(({ type, host }) => `${type} ${host}`);
  await fleet.kill('b');
  const list = (await fleet.all('list-sessions')).json();
  // From now on, and from a place that is known: it is asked again and again all the time.
  for (const after of [[], ['--after', list.event_cursor]]) {
    const { stdout } = await fleet.all('events', '-t', '4s', '--type', 'exited', ...after);
    expect(back(stdout)).toEqual(['host_unreachable b']);
  }
  const events = fleet.pilotty.start('--fleet', fleet.address, 'events', '--type', 'exited');
  try {
    await until('the stream to miss it', () => back(events.stdout()).length > 0, SOME_TIME);
    await fleet.join('b');
    await until('it to be back', () => back(events.stdout()).length > 1, SOME_TIME);
    await fleet.spawnOn('b', 'later', 'exit 0');
    await until('what happens there', () => events.stdout().includes('b/later'), SOME_TIME);
    expect(back(events.stdout())).toEqual(['host_unreachable b', 'host_back b']);
  } finally {
    events.child.kill('SIGINT');
    await events.answer;
  }
});

test('a wait says on stderr that a host is silent, and exits with its outcome', async () => {
  await fleet.spawnOn('a', 'ended', 'exit 0', ['some']);
  await fleet.spawnOn('a', 'lasting', 'sleep 1000', ['lasting']);
  await fleet.kill('b');
  try {
    const wait = (...words: string[]) => fleet.all('wait', ...words, '--exit');
    const waits: [number, string[]][] = [
      [0, ['--tag', 'some', '--after', '0', '-t', '20s']],
      [3, ['-s', 'b/*', '-t', '200ms']],
      [3, ['--tag', 'lasting', '-t', '200ms']],
      // Nobody knows whether it would be over.
      [3, ['--tag', 'some', '--all', '--after', '0', '-t', '1s']],
    ];
    for (const [code, words] of waits) {
      const answer = await wait(...words);
      expect([answer.code, answer.json().unreachable], words.join(' ')).toMatchObject([
        code,
        [{ host: 'b' }],
      ]);
      expect(answer.stderr, words.join(' ')).toMatch(/^warning: b is not in the answer: /m);
    }
    // What it is not about is no matter.
    expect(await wait('-s', 'a/*', '--after', '0', '-t', '20s')).toMatchObject({ code: 0, stderr: '' });
    const chosen = await wait('--tag', 'lasting', '-t', '0', '--fields', 'outcome,unreachable.host');
    expect(chosen.json()).toEqual({ outcome: 'deadline', unreachable: [{ host: 'b' }] });

    const lines = [
      'ls',
      'gather --json',
      'grep --json some',
      'wait --tag lasting --exit -t 0',
      'type --tag lasting x',
      'events --past',
      'info',
      'status -s a/lasting',
      'record list',
      'kill --tag lasting --json',
    ];
    for (const line of lines) {
      const [command = '', ...rest] = line.split(' ');
      const { stdout, stderr } = await fleet.all(command, ...rest);
      expect(stdout, `${line}: ${stderr}`).not.toBe('');
      const objects = stdout
        .trimEnd()
        .split('\n')
        .map((text) => JSON.parse(text));
      const paths = [...new Set(objects.flatMap((object) => pathsIn(object)))].join();
      expect((await fleet.all(command, '--fields', paths, ...rest)).stderr, line).not.toContain('no member');
    }
  } finally {
    await fleet.join('b');
  }
});

test('a wait goes on after its deadline for a host that may answer, and not for one that is known to be silent', async () => {
  const ended: string[] = [];
  const wait = async (name: string, request: () => Promise<never>) => {
    const host: KnownHost = {
      host: name,
      record: { beat_ms: 8_000 } as KnownHost['record'],
      lastSeen: new Date(),
    };
    const hosts = {
      fleet: 'ci',
      known: async () => [host],
      joins: async () => 1,
      watching: () => ({ request }),
      unreachable: async ({ host }: KnownHost, { message }: Error) => ({
        host,
        reason: message,
        last_sessions: [],
      }),
    } as unknown as Hosts;
    const answer = await waitForAny(hosts, { exit: true, timeout_ms: 200 }, undefined);
    expect(answer).toMatchObject({ outcome: 'deadline', unreachable: [{ host: name }] });
    ended.push(name);
  };
  const silent = () => new Promise<never>(() => {});
  const refused = () => Promise.reject(unreachable('it does not answer'));
  await Promise.all([wait('new', silent), wait('refused', refused)]);
  expect(ended).toEqual(['refused', 'new']);
});
