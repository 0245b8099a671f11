/** Projects as their users have them: up, ps, tail, down, with real programs and one daemon for each test. */
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { type Pilotty, test } from '../harness/pilotty.ts';
import { until } from '../harness/until.ts';

const EXAMPLE = fileURLToPath(new URL('../../docs/examples/project/pilotty.json', import.meta.url));

interface Outcome {
  key: string;
  session: string;
  session_id?: string;
  action: string;
  state: string;
  because?: string[];
  error?: { code: string; message: string; suggestion: string };
  screen_lines?: string[];
}

function write(pilotty: Pilotty, sessions: object, more: object = {}): void {
  writeFileSync(join(pilotty.home, 'pilotty.json'), JSON.stringify({ name: 'p', ...more, sessions }));
}

async function up(
  pilotty: Pilotty,
  ...words: string[]
): Promise<{ code: number | null; sessions: Outcome[] }> {
  const answer = await pilotty.run('up', ...words);
  expect(answer.stderr).toBe('');
  return { code: answer.code, ...answer.json() };
}

const inWords = ({ sessions }: { sessions: Outcome[] }) =>
  sessions.map(({ key, action, state }) => `${key}: ${action}, ${state}`);

const idsOf = ({ sessions }: { sessions: Outcome[] }) =>
  Object.fromEntries(sessions.map(({ key, session_id }) => [key, session_id]));

test('the example of the documentation: up, again, changed, ps, tail, down', async ({ pilotty }) => {
  const file = join(pilotty.home, 'pilotty.json');
  copyFileSync(EXAMPLE, file);
  const first = await up(pilotty);
  expect(inWords(first)).toEqual([
    'database: created, ready',
    'cache: created, ready',
    'migrate: created, completed',
    'api: created, ready',
    'worker: created, ready',
    'shell: created, ready',
  ]);
  expect(first.code).toBe(0);
  // Its crash loop came to an end in the third run.
  expect(readFileSync(join(pilotty.home, 'attempts'), 'utf8')).toBe('x\nx\nx\n');
  // In the order of what they depend on.
  const { sessions } = await pilotty.client.request('session.list', { all: true });
  const order = sessions.map(({ project }) => project?.key ?? '');
  const before = (one: string, other: string) =>
    expect(order.indexOf(one)).toBeLessThan(order.indexOf(other));
  before('database', 'migrate');
  before('migrate', 'api');
  before('cache', 'api');
  before('api', 'worker');
  expect(sessions.every(({ tags }) => tags.includes('project=shop'))).toBe(true);
  expect(sessions.find(({ name }) => name === 'api')?.size).toEqual({ cols: 120, rows: 40 });

  const second = await up(pilotty);
  expect(second.sessions.map(({ action }) => action)).toEqual([
    ...['up_to_date', 'up_to_date', 'completed', 'up_to_date', 'up_to_date', 'up_to_date'],
  ]);
  expect(idsOf(second)).toEqual(idsOf(first));

  writeFileSync(file, readFileSync(file, 'utf8').replace('8080', '8081'));
  const planned = (await pilotty.run('up', '--dry-run')).json();
  const changed = { key: 'api', action: 'recreated', because: ['environment'] };
  expect(planned).toMatchObject({
    type: 'project_plan',
    sessions: expect.arrayContaining([expect.objectContaining(changed)]),
  });
  const third = await up(pilotty);
  expect(third.sessions.filter(({ action }) => action === 'recreated')).toMatchObject([changed]);
  expect(idsOf(third)).toEqual({ ...idsOf(first), api: idsOf(third).api });

  const state = (await pilotty.run('ps')).json();
  expect(state.sessions).toMatchObject([
    { key: 'database', state: 'running', ready: true },
    { key: 'cache', state: 'running', ready: true },
    { key: 'migrate', state: 'exited', exit: { exit_code: 0 } },
    { key: 'api', state: 'running', ready: true },
    { key: 'worker', state: 'running', ready: true, restarts: 2, restart_policy: { limit: 5 } },
    { key: 'shell', state: 'running', ready: true },
  ]);
  const { stdout } = await pilotty.run('tail', '-n', '1', 'api', 'migrate');
  expect(stdout.split('\n').sort()).toEqual([
    '',
    'api      | serving on port 8081',
    'migrate  | migrated 3 tables',
  ]);

  const down = (await pilotty.run('down')).json();
  expect(down).toMatchObject({ type: 'project_down', ok: true });
  expect(down.sessions.map(({ key }: Outcome) => key)).toEqual([
    'shell',
    'worker',
    'api',
    'cache',
    'database',
  ]);
  const ended = new Map(
    (await pilotty.client.request('session.list', { all: true })).sessions.map(({ name, ended_at }) => [
      name,
      ended_at,
    ]),
  );
  const endedAt = (name: string) => Date.parse(ended.get(name) ?? '');
  expect(endedAt('api')).toBeGreaterThanOrEqual(endedAt('worker'));
  expect(endedAt('database')).toBeGreaterThanOrEqual(endedAt('api'));
  expect((await pilotty.run('down')).json()).toMatchObject({ ok: true, sessions: [] });
  // What was ended on purpose is started again; what has completed is not.
  const again = await up(pilotty, 'api');
  expect(inWords(again)).toEqual([
    'database: started, ready',
    'cache: started, ready',
    'migrate: completed, completed',
    'api: started, ready',
  ]);
});

test('ps has the command of each in the same words, whether it runs or not', async ({ pilotty }) => {
  write(pilotty, {
    a: { command: "echo 'it is'; exec cat" },
    b: { command: ['cat', '-', "it's", 'two words'] },
  });
  const commands = async () =>
    (await pilotty.run('ps')).json().sessions.map(({ command }: { command: string }) => command);
  const before = await commands();
  expect(before).toEqual(["sh -c 'echo '\\''it is'\\''; exec cat'", "cat - 'it'\\''s' 'two words'"]);
  await up(pilotty);
  expect(await commands()).toEqual(before);
});

test('what fails is said with its last lines, what depends on it is not started, and all else is', async ({
  pilotty,
}) => {
  const restart = { mode: 'always', limit: 2, delay: '10ms' };
  write(pilotty, {
    fails: { command: 'echo the reason; exit 7', ready: 'never' },
    after: { command: 'touch after; exec cat', depends_on: ['fails'] },
    gone: { command: ['/nonexistent/program'] },
    loops: { command: 'exit 3', restart, ready: 'never' },
    once: {
      command: '[ -e good ] && exit 0; touch good; exit 3',
      restart: { ...restart, mode: 'on-failure' },
      ready: { exit: 0 },
    },
    fine: { command: ['cat'] },
  });
  const result = await up(pilotty);
  expect(result.code).toBe(4);
  expect(inWords(result)).toEqual([
    'fails: created, failed',
    'after: none, skipped',
    'gone: none, failed',
    'loops: created, failed',
    'once: created, ready',
    'fine: created, started',
  ]);
  const [fails, after, gone] = result.sessions;
  expect(fails).toMatchObject({ error: { code: 'SESSION_EXITED' }, screen_lines: ['the reason'] });
  expect(fails?.error?.message).toBe('it ended with the exit code 7 before it was ready');
  expect(after?.error?.message).toBe("'fails', which it depends on, is not ready");
  expect(gone?.error?.code).toBe('SPAWN_FAILED');
  expect(existsSync(join(pilotty.home, 'after'))).toBe(false);
  write(pilotty, { slow: { command: ['cat'], ready: { text: 'never', timeout: '50ms' } } });
  const late = await up(pilotty);
  expect(late.code).toBe(3);
  expect(late.sessions[0]?.error?.message).toContain('it was not ready after 0.05 s: still waiting for text');
});

test('what can be done about one that failed is said in the words of the file', async ({ pilotty }) => {
  const file = join(pilotty.home, 'pilotty.json');
  const cat = { command: ['cat'] };
  write(pilotty, {
    slow: { ...cat, ready: { settle: '1h', timeout: '50ms' } },
    piped: { ...cat, pipe: true, ready: { idle: '1h', timeout: '50ms' } },
    nowhere: { ...cat, directory: 'nowhere' },
    nodir: { ...cat, directory: 'pilotty.json' },
  });
  const [slow, piped, ...without] = (await up(pilotty)).sessions;
  expect(slow?.error).toEqual({
    code: 'TIMEOUT',
    message: 'it was not ready after 0.05 s: still waiting for settle',
    suggestion: `Give it longer: 'timeout' of its 'ready' in '${file}'; or look with 'pilotty snapshot -s slow -f text'.`,
  });
  expect(piped?.error?.message).toContain('still waiting for idle');
  expect(piped?.error?.message).not.toContain('idle_ms');
  expect(piped?.error?.suggestion).toContain("look with 'pilotty output -s piped'");
  for (const { error } of without)
    expect(error).toMatchObject({
      code: 'SPAWN_FAILED',
      suggestion: `Make the directory, or name another: 'directory' of the session in '${file}'.`,
    });
  expect(without).toHaveLength(2);
});

test('one that is between two runs of its restart policy is waited for, and what depends on it waits too', async ({
  pilotty,
}) => {
  // What its first run has printed is still there when that has ended.
  const command =
    'if [ -e ran ]; then until [ -e go ]; do sleep 0.05; done; fi; touch ran; echo up on 80; cat; exit 1';
  const sessions = (timeout: string, after: object = {}) => ({
    a: {
      ...{ command, pipe: true, restart: { mode: 'always', delay: '1h', max_delay: '1h' } },
      ready: { text: 'up on 80', timeout },
    },
    ...after,
  });
  write(pilotty, sessions('1m'));
  expect(inWords(await up(pilotty))).toEqual(['a: created, ready']);
  await pilotty.run('type', '-s', 'a', '--eof');
  await until('the end of its first run', async () => {
    const { restart_policy } = await pilotty.client.request('session.status', { session: 'a' });
    return restart_policy?.next_restart_at !== undefined;
  });
  const after = { after: { command: '[ -e go ] && echo gone on; cat', ready: 'gone on', depends_on: ['a'] } };
  write(pilotty, sessions('50ms', after));
  const late = await up(pilotty);
  expect(late.code).toBe(3);
  expect(inWords(late)).toEqual(['a: up_to_date, failed', 'after: none, skipped']);
  expect(late.sessions[0]?.error).toMatchObject({
    code: 'TIMEOUT',
    message: 'it was not ready after 0.05 s: it has ended, and is to be started again',
  });
  write(pilotty, sessions('1m', after));
  const waiting = pilotty.start('up', '--json');
  await pilotty.run('restart', '-s', 'a');
  writeFileSync(join(pilotty.home, 'go'), '');
  const answer = await waiting.answer;
  expect(answer.code).toBe(0);
  expect(inWords(answer.json())).toEqual(['a: up_to_date, ready', 'after: created, ready']);
});

test('what is wrong is refused with nothing done: the file, a name, a session that another has', async ({
  pilotty,
}) => {
  const good = { a: { command: ['cat'] } };
  const none = await pilotty.run('up');
  expect(none).toMatchObject({ code: 2 });
  expect(none.stderr).toContain('There is no pilotty.json');
  write(pilotty, {
    ...good,
    b: { command: ['cat'], depends_on: ['c'] },
    c: { command: ['cat'], depends_on: ['b'] },
  });
  const circle = await pilotty.run('up');
  expect(circle).toMatchObject({ code: 2 });
  expect(circle.stderr).toContain('depends on itself: b → c → b');
  write(pilotty, { ...good, taken: { command: ['cat'] } });
  await pilotty.spawn('taken', ['cat']);
  const collides = await pilotty.run('up');
  expect(JSON.parse(collides.stderr)).toMatchObject({ code: 'SESSION_EXISTS' });
  expect((await pilotty.run('up', 'b')).stderr).toContain("There is no session 'b'");
  expect((await pilotty.run('down', 'b')).code).toBe(2);
  expect(
    (await pilotty.client.request('session.list', { all: true })).sessions.map(({ name }) => name),
  ).toEqual(['taken']);
  write(pilotty, { ...good, taken: { command: ['cat'] } }, { prefix: 'mine-' });
  expect(inWords(await up(pilotty))).toEqual(['a: created, started', 'taken: created, started']);
  // A project of the same name in another directory has sessions of its own.
  const other = join(pilotty.home, 'other', 'inner');
  mkdirSync(other, { recursive: true });
  writeFileSync(join(pilotty.home, 'other', 'pilotty.jsonc'), JSON.stringify({ name: 'p', sessions: good }));
  const its = (await pilotty.run('up', { cwd: other })).json();
  expect(its).toMatchObject({ ok: true, file: join(pilotty.home, 'other', 'pilotty.jsonc') });
  expect((await pilotty.run('down', { cwd: other })).json().sessions).toMatchObject([{ session: 'a' }]);
  const { sessions } = await pilotty.client.request('session.list', {});
  // What does not depend on each other is started at the same time.
  expect(sessions.map(({ name }) => name).sort()).toEqual(['mine-a', 'mine-taken', 'taken']);
});

test('a condition that cannot be waited for is a mistake in the file, and nothing is started', async ({
  pilotty,
}) => {
  const cat = { command: ['cat'] };
  const terminal = {
    ...{ gone: 'x', gone_regex: 'x', settle: '1s', prompt: true, reads: true, title: 'x', bell: true },
  };
  write(pilotty, {
    fine: cat,
    a: { ...cat, ready: { regex: ['fine', '('] } },
    b: { ...cat, ready: { gone_regex: '[' }, depends_on: ['fine'] },
    ...Object.fromEntries(
      Object.entries(terminal).map(([name, value]) => [
        name,
        { ...cat, pipe: true, ready: { [name]: value } },
      ]),
    ),
    // They need none.
    piped: { ...cat, pipe: true, ready: { text: 'x', regex: 'x', idle: '1s', exit: 0, any: true } },
  });
  for (const words of [['up'], ['up', '--dry-run']]) {
    const refused = await pilotty.run(...words);
    expect(refused.code).toBe(2);
    const { mistakes } = JSON.parse(refused.stderr).details;
    expect(mistakes.map(({ path }: { path: string }) => path)).toEqual([
      'sessions.a.ready.regex.1',
      'sessions.b.ready.gone_regex',
      ...Object.keys(terminal).map((name) => `sessions.${name}.ready.${name}`),
    ]);
    expect(mistakes[0]).toMatchObject({ line: 1, message: expect.stringContaining('does not compile') });
    expect(mistakes[2].message).toBe('needs a terminal, which pipe leaves out');
  }
  expect((await pilotty.client.request('session.list', { all: true })).sessions).toEqual([]);
});

test('what does not wait for conditions does not ask for them: ps says that they are not met, down ends what runs', async ({
  pilotty,
}) => {
  const a = { command: ['cat'] };
  write(pilotty, { a, b: a });
  await up(pilotty);
  write(pilotty, { a: { ...a, ready: { regex: '(' } }, b: a });
  expect((await pilotty.run('up')).code).toBe(2);
  expect((await pilotty.run('ps')).json().sessions).toMatchObject([
    { key: 'a', state: 'running', ready: false },
    { key: 'b', state: 'running' },
  ]);
  expect((await pilotty.run('tail')).code).toBe(0);
  expect((await pilotty.run('down')).json().sessions).toHaveLength(2);
});

test('what runs of a directory that was moved is named by ps and down, with what ends it', async ({
  pilotty,
}) => {
  const [before, after] = ['shop', 'moved'].map((name) => join(pilotty.home, name)) as [string, string];
  mkdirSync(before);
  // Its name is that of the directory.
  writeFileSync(
    join(before, 'pilotty.json'),
    JSON.stringify({ prefix: 'my-', sessions: { uno: { command: ['cat'] } } }),
  );
  const ofAnother = join(pilotty.home, 'other');
  mkdirSync(ofAnother);
  writeFileSync(
    join(ofAnother, 'pilotty.json'),
    JSON.stringify({ name: 'moved', sessions: { due: { command: ['cat'] } } }),
  );
  for (const cwd of [before, ofAnother]) expect((await pilotty.run('up', { cwd })).code).toBe(0);
  renameSync(before, after);
  const left = { session: 'my-uno', project: 'shop', file: join(before, 'pilotty.json') };
  for (const [word, sessions] of [
    ['ps', [{ state: 'not_started' }]],
    ['down', []],
  ] as const) {
    const answer = await pilotty.run(word, { cwd: after });
    expect(answer.json()).toMatchObject({ sessions, left_behind: [left] });
    expect(answer.stderr).toBe(
      `my-uno: runs, of the project 'shop' of '${left.file}', which is gone; end it with 'pilotty kill -s my-uno'\n`,
    );
  }
  await pilotty.run('kill', '-s', 'my-uno');
  for (const word of ['ps', 'down']) {
    const answer = await pilotty.run(word, { cwd: after });
    expect(answer.stderr).toBe('');
    expect(answer.json()).not.toHaveProperty('left_behind');
  }
});

test('one that was renamed is named as it is called now, and by the file once it is started anew', async ({
  pilotty,
}) => {
  const done = { command: 'read -r line', ready: { exit: 0 } };
  write(pilotty, { runs: { command: ['cat'] }, done });
  const first = pilotty.start('up', '--json');
  await until('both', async () => (await pilotty.client.request('session.list', {})).sessions.length === 2);
  await pilotty.run('rename', '-s', 'runs', 'zed');
  await pilotty.run('rename', '-s', 'done', 'over');
  await pilotty.run('type', '-s', 'over', '--enter', 'x');
  expect((await first.answer).code).toBe(0);
  const names = async (...words: string[]) =>
    (await pilotty.run(...words)).json().sessions.map(({ session }: Outcome) => session);
  expect(await names('ps')).toEqual(['zed', 'over']);
  expect(await names('up', '--dry-run')).toEqual(['zed', 'over']);
  expect(await names('up')).toEqual(['zed', 'over']);
  expect(await names('up', '--recreate', 'runs')).toEqual(['runs']);
});

test('a project that was renamed has the tag of its new name: what runs is started anew, and no more', async ({
  pilotty,
}) => {
  const sessions = { uno: { command: ['cat'] }, due: { command: ['cat'], tags: ['mine'] } };
  write(pilotty, sessions, { name: 'aaa' });
  await up(pilotty);
  write(pilotty, sessions, { name: 'bbb' });
  const renamed = await up(pilotty);
  expect(inWords(renamed)).toEqual(['uno: recreated, started', 'due: recreated, started']);
  expect(renamed.sessions.map(({ because }) => because)).toEqual([['tags'], ['tags']]);
  const { sessions: listed } = await pilotty.client.request('session.list', {});
  expect(listed.map(({ name, tags, project }) => [name, tags, project?.name])).toEqual([
    ['uno', ['project=bbb'], 'bbb'],
    ['due', ['project=bbb', 'mine'], 'bbb'],
  ]);
  expect(inWords(await up(pilotty))).toEqual(['uno: up_to_date, started', 'due: up_to_date, started']);
});

test('one that is no longer in the file is named, and ended when that is asked for, or by down', async ({
  pilotty,
}) => {
  const [a, b] = [{ command: ['cat'] }, { command: ['cat'] }];
  write(pilotty, { a, b });
  await up(pilotty);
  write(pilotty, { a });
  expect((await pilotty.run('up')).json()).toMatchObject({
    ok: true,
    orphans: [{ session: 'b' }],
    removed: [],
  });
  expect((await pilotty.run('ps')).json().sessions).toMatchObject([{ key: 'a' }, { key: 'b', orphan: true }]);
  const removed = (await pilotty.run('up', '--remove-orphans')).json();
  expect(removed).toMatchObject({ orphans: [], removed: [{ session: 'b' }] });
  write(pilotty, { a, b });
  await up(pilotty);
  write(pilotty, { a });
  const ended = (await pilotty.run('down')).json();
  expect(ended.sessions.map(({ session }: { session: string }) => session).sort()).toEqual(['a', 'b']);
});

test('up --watch starts anew what a change of the file or of a file of variables changes, and nothing for a mistake', async ({
  pilotty,
}) => {
  const variables = join(pilotty.home, 'x.env');
  writeFileSync(variables, 'N=1\n');
  const shows = (text: string) => ({ command: `echo ${text} $N; exec cat`, ready: text });
  write(pilotty, { a: { ...shows('one'), env_file: 'x.env' }, b: { command: ['cat'] } });
  const watching = pilotty.start('up', '--watch', '--json');
  const rounds = () =>
    watching
      .stdout()
      .split('\n')
      .slice(0, -1)
      .map((line) => inWords(JSON.parse(line) as { sessions: Outcome[] }).join('; '));
  const round = (expected: string) =>
    until(`'${expected}'`, () => rounds().includes(expected), { lastSeen: () => watching.stdout() });
  await round('a: created, ready; b: created, started');
  writeFileSync(join(pilotty.home, 'pilotty.json'), '{ "sessions": ');
  write(pilotty, { a: { ...shows('two'), env_file: 'x.env' }, b: { command: ['cat'] } });
  await round('a: recreated, ready; b: up_to_date, started');
  await pilotty.untilShown('two 1', 'a');
  writeFileSync(variables, 'N=5\n');
  await until('the new variable', async () => {
    const shown = await pilotty.run('snapshot', '-s', 'a', '-f', 'text');
    return shown.stdout.includes('two 5');
  });
  watching.child.kill('SIGINT');
  await watching.answer;
  // They are the daemon's.
  expect((await pilotty.client.request('session.list', {})).sessions).toHaveLength(2);
});

test('up --watch waits for nothing that a change has made another: mended, broken, removed, restored, named', async ({
  pilotty,
}) => {
  const file = join(pilotty.home, 'pilotty.json');
  // One in a directory above is another project.
  writeFileSync(join(pilotty.directory, 'pilotty.json'), JSON.stringify({ sessions: {} }));
  const shows = (ready: string, more: object = {}) => ({ command: 'echo one; exec cat', ready, ...more });
  const b = { command: ['cat'] };
  write(pilotty, { a: shows('one') });
  const watching = pilotty.start('up', '--watch', '--json');
  const rounds = () =>
    watching
      .stdout()
      .split('\n')
      .slice(0, -1)
      .map((line) => inWords(JSON.parse(line)).join('; '));
  const round = (expected: string) =>
    until(`'${expected}'`, () => rounds().includes(expected), { lastSeen: () => watching.stdout() });
  const told = (words: string) =>
    until(`'${words}'`, () => watching.stderr().includes(words), { lastSeen: () => watching.stderr() });
  await round('a: created, ready');
  const c = { ...b, depends_on: ['a'] };
  write(pilotty, { a: shows('mistyped'), b, c });
  const isListed = async () =>
    (await pilotty.client.request('session.list', {})).sessions.some(({ name }) => name === 'b');
  await until('the next round', isListed);
  writeFileSync(file, '{ "sessions": ');
  await told('this is not JSON');
  await round('a: up_to_date, skipped; b: created, started; c: none, skipped');
  rmSync(file);
  await told('There is no project file');
  write(pilotty, { a: shows('one'), b });
  await round('a: up_to_date, ready; b: up_to_date, started');
  write(pilotty, { a: shows('one', { env_file: 'late.env' }), b });
  await told('late.env');
  writeFileSync(join(pilotty.home, 'late.env'), 'N=1');
  await round('a: recreated, ready; b: up_to_date, started');
  watching.child.kill('SIGINT');
  await watching.answer;
});

test('tail --follow has what is printed, by sessions that start later too, until none runs', async ({
  pilotty,
}) => {
  write(pilotty, { a: { command: 'echo first; exec cat' }, b: { command: 'echo second; exec cat' } });
  await up(pilotty, 'a');
  const following = pilotty.start('tail', '-f', '--json');
  const lines = () => following.stdout();
  await until('the first line', () => lines().includes('"text":"first"'));
  await up(pilotty, 'b');
  await until(
    'a line of the other',
    () => lines().includes('"key":"b"') && lines().includes('"text":"second"'),
  );
  await pilotty.run('down');
  expect((await following.answer).code).toBe(0);
});
