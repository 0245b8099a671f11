/** Every condition: when it holds, when it does not, alone and together. */
import { expect } from 'vitest';
import type { Params } from '../../packages/client/src/index.ts';
import { type Pilotty, test } from '../harness/pilotty.ts';
import { needs } from '../harness/programs.ts';

type Wait = Params<'session.wait'>;

/** A program that does what it is told, a line at a time, without an echo. */
const OBEYS = 'stty -echo; printf ready; while read -r line; do eval "$line"; done';

async function obedient(pilotty: Pilotty): Promise<string> {
  const session = await pilotty.spawn('told', ['sh', '-c', OBEYS]);
  await pilotty.client.request('session.wait', { session, text: 'ready' });
  return session;
}

test.for<[string, Omit<Wait, 'session'>, string, object]>([
  ['a text', { text: 'hello' }, 'echo; echo hello', { outcome: 'matched', match: { row: 1, col: 0 } }],
  ['each of several texts', { text: ['one', 'two'] }, 'echo two one', { outcome: 'matched' }],
  ['one of several texts', { text: ['one', 'two'], any: true }, 'echo two', { match: { text: 'two' } }],
  ['an expression', { regex: 'r(.)d$' }, 'echo; echo red', { match: { text: 'red', groups: ['e'] } }],
  ['a text that goes', { gone: 'ready' }, 'clear', { outcome: 'matched', held: ['gone'] }],
  ['an expression that no longer matches', { gone_regex: 're.dy' }, 'clear', { held: ['gone_regex'] }],
  ['a change', { change: true }, 'printf x', { outcome: 'matched', held: ['change'] }],
  ['a title', { title: 'half way' }, "printf '\\033]2;half way there\\007'", { outcome: 'matched' }],
  ['a bell', { bell: true }, "printf '\\007'", { outcome: 'matched', held: ['bell'] }],
  [
    'a command that ended',
    { command_finished: true },
    "printf '\\033]133;C\\007\\033]133;D;1\\007'",
    { outcome: 'matched' },
  ],
  ['a prompt that says it is one', { prompt: true }, "printf '\\033]133;A\\007in>'", { held: ['prompt'] }],
  ['a prompt that looks like one', { prompt: true }, "printf '\\nName: '", { held: ['prompt'] }],
  ['a place of the cursor', { cursor: { row: 3, col: 7 } }, "printf '\\033[4;8H'", { held: ['cursor'] }],
  ['a row of the cursor', { cursor: { row: 3 } }, "printf '\\033[4;9H'", { held: ['cursor'] }],
  ['the end', { exit: true }, 'exit 3', { outcome: 'exited', holds: true, exit: { exit_code: 3 } }],
  ['stillness', { settle_ms: 300 }, 'printf x', { outcome: 'settled', holds: true }],
  ['silence', { idle_ms: 300 }, 'printf x', { outcome: 'idle', holds: true }],
  [
    'a text and the end',
    { text: 'bye', exit: true },
    'echo bye; exit',
    { outcome: 'exited', match: { text: 'bye' } },
  ],
])('%s', async ([, wait, told, expected], { pilotty }) => {
  const session = await obedient(pilotty);
  const { client } = pilotty;
  // Asked before it is so, and asked again once it is.
  const waiting = client.request('session.wait', { session, ...wait });
  const acted = await client.request('session.type', { session, text: `${told}\n`, wait });
  expect(acted.wait).toMatchObject({ holds: true, ...expected });
  expect(await waiting).toMatchObject({ holds: true, missing: wait.any ? expect.anything() : [] });
});

test.for<[string, Omit<Wait, 'session'>, string[]]>([
  ['together', { text: 'ready', title: 'never' }, ['title']],
  ['a change that does not come', { change: true }, ['change']],
  ['a bell that rang before the last input', { bell: true }, ['bell']],
  ['a cursor elsewhere', { cursor: { row: 20, col: 1 } }, ['cursor']],
  ['a prompt that is none', { prompt: true }, ['prompt']],
])('a deadline says what is missing: %s', async ([, wait, missing], { pilotty }) => {
  const session = await obedient(pilotty);
  const { client } = pilotty;
  await client.request('session.type', { session, text: "printf '\\007'\n", wait: { bell: true } });
  await client.request('session.type', { session, text: ':\n', wait: { settle_ms: 50 } });
  const result = await client.request('session.wait', { session, ...wait, timeout_ms: 50 });
  expect(result).toMatchObject({ outcome: 'deadline', holds: false, missing, note: expect.any(String) });
});

test.for<[string, Omit<Wait, 'session'>, string[], string]>([
  ['texts', { text: ['ready', 'never'] }, ['text'], 'waiting for "never".'],
  ['expressions', { regex: ['re.dy', 'ne.er'] }, ['regex'], 'waiting for /ne.er/.'],
  ['texts that go', { gone: ['never', 'ready'] }, ['gone'], 'waiting for a screen without "ready".'],
  [
    'expressions that match no more',
    { gone_regex: ['ne.er', 're.dy'], text: ['ready'] },
    ['gone_regex'],
    'waiting for a screen without /re.dy/.',
  ],
  [
    'texts, of which one is enough',
    { text: ['never', 'nowhere'], any: true },
    ['text'],
    'waiting for "never" or "nowhere".',
  ],
])('of two %s the one that is missing is said', async ([, wait, missing, note], { pilotty }) => {
  const session = await obedient(pilotty);
  const answer = await pilotty.client.request('session.wait', { session, ...wait, timeout_ms: 100 });
  expect(answer).toMatchObject({ outcome: 'deadline', missing, note: expect.stringContaining(note) });
  expect(answer.held).toEqual('gone_regex' in wait ? ['text'] : []);
});

test('of a session that shows one of two texts it is said that it waits', async ({ pilotty }) => {
  const { client } = pilotty;
  const wait = { text: ['one', 'two'], tags: ['ci'], timeout_ms: 300 };
  await pilotty.spawn('both', ['sh', '-c', 'echo one; echo two; exec cat'], { tags: ['ci'] });
  await pilotty.spawn('half', ['sh', '-c', 'stty -echo; echo one; exec cat'], { tags: ['ci'] });
  await client.request('session.wait', { session: 'half', text: 'one' });
  await client.request('session.wait', { session: 'both', text: 'two' });
  const all = await client.request('sessions.wait', { ...wait, all: true });
  expect(all).toMatchObject({ outcome: 'deadline', waiting: [{ session: 'half' }], remaining: 1 });
  const { event_cursor: after } = await client.request('sessions.wait', wait);
  // It has had the other, and shows its second text later.
  const none = await client.request('sessions.wait', { ...wait, after });
  expect(none).toMatchObject({ outcome: 'deadline', ready: [] });
  expect(none.waiting.map(({ session }) => session)).toEqual(['both', 'half']);
  const waiting = client.request('sessions.wait', { ...wait, timeout_ms: 20_000, after });
  await client.request('session.type', { session: 'half', text: 'two', enter: true });
  expect(await waiting).toMatchObject({ outcome: 'matched', ready: [{ session: 'half' }] });
});

test('a hash and a revision seen before are what a change is against', async ({ pilotty }) => {
  const session = await obedient(pilotty);
  const { client } = pilotty;
  const { content_hash, revision } = await client.request('session.snapshot', { session });
  const waits = [content_hash, revision].map((change) => client.request('session.wait', { session, change }));
  await client.request('session.type', { session, text: 'printf x\n' });
  expect(await Promise.all(waits)).toMatchObject([{ holds: true }, { holds: true }]);
});

test('a prompt at which a line was sent off is not the one after it', async ({ pilotty }) => {
  needs('bash');
  const { client } = pilotty;
  const session = await pilotty.spawn('shell', ['bash', '--norc', '--noprofile']);
  await client.request('session.wait', { session, prompt: true });
  const { wait, screen } = await client.request('session.type', {
    session,
    text: 'read -t 0.4 x; echo over',
    enter: true,
    wait: { prompt: true },
    snapshot: {},
  });
  expect(wait?.outcome).toBe('matched');
  expect(screen?.text).toContain('\nover\n');
});

test.runIf(process.platform === 'linux')(
  'what only looks like a prompt is none while nobody reads',
  async ({ pilotty }) => {
    needs('bash');
    const { client } = pilotty;
    const session = await pilotty.spawn('shell', ['bash']);
    await client.request('session.wait', { session, prompt: true });
    const { wait, screen } = await client.request('session.type', {
      session,
      text: `printf 'Progress: 45%%'; sleep 1; printf '\\nName: '; read name`,
      enter: true,
      wait: { prompt: true },
      snapshot: {},
    });
    expect([wait?.outcome, screen?.text?.split('\n').at(-1)]).toEqual(['matched', 'Name:']);
  },
);

test('an end that was not waited for is told as one, with exit code 4', async ({ pilotty }) => {
  await pilotty.run('spawn', 'sh', '-c', 'read x; exit 7');
  const waiting = pilotty.start('wait', '--text', 'never', '--idle', '1h');
  await pilotty.run('type', '--enter', '');
  const { code, json } = await waiting.answer.then((answer) => ({ code: answer.code, json: answer.json() }));
  expect(code).toBe(4);
  expect(json).toMatchObject({ outcome: 'exited', holds: false, exit: { exit_code: 7 } });
});

test('an expression that does not compile is refused before anything is sent', async ({ pilotty }) => {
  const session = await obedient(pilotty);
  const refused = await pilotty.run('type', '-s', session, 'echo sent', '--enter', '--wait-regex', '(');
  expect(refused.error()).toMatchObject({
    code: 'INVALID_INPUT',
    message: expect.stringContaining('does not compile'),
  });
  const { seq } = await pilotty.client.request('session.status', { session });
  await pilotty.client.request('session.snapshot', { session, settle_ms: 50 });
  expect((await pilotty.client.request('session.status', { session })).seq).toBe(seq);
});

test.runIf(process.platform === 'linux')(
  'a program that reads, and one that asks for a password, are told by the kernel',
  async ({ pilotty }) => {
    needs('python3');
    const { client } = pilotty;
    const getpass =
      'import getpass, time; input("go> "); time.sleep(0.4); getpass.getpass("Secret: "); input("more> ")';
    const session = await pilotty.spawn('asks', ['python3', '-c', getpass]);
    await client.request('session.wait', { session, text: 'go> ', reads: true });
    // While it sleeps it neither reads nor asks.
    const early = await client.request('session.wait', { session, password: true, timeout_ms: 300 });
    expect(early).toMatchObject({ outcome: 'deadline', missing: ['password'] });
    const asked = await pilotty.run(
      'type',
      '-s',
      'asks',
      '',
      '--enter',
      '--wait-password',
      '--snapshot',
      'text',
    );
    expect(asked.json()).toMatchObject({
      wait: { held: ['password'] },
      screen: { text: expect.stringMatching(/Secret:/) },
    });
    const read = await pilotty.run(
      'type',
      '-s',
      'asks',
      'x',
      '--enter',
      '--wait-reads',
      '--snapshot',
      'text',
    );
    expect(read.json()).toMatchObject({
      wait: { held: ['reads'] },
      screen: { text: expect.stringMatching(/more> /) },
    });
  },
);

test.runIf(process.platform === 'linux')(
  'programs that poll, select or epoll for input read as well, others that wait do not',
  async ({ pilotty }) => {
    const { client } = pilotty;
    const programs: [string, string[], boolean][] = [
      ['bash', ['bash', '--norc'], true],
      ['zsh', ['zsh', '-f'], true],
      ['node', ['node'], true],
      ['vim', ['vim', '-u', 'NONE', '-i', 'NONE'], true],
      ['cat', ['cat'], true],
      ['sleep', ['sleep', '1000'], false],
      ['tail', ['tail', '-f', '/etc/passwd'], false],
      ['select', ['python3', '-c', 'import select, os; select.select([os.pipe()[0]], [], [])'], false],
    ];
    const answers = programs.map(async ([name, argv, reads]) => {
      needs(argv[0] as string);
      await pilotty.spawn(name, argv);
      const { holds } = await client.request('session.wait', {
        session: name,
        reads: true,
        timeout_ms: reads ? 20_000 : 1000,
      });
      return [name, holds];
    });
    expect(await Promise.all(answers)).toEqual(programs.map(([name, , reads]) => [name, reads]));
  },
);
