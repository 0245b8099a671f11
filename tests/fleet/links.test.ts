/** Hosts behind lines that are long, lose packets, fall silent and are cut; hosts that stop; and what is said of them meanwhile. */
import { afterAll, beforeEach, expect, test } from 'vitest';
import { parseFleet } from '../../apps/fleet/src/address.ts';
import { Directory } from '../../apps/fleet/src/directory/bucket.ts';
import { createFleetClient } from '../../apps/fleet/src/fleet/whole-fleet.ts';
import { timingOf } from '../../apps/fleet/src/link/timing.ts';
import { connectNats } from '../../apps/fleet/src/nats/connect.ts';
import type { Running } from '../harness/pilotty.ts';
import { needs } from '../harness/programs.ts';
import { until } from '../harness/until.ts';
import { TestFleet } from './test-fleet.ts';
import { Wire } from './wire.ts';

/** Of the silence of a host, whose links end after 8 s; of its beats, which are 8 s apart. */
const SOME_TIME = { deadlineMs: 45_000 };

interface Lines {
  fleet: TestFleet;
  far: Wire;
  lossy: Wire;
  own: Wire;
}

let starting: Promise<Lines> | undefined;
let fleet: TestFleet;
let lossy: Wire;
/** Between who asks and NATS. */
let own: Wire;

async function start(): Promise<Lines> {
  const fleet = new TestFleet();
  await fleet.nats.start();
  const wire = () => new Wire(() => fleet.nats.port);
  const lines = { fleet, far: wire(), lossy: wire(), own: wire() };
  await Promise.all([lines.far, lines.lossy, lines.own].map((line) => line.start()));
  lines.far.setLine(100);
  lines.lossy.setLine(10, { every: 10, lateMs: 300 });
  await Promise.all([
    fleet.join('far', [], {}, lines.far.url),
    fleet.join('lossy', [], {}, lines.lossy.url),
    fleet.join('near'),
  ]);
  return lines;
}

beforeEach(async () => {
  needs('nats-server');
  starting ??= start();
  ({ fleet, lossy, own } = await starting);
  own.heal();
  lossy.heal();
});

afterAll(async () => {
  const lines = await starting;
  lines?.lossy.heal();
  await lines?.fleet.close();
  for (const line of [lines?.far, lines?.lossy, lines?.own]) line?.close();
});

function linesOf({ stdout }: Running) {
  return stdout()
    .split('\n')
    .slice(0, -1)
    .map(
      (line) => JSON.parse(line) as { type: string; host: string; session?: string; event_cursor: string },
    );
}

/** What the directory says of a host, whoever answers. */
async function inDirectory() {
  const nats = await connectNats(
    { server: `127.0.0.1:${fleet.nats.port}`, isEncrypted: false },
    { credentials: undefined, inboxPrefix: undefined, name: 'test' },
  );
  return { directory: new Directory(nats, 'ci'), close: () => nats.close() };
}

test('hosts that are far away, or whose line loses packets, are used as others are', async () => {
  expect((await fleet.all('list-sessions')).json()).toMatchObject({
    hosts: [{ host: 'far' }, { host: 'lossy' }, { host: 'near' }],
    unreachable: [],
  });
  for (const host of ['far', 'lossy']) {
    expect((await fleet.on(host, 'spawn', '--name', 'sh', 'sh')).code).toBe(0);
    const many = await fleet.on(
      host,
      'exec',
      '-s',
      'sh',
      'i=0; while [ $i -lt 20000 ]; do echo "line $i"; i=$((i+1)); done',
    );
    expect(many.stdout.trimEnd().split('\n').at(-1)).toBe('line 19999');
    await fleet.endOn(host, 'sh');
  }
});

test('what changes of the sessions of a host is in the directory long before its next beat', async () => {
  const { directory, close } = await inDirectory();
  try {
    const known = await directory.host('near');
    const began = performance.now();
    const names = async () =>
      (await directory.sessionsOf('near')).sessions.map(
        ({ name, work_state }) => `${name} ${work_state?.name}`,
      );
    const told = async (what: string) =>
      await until(what, async () => (await names()).includes(what), { lastSeen: () => what });
    await fleet.spawnOn('near', 'first', 'echo "Delete all? [y/N] "; read answer; sleep 1000');
    await until('the session', async () => (await names()).some((name) => name.startsWith('first')));
    await fleet.host('near').client.request('session.rename', { session: 'first', name: 'second' });
    await until('its name', async () => (await names()).some((name) => name.startsWith('second')));
    await fleet.host('near').client.request('session.wait', { session: 'second', state: 'asking' });
    await told('second asking');
    await fleet.endOn('near', 'second');
    await until('its end', async () => (await names()).length === 0);
    // Four changes, each of which might have waited for a beat.
    expect(performance.now() - began).toBeLessThan(2 * (known?.record.beat_ms ?? 0));
  } finally {
    await close();
  }
});

test('a host whose process is stopped is named with its last sessions, and is back without anything twice', async () => {
  const { child } = fleet.host('near').joining as Running;
  const events = fleet.pilotty.start(
    '--fleet',
    fleet.address,
    'events',
    '--type',
    'spawned',
    '--type',
    'exited',
  );
  const seen = (type: string) =>
    linesOf(events).filter((event) => event.type === type && event.host === 'near');
  try {
    await fleet.spawnOn('near', 'before', 'sleep 1000', ['stopped']);
    await until('the session in the directory and in the stream', async () => {
      await fleet.spawnOn('near', `probe-${process.hrtime.bigint()}`, 'exit 0');
      return seen('spawned').length > 0;
    });
    await until('the probes to be over', async () => {
      const { directory, close } = await inDirectory();
      const { sessions } = await directory.sessionsOf('near');
      await close();
      return sessions.map(({ name }) => name).join() === 'before';
    });
    child.kill('SIGSTOP');
    const list = await fleet.all('list-sessions');
    expect(list.code).toBe(6);
    expect(list.json()).toMatchObject({
      hosts: [{ host: 'far' }, { host: 'lossy' }],
      unreachable: [{ host: 'near', last_sessions: [{ name: 'near/before', tags: ['stopped'] }] }],
    });
    // Its daemon goes on.
    await fleet.endOn('near', 'before');
    await until('the stream to say so', () => seen('host_unreachable').length > 0, SOME_TIME);
    child.kill('SIGCONT');
    await until('it to be back', () => seen('host_back').length > 0, SOME_TIME);
    await until('the end', () => seen('exited').some(({ session }) => session === 'near/before'), SOME_TIME);
    const keys = linesOf(events)
      .filter(({ session }) => session !== undefined)
      .map(({ type, session }) => `${type} ${session}`);
    expect(keys).toEqual([...new Set(keys)]);
    const back = (await fleet.all('list-sessions')).json();
    expect(back.unreachable).toEqual([]);
    expect(back.hosts.map(({ host }: { host: string }) => host)).toEqual(['far', 'lossy', 'near']);
    expect(back.sessions).toEqual([]);
  } finally {
    child.kill('SIGCONT');
    events.child.kill('SIGINT');
    await events.answer;
  }
});

test('at its deadline a wait names a host that has fallen silent, however long its link is kept', async () => {
  const address = parseFleet(fleet.address);
  if ('problem' in address) throw new Error(address.problem);
  const client = createFleetClient({
    address,
    nats: { credentials: undefined, inboxPrefix: undefined, name: 'test' },
    placement: { labels: {} },
    startsDaemon: () => false,
    client: { name: 'test' },
    warn: () => {},
  });
  const wait = async (timeoutMs: number) =>
    (await client.request('sessions.wait', {
      tags: ['never'],
      exit: true,
      timeout_ms: timeoutMs,
    })) as unknown as {
      unreachable: { host: string }[];
      duration_ms: number;
      note: string;
    };
  try {
    // The links are there.
    expect((await wait(0)).unreachable).toEqual([]);
    lossy.silence();
    const { unreachable, duration_ms: tookMs, note } = await wait(500);
    expect(unreachable).toMatchObject([{ host: 'lossy' }]);
    expect(note).toContain('it is not known');
    expect(tookMs).toBeLessThan(timingOf({ isWatching: true, isOverdue: false }).lostMs);
  } finally {
    lossy.heal();
    client.close();
  }
});

test('across a line that falls silent and heals, each end is reported once and each event is told once', {
  timeout: 240_000,
}, async () => {
  const names = Array.from({ length: 20 }, (_, index) => `build-${index}`);
  const events = fleet.pilotty.start(
    '--fleet',
    fleet.address,
    'events',
    '--tag',
    'built',
    '--type',
    'spawned',
    '--type',
    'exited',
  );
  const told = (type: string) => linesOf(events).filter((event) => event.type === type);
  // It follows from the moment when it has asked each host.
  await until(
    'the stream',
    async () => {
      await Promise.all(
        ['far', 'lossy', 'near'].map((host) =>
          fleet.spawnOn(host, `probe-${process.hrtime.bigint()}`, 'exit 0', ['built']),
        ),
      );
      return new Set(told('exited').map(({ host }) => host)).size === 3;
    },
    SOME_TIME,
  );
  const reported: string[] = [];
  const hosts = ['far', 'lossy', 'near'];
  const wanted = hosts.flatMap((host) => names.map((name) => `${host}/${name}`));
  let cursor = '';
  // A host that does not answer just now has no place in it, and what ended there before is no news of the loop.
  await until(
    'a cursor of all hosts',
    async () => {
      const { event_cursor, unreachable } = (await fleet.all('list-sessions', '--all')).json();
      cursor = event_cursor;
      return unreachable.length === 0;
    },
    SOME_TIME,
  );
  const loop = async () => {
    while (reported.length < wanted.length) {
      const words = ['wait', '--tag', 'built', '--exit', '-t', '20s', '--after', cursor];
      const answer = await fleet.all(...words);
      expect([0, 3], answer.stderr).toContain(answer.code);
      const { ready, event_cursor } = answer.json();
      reported.push(...ready.map(({ session }: { session: string }) => session));
      cursor = event_cursor;
    }
  };
  const spawnAll = (some: string[]) =>
    Promise.all(some.flatMap((name) => hosts.map((host) => fleet.spawnOn(host, name, 'exit 0', ['built']))));
  await spawnAll(names.slice(0, 7));
  const looping = loop();
  // What it fails of is told where it is waited for, and not besides what the test failed of.
  looping.catch(() => {});
  await until('some to be reported', () => reported.length > 0, SOME_TIME);
  lossy.silence();
  await spawnAll(names.slice(7, 14));
  await until('the host to be missed', () => told('host_unreachable').length > 0, SOME_TIME);
  // What was on its way is lost, as where the other end of a connection has given up.
  lossy.cut();
  lossy.heal();
  await spawnAll(names.slice(14));
  const missing = () => wanted.filter((end) => !reported.includes(end));
  await until('all ends to be reported', () => reported.length >= wanted.length, SOME_TIME).catch(
    async (error: Error) => {
      const { sessions } = (await fleet.all('list-sessions', '--all')).json();
      const listed = sessions.filter(({ name }: { name: string }) => missing().includes(name));
      throw new Error(`${error.message}\n${JSON.stringify({ missing: missing(), listed, cursor })}`);
    },
  );
  await looping;
  expect(reported.sort()).toEqual(wanted.sort());
  const ends = () =>
    told('exited').flatMap(({ session = '' }) => (session.includes('/build-') ? [session] : []));
  await until('all events', () => ends().length >= wanted.length, SOME_TIME);
  const begins = told('spawned').flatMap(({ session = '' }) =>
    session.includes('/build-') ? [session] : [],
  );
  expect(ends().sort()).toEqual(wanted);
  expect(begins.sort()).toEqual(wanted);
  // From a cursor in the middle: what comes after it, and no more.
  const all = linesOf(events).filter(({ session }) => session !== undefined);
  const middle = all[Math.floor(all.length / 2)]?.event_cursor as string;
  events.child.kill('SIGINT');
  await events.answer;
  const again = await fleet.all(
    'events',
    '--past',
    '--tag',
    'built',
    '--type',
    'spawned',
    '--type',
    'exited',
    '--after',
    middle,
  );
  const keysOf = (found: { type: string; session?: string }[]) =>
    found.flatMap(({ type, session }) => (session === undefined ? [] : [`${type} ${session}`])).sort();
  const past = again.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(keysOf(past)).toEqual(keysOf(all.slice(Math.floor(all.length / 2) + 1)));
});

test('a spawn with a key that is cut off, and tried again, starts one session', async () => {
  const address = `${own.url}/ci`;
  const words = ['--fleet', address, 'spawn', '--once', 'cut-1', '--tag', 'keyed', 'sh', '-c', 'sleep 1000'];
  const keyed = async () => {
    const found = await Promise.all(
      ['far', 'lossy', 'near'].map((host) =>
        fleet
          .host(host)
          .client.request('session.list', { tags: ['keyed'] })
          .then(
            ({ sessions }) => sessions,
            () => [],
          ),
      ),
    );
    return found.flat();
  };
  own.setLine(50);
  const first = fleet.pilotty.start(...words);
  await until('the session to be there', async () => (await keyed()).length > 0, SOME_TIME);
  // Before its answer has come: it is 50 ms away.
  own.silence();
  own.cut();
  first.child.kill('SIGKILL');
  await first.answer;
  own.heal();
  const [again, too] = await Promise.all([fleet.pilotty.run(...words), fleet.pilotty.run(...words)]);
  expect([again.code, too.code], again.stderr + too.stderr).toEqual([0, 0]);
  const running = await keyed();
  expect(running).toHaveLength(1);
  expect(again.json().session_id).toMatch(new RegExp(`/${running[0]?.id}$`));
  expect(too.json().session_id).toBe(again.json().session_id);
  await fleet.all('kill', '--tag', 'keyed', '--signal', 'KILL');
});

test('a request on its way is answered once the line is there again', async () => {
  await fleet.spawnOn('near', 'kept', 'cat');
  const typed = fleet.pilotty.start(
    '-H',
    `${own.url}/ci/near`,
    'type',
    '-s',
    'kept',
    'typed once',
    '--enter',
    '--wait-text',
    'never',
    '--wait-timeout',
    '3s',
  );
  const shown = async () =>
    (await fleet
      .host('near')
      .client.request('session.snapshot', { session: 'kept', format: 'text' })) as unknown as {
      screen?: { text?: string };
      text?: string;
    };
  await until('the text', async () => JSON.stringify(await shown()).includes('typed once'), SOME_TIME);
  own.cut();
  expect((await typed.answer).code).toBe(3);
  const screen = JSON.stringify(await shown());
  // What was typed, and what cat has printed of it.
  expect(screen.split('typed once')).toHaveLength(3);
  await fleet.endOn('near', 'kept');
});
