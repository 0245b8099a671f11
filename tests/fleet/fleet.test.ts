/** Three hosts of a fleet over NATS: one of them as `-H`, all of them as `--fleet`, and what is said where one is missing. */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { parseFleetHost } from '../../apps/fleet/src/address.ts';
import { createOneHostClient } from '../../apps/fleet/src/fleet/one-host.ts';
import { needs } from '../harness/programs.ts';
import { until } from '../harness/until.ts';
import { TestFleet } from './test-fleet.ts';

let starting: Promise<TestFleet> | undefined;
let fleet: TestFleet;

async function start(): Promise<TestFleet> {
  const started = new TestFleet();
  await started.nats.start();
  await Promise.all(
    ['a', 'b', 'c'].map((name) => started.join(name, ['--label', `name=${name}`, '--label', 'os=any'])),
  );
  return started;
}

beforeEach(async () => {
  needs('nats-server');
  starting ??= start();
  fleet = await starting;
});

afterAll(async () => {
  await (await starting)?.close();
});

test('a session on one host from start to end, with the programs and directories of that host', async () => {
  const { HOME } = fleet.host('a').env;
  const spawned = await fleet.on('a', 'spawn', '--name', 'sh', '--env', 'GIVEN=1', 'sh');
  expect(spawned.json()).toMatchObject({ type: 'session_created', name: 'sh', cwd: HOME });
  expect((await fleet.on('a', 'exec', '-s', 'sh', 'echo "$GIVEN,$HOME"')).stdout).toBe(`1,${HOME}\n`);
  const typed = await fleet.on('a', 'type', '-s', 'sh', 'echo $((6*7))', '--enter', '--wait-text', '42');
  expect(typed.code).toBe(0);
  expect((await fleet.on('a', 'snapshot', '-s', 'sh', '-f', 'text')).stdout).toContain('42');
  expect(await fleet.on('a', 'run', 'sh', '-c', 'echo ran; exit 3')).toMatchObject({
    code: 3,
    stdout: 'ran\n',
  });
  const batch = await fleet.on('a', 'batch', { input: 'status -s sh\nls --fleet nats://x/y\n' });
  expect(
    batch.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).exit_code),
  ).toEqual([0, 2]);
  // Nothing of it is on this host.
  expect(fleet.pilotty.log()).toBe('');
  expect((await fleet.on('a', 'kill', '-s', 'sh', '-q')).code).toBe(0);
  expect((await fleet.on('a', 'status', '-s', 'never')).code).toBe(5);
});

test('an answer that is larger than a message of NATS arrives whole', async () => {
  // The directory of the test is in the arguments of no process here.
  const printed = await fleet.on(
    'b',
    'run',
    'sh',
    '-c',
    'i=0; while [ $i -lt 30000 ]; do echo "line $i of a long answer ........................................"; i=$((i+1)); done',
  );
  const lines = printed.stdout.trimEnd().split('\n');
  expect(lines).toHaveLength(30_000);
  expect(lines.at(-1)).toContain('line 29999 of');
  expect(printed.stdout.length).toBeGreaterThan(1024 * 1024);
  // A request as well.
  await fleet.spawnOn('b', 'sink', 'stty raw -echo; echo ready; head -c 1500000 | wc -c; sleep 1000');
  await fleet.on('b', 'wait', '-s', 'sink', '--text', 'ready');
  const input = randomBytes(750_000).toString('hex');
  const typed = await fleet.on('b', 'type', '-s', 'sink', '-', '--wait-text', '1500000', { input });
  expect(typed.code, typed.stderr).toBe(0);
  await fleet.endOn('b', 'sink');
});

test('what is about processes and files of a host is refused, with nothing done', async () => {
  for (const words of [['daemon'], ['logs', '--audit'], ['stop', '--force']])
    expect((await fleet.on('a', ...words)).code).toBe(2);
  expect((await fleet.on('a', 'spawn', '--owner-pid', '1', 'sh')).code).toBe(2);
  expect((await fleet.on('a', 'spawn', '--on', 'os=any', 'sh')).code).toBe(2);
  expect((await fleet.pilotty.run('-H', `${fleet.address}/a`, '--fleet', fleet.address, 'ls')).code).toBe(2);
  expect((await fleet.pilotty.run('-H', 'nats://me:secret@x/ci/a', 'ls')).stderr).toContain(
    'no user or password',
  );
  for (const words of [
    ['gc'],
    ['doctor'],
    ['logs'],
    ['key', 'Enter'],
    ['key', '-s', 'x', 'Enter'],
    ['snapshot'],
  ])
    expect((await fleet.all(...words)).code, words.join(' ')).toBe(2);
  expect((await fleet.on('a', 'ls')).json().sessions).toEqual([]);
});

test('the log of a host is that of its daemon, and goes on; doctor says what a connection shows', async () => {
  const file = join(fleet.host('a').env.PILOTTY_SOCKET_DIR as string, 'pilotty.log');
  const lines = async (...words: string[]) =>
    (await fleet.on('a', 'logs', ...words)).stdout.split('\n').slice(0, -1);
  const all = await lines();
  expect(readFileSync(file, 'utf8')).toContain(`${all.join('\n')}\n`);
  expect(all.length).toBeGreaterThan(1);
  expect(await lines('-n', '0')).toEqual([]);
  expect(await lines('-n', '1')).toHaveLength(1);
  const following = fleet.pilotty.start('-H', `${fleet.address}/a`, 'logs', '--follow', '-n', '1');
  await until('the last line', () => following.stdout().includes('\n'));
  await fleet.spawnOn('a', 'logged', 'sleep 1000');
  const { id } = await fleet.host('a').client.request('session.status', { session: 'logged' });
  await until('what is new', () => following.stdout().includes(id));
  following.child.kill('SIGINT');
  expect((await following.answer).code).toBe(130);
  await fleet.endOn('a', 'logged');

  const { ok, host, checks, not_checked } = (await fleet.on('a', 'doctor')).json();
  expect({ ok, host }).toEqual({ ok: true, host: `${fleet.address}/a` });
  expect(checks.map(({ name, ok }: { name: string; ok: boolean }) => `${name} ${ok}`)).toEqual([
    'host true',
    'node true',
    'daemon true',
  ]);
  expect(not_checked).toContain('terminals');
  const none = await fleet.on('nowhere', 'doctor');
  expect(none.code).toBe(1);
  expect(none.json()).toMatchObject({ ok: false, checks: [{ name: 'host', ok: false }] });
});

test('all hosts as one: listed, searched, gathered, watched, acted on', async () => {
  await fleet.spawnOn('a', 'web', 'echo error in a; sleep 1000', ['ci']);
  await fleet.spawnOn('b', 'web', 'echo fine in b; sleep 1000', ['ci']);
  await fleet.spawnOn('c', 'db', 'echo error in c; sleep 1000');
  const shown = await fleet.all('wait', '--text', 'in ', '--all');
  expect(shown.code, shown.stderr).toBe(0);

  const listed = (await fleet.all('list-sessions')).json();
  expect(listed.sessions.map(({ name, host }: { name: string; host: string }) => [name, host])).toEqual([
    ['a/web', 'a'],
    ['b/web', 'b'],
    ['c/db', 'c'],
  ]);
  expect(listed.hosts).toMatchObject([
    { host: 'a', labels: { name: 'a', os: 'any' }, sessions: 1 },
    { host: 'b' },
    { host: 'c' },
  ]);
  expect((await fleet.all('list-sessions', '-s', 'c/*', '-s', 'web')).json().sessions).toHaveLength(3);
  expect((await fleet.all('grep', 'error')).stdout).toBe('a/web: error in a\nc/db: error in c\n');
  expect((await fleet.all('grep', 'error', '--json')).json()).toMatchObject({
    type: 'fleet_grep_result',
    matches: [{ session: 'a/web' }, { session: 'c/db' }],
    searched: 3,
    unreachable: [],
  });
  expect((await fleet.all('grep', 'nowhere')).code).toBe(1);
  expect((await fleet.all('gather', '--tag', 'ci', '--lines', '1')).stdout).toMatch(
    /==> a\/web .*\nerror in a\n\n==> b\/web /,
  );
  expect((await fleet.all('status', '-s', 'c/db')).json()).toMatchObject({
    name: 'c/db',
    host: 'c',
    state: 'running',
  });
  // By its id as well, and where the name is not on every host.
  expect((await fleet.all('snapshot', '-s', listed.sessions[2].id, '-f', 'text')).stdout).toContain(
    'error in c',
  );
  expect((await fleet.all('grep', 'error', '-s', 'db')).stdout).toBe('c/db: error in c\n');
  expect((await fleet.all('list-sessions', '-s', 'never')).code).toBe(5);
  expect((await fleet.all('list-sessions', '-s', 'd/web')).code).toBe(5);
  expect((await fleet.all('key', '-s', 'd/web', 'Enter')).code).toBe(5);

  const killed = await fleet.all('kill', '--tag', 'ci', '--signal', 'KILL');
  expect(
    killed
      .json()
      .results.map(({ session }: { session: string }) => session)
      .sort(),
  ).toEqual(['a/web', 'b/web']);
  const events = await fleet.all('events', '--past', '--after', listed.event_cursor, '--type', 'exited');
  const ended = events.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(ended.map(({ session }) => session)).toEqual(expect.arrayContaining(['a/web', 'b/web']));
  expect(ended).toHaveLength(3);
  // The cursor goes on behind them.
  const { event_cursor } = ended.at(-1);
  expect(
    (await fleet.all('events', '--past', '--after', event_cursor, '--type', 'exited')).stdout
      .trim()
      .split('\n'),
  ).toHaveLength(1);
  await fleet.endOn('c', 'db');
});

test('what a host no longer retains is said where all are searched', async () => {
  await fleet.on(
    'b',
    'spawn',
    '--name',
    'flood',
    '--retain-bytes',
    '1000',
    'sh',
    '-c',
    'seq 1 1000; sleep 1000',
  );
  await fleet.on('b', 'wait', '-s', 'flood', '--text', '1000');
  const missing = (await fleet.all('grep', 'nowhere', '--json')).json();
  expect(missing.not_searched).toMatchObject([{ session: 'b/flood', missed_bytes: expect.any(Number) }]);
  expect((await fleet.all('grep', 'nowhere')).stderr).toMatch(/^note: not searched, .* bytes of b\/flood\n$/);
  await fleet.endOn('b', 'flood');
});

test('a new session goes where its labels are, and one with a key is started once', async () => {
  const spawn = (...words: string[]) => fleet.all('spawn', ...words, 'sh', '-c', 'sleep 1000');
  expect((await spawn('--on', 'name=b', '--name', 'placed')).json()).toMatchObject({
    name: 'b/placed',
    host: 'b',
    cwd: fleet.host('b').env.HOME,
  });
  expect(await spawn('--on', 'name=nowhere')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('nothing was started'),
  });
  expect((await spawn('--once', 'release 1.2')).code).toBe(2);
  const keyed = await Promise.all(
    [0, 1, 2].map(() => spawn('--on', 'os=any', '--once', 'release-1.2', '--tag', 'keyed')),
  );
  expect(new Set(keyed.map((answer) => answer.json().session_id)).size).toBe(1);
  expect((await fleet.all('list-sessions', '--tag', 'keyed')).json().sessions).toHaveLength(1);
  await fleet.all('kill', '-s', '*/*', '--signal', 'KILL');
});

test('two scopes have the same names on the same hosts', async () => {
  const of = (scope: string) => ({ env: { PILOTTY_SCOPE: scope } });
  for (const scope of ['x', 'y'])
    for (const host of ['a', 'b']) {
      const spawned = await fleet.all(
        'spawn',
        '--name',
        `${host}/scoped`,
        '--tag',
        'scoped',
        'cat',
        of(scope),
      );
      expect(spawned.json().name).toBe(`${host}/${scope}+scoped`);
    }
  const named = async (...words: (string | object)[]) =>
    (await fleet.all('list-sessions', ...(words as string[])))
      .json()
      .sessions.map(({ name }: { name: string }) => name);
  const own = ['a/x+scoped', 'b/x+scoped'];
  expect((await named(of('x'))).sort()).toEqual(own);
  expect((await named('-s', 'scoped', of('x'))).sort()).toEqual(own);
  expect(await named('-s', 'b/scoped', of('x'))).toEqual(['b/x+scoped']);
  expect((await named('-s', 'y+scoped', of('x'))).sort()).toEqual(['a/y+scoped', 'b/y+scoped']);
  expect(await named('--tag', 'scoped', '--all-scopes', of('x'))).toHaveLength(4);
  expect((await fleet.on('a', 'status', '-s', 'scoped', of('y'))).json().name).toBe('y+scoped');
  const once = await fleet.all('spawn', '--once', 'scoped-key', '--name', 'a/job', 'cat', of('x'));
  expect(once.json().name).toBe('a/x+job');
  const sent = await fleet.all('type', '--tag', 'scoped', 'word', of('y'));
  expect(
    sent
      .json()
      .results.map(({ session }: { session: string }) => session)
      .sort(),
  ).toEqual(['a/y+scoped', 'b/y+scoped']);
  const killed = await fleet.all('kill', '-s', '*/*', of('x'));
  expect(
    killed
      .json()
      .results.map(({ session }: { session: string }) => session)
      .sort(),
  ).toEqual(['a/x+job', ...own]);
});

test('of two that want a name one gets it: a session of a host, and a host of the fleet', async () => {
  const raced = await Promise.all(
    [0, 1].map(() => fleet.on('a', 'spawn', '--name', 'raced', 'sleep', '1000')),
  );
  expect(raced.map(({ code }) => code).sort()).toEqual([0, 1]);
  await fleet.on('a', 'kill', '-s', 'raced', '--signal', 'KILL');
  const words = ['fleet', 'join', fleet.nats.url, '--fleet', 'ci', '--host', 'a'];
  const second = await fleet.pilotty.start(...words, { env: fleet.host('b').env }).answer;
  expect(second).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('there is a host a in the fleet ci already'),
  });
  expect((await fleet.on('a', 'ls')).code).toBe(0);
});

test('a host that does not answer is named with its last sessions, and is never an empty answer', async () => {
  await fleet.spawnOn('c', 'lasting', 'echo lasting; sleep 1000');
  const directory = async () => (await fleet.all('list-sessions')).json();
  // What is said of it later is what it has said itself.
  await fleet.kill('c');
  await fleet.join('c');
  await until('c to be back', async () => (await directory()).unreachable.length === 0);
  await fleet.kill('c');
  const list = await fleet.all('list-sessions');
  expect(list.code).toBe(6);
  expect(list.json()).toMatchObject({
    hosts: [{ host: 'a' }, { host: 'b' }],
    unreachable: [
      { host: 'c', reason: expect.stringContaining('not there'), last_sessions: [{ name: 'c/lasting' }] },
    ],
  });
  expect(list.stderr).toContain('c is not in the answer');
  expect((await fleet.all('grep', 'lasting')).code).toBe(6);
  expect(await fleet.on('c', 'ls')).toMatchObject({
    code: 6,
    stderr: expect.stringContaining('HOST_UNREACHABLE'),
  });
  expect((await fleet.all('status', '-s', 'c/lasting')).code).toBe(6);
  const waited = await fleet.all('wait', '-s', 'c/*', '--text', 'lasting', '-t', '200ms');
  expect(waited.code).toBe(3);
  expect(waited.json()).toMatchObject({
    outcome: 'deadline',
    unreachable: [{ host: 'c' }],
    note: expect.stringContaining('it is not known'),
  });
  // A wait goes on when it is back.
  const waiting = fleet.all('wait', '-s', 'c/lasting', '-s', 'c/none*', '--text', 'lasting');
  await fleet.join('c');
  expect((await waiting).json()).toMatchObject({
    outcome: 'matched',
    ready: [{ session: 'c/lasting' }],
    unreachable: [],
  });
  await fleet.endOn('c', 'lasting');
  // One that leaves is no host any more.
  fleet.host('c').joining?.child.kill('SIGTERM');
  expect((await fleet.host('c').joining?.answer)?.code).toBe(128 + 15);
  expect((await directory()).unreachable).toEqual([]);
  expect((await directory()).hosts).toHaveLength(2);
  await fleet.join('c');
});

test('a fleet that nobody has joined, and a server that is not there, are no empty fleets', async () => {
  const none = await fleet.pilotty.run('--fleet', `${fleet.nats.url}/other`, 'ls');
  expect(none).toMatchObject({
    code: 6,
    stderr: expect.stringContaining('no host has joined a fleet other'),
  });
  const away = await fleet.pilotty.run('--fleet', 'nats://127.0.0.1:1/ci', 'ls');
  expect(away).toMatchObject({ code: 6, stderr: expect.stringContaining('cannot be reached') });
});

test('sixty builds end while NATS is cut off and comes back: each end is reported once', async () => {
  const names = Array.from({ length: 60 }, (_, index) => `build-${index}`);
  const hostOf = (name: string) => (['a', 'b', 'c'] as const)[Number(name.slice(6)) % 3] as string;
  await Promise.all(names.map((name) => fleet.spawnOn(hostOf(name), name, 'sleep 1000', ['build'])));
  const reported: string[] = [];
  let cursor: string | undefined;
  const loop = async () => {
    while (reported.length < names.length) {
      const after = cursor === undefined ? [] : ['--after', cursor];
      const answer = await fleet.all('wait', '--tag', 'build', '--exit', '-t', '30s', ...after);
      expect([0, 3, 6], answer.stderr).toContain(answer.code);
      // The fleet itself could not be asked: the cursor is as good as before.
      if (answer.code === 6) continue;
      const { ready, event_cursor } = answer.json();
      reported.push(...ready.map(({ session }: { session: string }) => session));
      cursor = event_cursor;
    }
  };
  const end = (some: string[]) =>
    Promise.all(
      ['a', 'b', 'c'].map((host) => fleet.endOn(host, ...some.filter((name) => hostOf(name) === host))),
    );
  const looping = loop();
  await end(names.slice(0, 12));
  // What is wrong in the loop is said at once.
  await Promise.race([looping, until('some to be reported', () => reported.length > 0)]);
  // While the wait is open, and with nothing in between.
  await fleet.nats.kill();
  await end(names.slice(12, 39));
  await fleet.nats.start();
  await end(names.slice(39));
  await looping;
  expect(reported.sort()).toEqual(names.map((name) => `${hostOf(name)}/${name}`).sort());
});

test('a wait on one host goes on while NATS is started again', async () => {
  await fleet.spawnOn('a', 'cut', 'echo started; sleep 1000');
  const address = parseFleetHost(`${fleet.address}/a`);
  if ('problem' in address) throw new Error(address.problem);
  const client = createOneHostClient({
    address,
    nats: { credentials: undefined, inboxPrefix: undefined, name: 'test' },
    startsDaemon: () => false,
    client: { name: 'test' },
    warn: () => {},
  });
  try {
    // The link is there.
    await client.request('session.status', { session: 'cut' });
    const waiting = client.request('session.wait', { session: 'cut', exit: true });
    await fleet.nats.kill();
    await fleet.endOn('a', 'cut');
    await fleet.nats.start();
    expect(await waiting).toMatchObject({ holds: true, outcome: 'exited' });
  } finally {
    client.close();
  }
});
